// Keeps an open page up to date: see live.go. After each update the document gets
// the event "kith:update", for scripts that prepared the page or know what is on
// others; what they added stays if it is marked data-live="keep".
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  let version = own.version; // "WHAT-CANNOT-BE-PATCHED UPDATE"
  let tag = own.tag;
  let newest = version;
  let busy = false;
  let missing = false; // there is no page here
  const furnish = (version) => version.split(" ")[0];
  const count = (version) => Number(version.split(" ")[1]);

  // What the reader did to the page is theirs.
  const theirs = /^(DETAILS open|DIALOG open|INPUT (value|checked)|OPTION selected|TEXTAREA value)$/;
  const kept = (node) => node.dataset?.live === "keep";
  const options = {
    ignoreActiveValue: true,
    callbacks: {
      beforeAttributeUpdated: (name, node) => node !== document.body && !theirs.test(node.nodeName + " " + name),
      beforeNodeRemoved: (node) => !kept(node),
      beforeNodeMorphed(old, fresh) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true;
        if (kept(old) || old.isEqualNode(fresh)) return false;
        if (old.childNodes.length + fresh.childNodes.length < 100 && !Array.from(fresh.children).some(same)) return true;
        align(old, fresh);
        return false;
      },
    },
  };

  // Rows that are as they were may have been left out of a page: see delta.go.
  const same = (node) => node.dataset?.same;
  const parts = (node) =>
    same(node)?.split(" ").flatMap((contact, i) => [...(i ? [new Text("\n")] : []), { dataset: { contact }, as: node }]) ?? node;

  // align patches a long list. Idiomorph compares each row with each other one;
  // with thousands of rows, which say whose they are, that is not needed.
  function align(list, fresh) {
    for (const { name, value } of fresh.attributes) {
      if (list.getAttribute(name) !== value) list.setAttribute(name, value);
    }
    for (const { name } of [...list.attributes]) {
      if (!fresh.hasAttribute(name)) list.removeAttribute(name);
    }
    const key = (node) => node.dataset?.contact || node.id || "";
    const rows = new Map();
    for (const row of list.children) if (key(row)) rows.set(key(row), row);
    const wanted = Array.from(fresh.childNodes).flatMap(parts);
    const stay = new Set(wanted.map(key));
    for (const row of [...list.children]) {
      if (!stay.has(key(row)) && !kept(row)) row.remove();
    }

    let at = list.firstChild; // everything before it is done
    for (const next of wanted) {
      const name = key(next);
      let row = null;
      if (name) {
        row = rows.get(name);
        rows.delete(name);
      } else if (at && at.nodeName === next.nodeName && !key(at)) {
        row = at;
      }
      if (!row) {
        list.insertBefore(document.importNode(next.as ?? next, true), at);
        continue;
      }
      if (row !== at && at?.nextElementSibling === row) {
        // It is not this row that moved, but the one before it.
        while (at !== row) {
          const moved = at;
          at = at.nextSibling;
          if (!kept(moved)) moved.remove();
        }
      }
      if (row === at) at = at.nextSibling;
      else list.insertBefore(row, at);
      if (!next.as && !row.isEqualNode(next)) {
        if (row.nodeType === Node.ELEMENT_NODE) Idiomorph.morph(row, next, options);
        else row.nodeValue = next.nodeValue;
      }
    }
    while (at) {
      const rest = at;
      at = at.nextSibling;
      if (!kept(rest)) rest.remove();
    }
  }

  function patch(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const focus = document.activeElement;
    document.title = fresh.title;
    Idiomorph.morph(document.body, fresh.body, options);
    if (focus !== document.activeElement && focus?.isConnected) focus.focus({ preventScroll: true });
  }

  const ask = () => fetch(location.href, { cache: "no-store", headers: { "If-None-Match": tag, "A-IM": "kith-rows" } });

  async function update() {
    if (busy) return; // and look again when done
    busy = true;
    try {
      while (version !== newest) {
        let answer = await ask();
        if (answer.status === 404 && !missing) {
          // Some editors remove a file to write it anew.
          await new Promise((done) => setTimeout(done, 300));
          answer = await ask();
        }
        missing = answer.status === 404;
        const now = answer.headers.get("Kith-Version");
        if (!now) return; // no page: what there is must do
        if (answer.status !== 304) {
          const html = await answer.text();
          tag = answer.headers.get("ETag");
          patch(html);
          if (document.querySelector("[data-same]")) {
            tag = ""; // something was moved here meanwhile: the whole page is needed
            continue;
          }
        }
        if (furnish(now) !== furnish(version)) return location.reload();
        version = now;
        document.dispatchEvent(new Event("kith:update"));
        if (count(version) > count(newest)) newest = version; // the stream has yet to say so
      }
    } catch {
      // The server is away. When it is back it tells its version.
    } finally {
      busy = false;
    }
  }

  let stream = null;
  let pause = 250;
  let timer = 0;
  function connect() {
    clearTimeout(timer);
    if (stream || document.hidden) return;
    stream = new EventSource("/_kith/events");
    stream.onmessage = (event) => {
      pause = 250;
      newest = event.data;
      if (furnish(newest) !== furnish(version)) location.reload();
      else update();
    };
    stream.onerror = () => {
      disconnect();
      timer = setTimeout(connect, pause);
      pause = Math.min(2 * pause, 10000);
    };
  }
  function disconnect() {
    clearTimeout(timer);
    stream?.close();
    stream = null;
  }
  // Browsers allow six connections to a server; those in the background wait.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  connect();
})();
