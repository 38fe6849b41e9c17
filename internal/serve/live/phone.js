// What a page has on another machine than that of the journal: a way to lock it and,
// where the browser allows that, what was last seen of it without a network.
(async () => {
  "use strict";
  const lock = document.createElement("p");
  lock.dataset.live = "keep";
  const link = document.createElement("a");
  link.href = "/_kith/leave";
  link.textContent = "Lock";
  lock.append(link);
  (document.querySelector("footer") ?? document.body).append(lock);

  const workers = navigator.serviceWorker;
  if (!workers) return; // over plain HTTP
  await workers.register("/_kith/offline.js", { scope: "/" });
  if (workers.controller) return;
  await new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
  // The first page was there before its keeper.
  const parts = document.querySelectorAll("link[href], script[src], img[src]");
  for (const address of [location.href, ...Array.from(parts, (e) => e.href ?? e.src)]) await fetch(address);
})().catch(() => {}); // without it the page is the same
