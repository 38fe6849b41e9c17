// Keeps what was last seen of a site that is read from another machine, to show it where
// there is no network. It goes when the session ends: see login.go.
"use strict";
const seen = "kith";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const at = new URL(request.url);
  if (request.method !== "GET" || at.origin !== location.origin || at.pathname === "/_kith/events" || at.pathname === "/_kith/leave") return;
  event.respondWith(answer(request));
});

async function answer(request) {
  let response;
  try {
    response = await fetch(request);
  } catch {
    const cache = await caches.open(seen);
    return (await cache.match(request.url)) ?? new Response("There is no network, and this was not seen before.", { status: 503 });
  }
  if (response.status === 401) await caches.delete(seen);
  else if (response.status === 200 && response.type === "basic") await (await caches.open(seen)).put(request.url, response.clone());
  return response;
}
