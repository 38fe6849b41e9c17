// Keeps an open page up to date: see live.go. After each update the document gets
// the event "kith:update", for scripts that prepared the page or know what is on
// others; what they added stays if it is marked data-live="keep". Scroll, focus, and
// what is open or selected stay as they are.
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
  // What stands for somebody never comes to stand for somebody else, or a row could
  // show parts of two people.
  const key = (node) => node.dataset?.contact || node.dataset?.task || node.id || "";
  const options = {
    callbacks: {
      beforeAttributeUpdated: (name, node) => node !== document.body && !theirs.test(node.nodeName + " " + name),
      beforeNodeRemoved: (node) => !kept(node),
      beforeNodeMorphed(old, fresh) {
        if (old.nodeType !== Node.ELEMENT_NODE) return true;
        if (kept(old) || old.isEqualNode(fresh)) return false;
        if (key(old) !== key(fresh)) {
          old.replaceWith(document.importNode(fresh, true));
          return false;
        }
        const children = [...old.children, ...fresh.children];
        if (children.length < 100 && !children.some(key) && !Array.from(fresh.children).some(same)) return true;
        align(old, fresh);
        return false;
      },
    },
  };

  // Rows that are as they were may have been left out of a page: see delta.go.
  const same = (node) => node.dataset?.same;
  const parts = (node) =>
    same(node)?.split(" ").flatMap((contact, i) => [...(i ? [new Text("\n")] : []), { dataset: { contact }, as: node }]) ?? node;

  // align patches a list whose rows say whose they are, or one that is long: Idiomorph
  // takes rows that look alike for one another, and compares each with each.
  function align(list, fresh) {
    for (const { name, value } of fresh.attributes) {
      if (list.getAttribute(name) !== value) list.setAttribute(name, value);
    }
    for (const { name } of [...list.attributes]) {
      if (!fresh.hasAttribute(name)) list.removeAttribute(name);
    }
    const rows = new Map(); // by their key, of which there may be several
    for (const row of list.children) if (key(row)) rows.set(key(row), [...(rows.get(key(row)) ?? []), row]);
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
        row = rows.get(name)?.shift();
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

  // What is being read: the blocks in view, those in the middle of it first, what they
  // say, and where.
  function reading() {
    const blocks = [];
    for (const block of document.querySelectorAll("main :is(h1, h2, h3, p, li, tr, dt, dd)")) {
      const { top, bottom, height } = block.getBoundingClientRect();
      if (top > innerHeight) break;
      if (height && bottom > 0 && block.checkVisibility()) blocks.push({ block, top, text: block.textContent });
    }
    const off = ({ top }) => Math.abs(top - innerHeight / 2);
    return blocks.sort((a, b) => off(a) - off(b));
  }

  // stay scrolls so that the first of these that is still there stands where it did.
  function stay(blocks) {
    const places = new Map(); // where each text is now
    for (const block of document.querySelectorAll("main :is(h1, h2, h3, p, li, tr, dt, dd)")) {
      places.set(block.textContent, [...(places.get(block.textContent) ?? []), block]);
    }
    for (const { block, top, text } of blocks) {
      const same = places.get(text);
      const now = !same ? null : same.includes(block) ? block : same.length === 1 ? same[0] : null;
      if (!now) continue;
      scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
      return;
    }
  }

  // focusOn gives the focus back: to what has it, or to what now leads where it led.
  function focusOn(was, person) {
    if (!was || was === document.body || was === document.activeElement) return;
    if (!was.isConnected) {
      const alike = [...document.querySelectorAll(was.localName)].filter((e) =>
        e.getAttribute("href") === was.getAttribute("href") && e.textContent === was.textContent);
      was = alike.find((e) => person && e.closest("[data-contact]")?.dataset.contact === person) ?? alike[0];
    }
    was?.focus({ preventScroll: true });
  }

  // patch makes the page what the server has; false says that it has rows yet to come.
  function patch(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const focus = document.activeElement;
    const person = focus?.closest("[data-contact]")?.dataset.contact;
    const blocks = scrollY ? reading() : [];
    const { style } = document.documentElement;
    style.overflowAnchor = "none"; // the browser would move the page, too
    document.title = fresh.title;
    Idiomorph.morph(document.body, fresh.body, options);
    focusOn(focus, person);
    const whole = !document.querySelector("[data-same]"); // else something was moved here meanwhile
    if (whole) tell();
    stay(blocks);
    requestAnimationFrame(() => (style.overflowAnchor = ""));
    return whole;
  }

  const tell = () => document.dispatchEvent(new Event("kith:update"));
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
          if (!patch(html)) {
            tag = ""; // the whole page is needed
            continue;
          }
        }
        if (furnish(now) !== furnish(version)) return location.reload();
        version = now;
        if (answer.status === 304) tell();
        if (count(version) > count(newest)) newest = version; // the stream has yet to say so
      }
    } catch {
      // The server is away. When it is back it tells its version.
    } finally {
      busy = false;
    }
  }

  function hear(told) {
    newest = told;
    if (furnish(newest) !== furnish(version)) location.reload();
    else update();
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
      others?.postMessage(event.data);
      hear(event.data);
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

  // Browsers allow six connections to a server, so the tabs share one stream: that of
  // the tab which has the lock, as long as it can be seen. One that comes asks what is
  // the newest. Where there are no locks, as over plain HTTP from another machine,
  // each tab that can be seen has a stream of its own.
  const others = navigator.locks && new BroadcastChannel("kith");
  let leave = null; // gives up the lock, or the wait for it
  function join() {
    if (document.hidden || leave) return;
    if (!others) return connect();
    const waiting = new AbortController();
    leave = () => waiting.abort();
    const lead = () =>
      new Promise((done) => {
        leave = () => {
          disconnect();
          done();
        };
        connect();
      });
    navigator.locks.request("kith", { signal: waiting.signal }, lead).catch(() => {}); // it was given up
    others.postMessage("");
  }
  function part() {
    leave?.();
    leave = null;
    disconnect();
  }
  if (others) {
    others.onmessage = ({ data }) => {
      if (data) hear(data);
      else if (stream) others.postMessage(newest);
    };
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? part() : join()));
  join();
})();
