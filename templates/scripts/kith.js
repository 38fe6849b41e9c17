// What pages can do beside being read: they age, and they have keys. The search
// box is made here; what finds things is loaded when it is first used, from
// scripts/later. All pages are whole without this.
(() => {
  "use strict";
  // Pages of a sealed site have no address: what shows them says where they are.
  const { sealed } = window;
  const location = sealed?.location ?? window.location;
  const root = new URL(sealed?.root ?? new URL("..", document.currentScript.src));

  // kith is what the site's scripts share, those of the search index among them.
  const kith = (window.kith = {
    root,
    // load runs a script of the site, which can see for whom. There is no fetch for
    // files on a disk.
    load: sealed?.load ?? ((path, owner) =>
      new Promise((onload, onerror) => {
        const script = Object.assign(document.createElement("script"), { src: new URL(path, root), owner, onload, onerror });
        document.head.append(script);
      })),
  });

  // make makes an element, which has attributes and children.
  kith.make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /* The truth ages well */

  // Days are counted from 1970.
  const dayOf = (date) => Date.parse(date) / 864e5;
  const today = () => {
    const now = new Date();
    return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 864e5;
  };

  // span and when say days as due.Span and due.When do.
  const count = (n, unit) => n + " " + unit + (n === 1 ? "" : "s");
  kith.span = (days) =>
    days < 14 ? count(days, "day")
    : days < 60 ? count(Math.floor(days / 7), "week")
    : days < 730 ? count(Math.floor((days * 100 + 1521) / 3044), "month")
    : count(Math.floor((days * 4 + 730) / 1461), "year");
  kith.when = (now, day) => {
    const n = day - now;
    return n < -1 ? kith.span(-n) + " ago" : n > 1 ? "in " + kith.span(n) : ["yesterday", "today", "tomorrow"][n + 1];
  };

  kith.inWords = (date) => new Date(date).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });

  // retold returns what was said of a day, as it is said now. It is known by the
  // words that would have been said then, so that pages need no marks for it.
  function retold(words, day, then, now) {
    if (words === kith.when(then, day)) return kith.when(now, day);
    for (const before of ["", "for "]) {
      if (day < then && words === before + kith.span(then - day)) return before + kith.span(Math.max(now - day, 0));
    }
    return words;
  }

  const stateOn = (due, now) => (due < now ? "overdue" : due === now ? "today" : due <= now + 7 ? "soon" : "later");
  const ready = (state) => state === "overdue" || state === "today";

  let shown = null; // the day that the page was made to show, beside the one it was written on
  function age() {
    const page = document.querySelector("[data-written]"); // not there if the day is pinned
    if (!page) return;
    const written = dayOf(page.dataset.written);
    const now = today();
    if (now === written && (shown ?? now) === now) return;
    for (const time of document.querySelectorAll("time")) {
      const day = dayOf(time.dateTime);
      for (const then of [written, shown ?? written]) {
        const words = retold(time.textContent, day, then, now);
        if (words !== time.textContent) time.textContent = words;
        const ago = " · " + kith.when(then, day);
        if (time.title.endsWith(ago)) time.title = time.title.slice(0, -ago.length) + " · " + kith.when(now, day);
      }
    }
    for (const item of document.querySelectorAll("[data-due]")) restate(item, now);
    for (const sentence of document.querySelectorAll("[data-next]")) {
      const { next } = sentence.dataset;
      if (dayOf(next) < now) sentence.textContent = "Ready to reconnect since " + kith.inWords(next) + ".";
    }
    shown = now;

    const live = document.querySelector('script[src^="/_kith/"]');
    document.querySelector(".stale")?.remove();
    if (now - written > 1 && !live) {
      const words = "This page is " + kith.span(now - written) + " old: kith build writes it anew.";
      document.querySelector("main")?.prepend(kith.make("p", { class: "stale" }, words));
    }
  }

  // howLong is what people stand below on the first page, by how many days they have
  // been due: as in today.go.
  const howLong = [
    [90, "seasons", "For a season or more"],
    [30, "months", "For a month or more"],
    [7, "weeks", "For a week or more"],
    [1, "days", "For a few days"],
    [0, "today", "Since today"],
  ];

  // restate changes what a page says of somebody who has come to be due, or is not
  // yet.
  function restate(item, now) {
    const due = dayOf(item.dataset.due);
    const was = item.dataset.state;
    if (was === "paused" || was === "untracked") return;
    const state = (item.dataset.state = stateOn(due, now));
    const time = item.querySelector(`time[datetime="${item.dataset.due}"]`);
    if (!item.matches("li") || !time) return;
    const list = item.closest("ol"); // of who is due; others say less
    if (ready(state)) time.textContent = !list ? "ready to reconnect" : due < now ? "for " + kith.span(now - due) : "today";
    else if (ready(was)) time.textContent = kith.when(now, due);
    const group = list?.closest(".group");
    const heading = group?.querySelector("h2[id], h3[id]");
    if (!heading) return;
    const long = howLong.findIndex(([days]) => days <= now - due);
    const [id, words] =
      heading.matches("h3") ? howLong[long]?.slice(1) ?? [heading.id] // on the first page
      : ready(state) ? ["now", "Ready to reconnect"]
      : state === "soon" ? ["soon", "In the next seven days"]
      : ["month-" + item.dataset.due.slice(0, 7)];
    if (id === heading.id) return;
    const groupOf = (id) => document.getElementById(id)?.closest(".group");
    let to = groupOf(id);
    if (!to && !words) return; // a clock that was put back
    if (!to) {
      const next = id === "now" ? group.parentNode.firstChild
        : id === "soon" ? group
        : howLong.slice(long + 1).map(([, id]) => groupOf(id)).find(Boolean);
      to = group.cloneNode(false);
      to.append(kith.make(heading.localName, { id }, words), list.cloneNode(false));
      next.before(to);
    }
    to.querySelector("ol").append(item);
    if (!list.children.length) group.remove();
  }

  age();
  document.addEventListener("kith:update", age);
  document.addEventListener("visibilitychange", age);

  // A day of a year whose months have pages of their own is on that of its month.
  function toMonth() {
    const [day, month] = location.hash.slice(1).match(/^(\d{4}-\d\d)-\d\d$/) ?? [];
    const link = day && !document.getElementById(day) && document.querySelector(`main a[href$="${month}.html"]`);
    if (link) location.replace(link.href + location.hash);
  }
  toMonth();
  addEventListener("hashchange", toMonth);

  // What is under More folds when one goes elsewhere.
  const more = document.querySelector(".more");
  for (const event of ["click", "focusin"]) {
    document.addEventListener(event, ({ target }) => more?.contains(target) || more?.removeAttribute("open"));
  }

  // What time it is where somebody lives.
  function tellTime() {
    for (const place of document.querySelectorAll("[data-zone]")) {
      try {
        const time = new Date().toLocaleTimeString("en-GB", { timeZone: place.dataset.zone, timeStyle: "short" });
        const clock = place.querySelector(".there") ?? kith.make("span", { class: "there", "data-live": "keep" });
        clock.textContent = time + " there now";
        if (!clock.isConnected) place.append(clock);
      } catch { // no time zone that the browser knows
      }
    }
  }
  tellTime();
  setInterval(tellTime, 3e4);
  document.addEventListener("kith:update", tellTime);

  /* Copying */

  // What is to be typed or sent elsewhere has a button that copies it.
  function copying() {
    for (const text of document.querySelectorAll(".touch > code, .choices > code, .draft > pre")) {
      if (text.nextElementSibling?.matches(".copy")) continue;
      const copy = kith.make("button", { type: "button", class: "copy", "data-live": "keep" }, "Copy");
      copy.onclick = async () => {
        try {
          await navigator.clipboard.writeText(text.textContent);
          copy.textContent = "Copied";
        } catch { // not from the disk, in some browsers: it is selected at least
          getSelection().selectAllChildren(text);
        }
      };
      text.after(copy);
    }
  }
  copying();
  document.addEventListener("kith:update", copying);

  /* Keys */

  const keys = [
    ["/", "search"],
    ["j", "the next one"],
    ["k", "the one before"],
    ["Enter", "open it"],
    ["Esc", "leave the search"],
    ["?", "these keys"],
  ];
  function showKeys() {
    const dialog = kith.make("dialog", { class: "keys", "aria-labelledby": "keys-title", "data-live": "keep" });
    const list = kith.make("dl", {});
    const touching = document.documentElement.matches(".touching") ? [["l", "write down what happened"], ["u", "take that back"]] : [];
    for (const [key, what] of [...keys, ...touching]) list.append(kith.make("dt", {}, kith.make("kbd", {}, key)), kith.make("dd", {}, what));
    const close = kith.make("button", { type: "button" }, "Close");
    close.onclick = () => dialog.close();
    dialog.onclose = () => dialog.remove();
    dialog.append(kith.make("h2", { id: "keys-title" }, "Keys"), list, close);
    document.body.append(dialog);
    dialog.showModal();
  }

  // move goes to the first link of the next thing in a list, or the one before.
  function move(step) {
    const main = document.querySelector("main");
    const thing = (link) => link.closest?.(".card") ?? link.closest?.("li, tr");
    const walk = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT, (e) =>
      e.matches("a[href]") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
    const here = main.contains(document.activeElement) ? document.activeElement : main;
    walk.currentNode = here;
    while (walk[step]()) {
      const next = thing(walk.currentNode);
      const link = next?.querySelector("a[href]");
      if (!next || next === thing(here) || link === here || !link.checkVisibility()) continue;
      link.focus();
      link.scrollIntoView({ block: "nearest" });
      history.replaceState({ ...history.state, at: link.getAttribute("href") }, "");
      return;
    }
  }
  // Back on a page, the keys go on from where they were.
  const at = history.state?.at;
  if (at) document.querySelector(`main a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, select, textarea, dialog, [contenteditable]")) return;
    const act = {
      "/": input && (() => openSearch()),
      "?": showKeys,
      j: () => move("nextNode"),
      k: () => move("previousNode"),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* The search box */

  const place = document.querySelector(".search");
  const input = place && kith.make("input", {
    type: "text", role: "combobox", "aria-label": "Search", "aria-expanded": "false", "aria-controls": "found",
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search",
  });
  let from = null; // what had the focus
  function openSearch() {
    from = document.activeElement;
    input.focus();
    input.select();
  }
  if (input) {
    // The list is there from the beginning, since the box says that it controls it.
    place.setAttribute("role", "search");
    place.append(input, kith.make("div", { class: "found", hidden: "" },
      kith.make("p", { role: "status" }), kith.make("div", { id: "found", role: "listbox", "aria-label": "What was found", tabindex: "-1" })));
    kith.leave = () => {
      if (from?.isConnected && from !== document.body) from.focus();
      else input.blur();
      from = null;
    };
    input.addEventListener("focus", () => {
      kith.ready ??= kith.load("assets/search.js").catch(() => (kith.ready = null));
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      input.value = "";
      input.dispatchEvent(new Event("input"));
      kith.leave();
    });
  }
})();
