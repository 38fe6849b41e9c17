// Opens what is sealed here with a passphrase, and shows it, without a request to anybody
// but for the files beside this one. The first part reads, the second shows, the third
// runs in the frame in which a page is shown; it sees that page and nothing of the key.
(() => {
  "use strict";
  const { nonce } = document.currentScript;
  const idle = 10 * 60e3; // after so long at rest it locks

  // A chunk is a script that calls this.
  const texts = [];
  globalThis.sealed = (at, text) => (texts[at] = text);

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const encode = (text) => new TextEncoder().encode(text);
  const decode = (bytes) => new TextDecoder().decode(bytes);

  /* Reading */

  let given; // the parameters of this build
  let count; // of the chunks
  let key;
  let files; // by path: where one begins, and how long it is
  let pages; // their paths, in order

  const opened = new Map(); // chunks that were opened, the latest last

  function load(at) {
    if (texts[at]) return;
    return new Promise((onload, onerror) => {
      const script = document.createElement("script");
      Object.assign(script, { nonce, src: `data/${given.chunks[at]}.js`, onload, onerror });
      document.head.append(script);
    });
  }

  class Missing extends Error {}

  async function openChunk(at) {
    try {
      await load(at);
    } catch {
      throw new Missing();
    }
    const data = bytesOf(texts[at]);
    if (given.chunks) delete texts[at];
    const how = { name: "AES-GCM", iv: data.subarray(0, 12), additionalData: encode("chunk " + at) };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, data.subarray(12)));
  }

  function chunk(at) {
    const known = opened.get(at) ?? openChunk(at);
    opened.delete(at);
    opened.set(at, known);
    known.catch(() => opened.delete(at));
    if (opened.size > 64) opened.delete(opened.keys().next().value);
    return known;
  }

  // read returns a part of the plain bytes, expanded.
  async function read(start, length) {
    const first = Math.floor(start / given.chunkSize);
    const last = Math.floor((start + length - 1) / given.chunkSize);
    const parts = await Promise.all(Array.from({ length: last - first + 1 }, (_, i) => chunk(first + i)));
    start -= first * given.chunkSize;
    const whole = new Blob(parts).slice(start, start + length);
    return new Uint8Array(await new Response(whole.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  }

  const file = (path) => read(...files[path]);
  const has = (path) => Object.hasOwn(files, path);

  async function readDirectory() {
    const last = await chunk(count - 1);
    const trailer = new DataView(last.buffer, last.length - 16);
    ({ files } = JSON.parse(decode(await read(Number(trailer.getBigUint64(0)), Number(trailer.getBigUint64(8))))));
    pages = Object.keys(files).sort();
  }

  async function deriveKey(passphrase) {
    const material = await crypto.subtle.importKey("raw", encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(given.salt), iterations: given.iterations };
    key = await crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, true, ["decrypt"]);
  }

  /* Showing */

  const base = "https://sealed.invalid/"; // where pages believe to be: a name that nobody has
  const form = document.querySelector("form");
  const input = document.querySelector("input");
  const said = document.getElementById("said");
  const bar = document.getElementById("bar");
  let frames = []; // the one that is shown, and the one to come

  const types = {
    svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp",
    avif: "image/avif", ico: "image/x-icon", mp3: "audio/mpeg", m4a: "audio/mp4", ogg: "audio/ogg", wav: "audio/wav",
    mp4: "video/mp4", webm: "video/webm", woff2: "font/woff2",
  };
  async function dataURL(path) {
    const type = types[path.split(".").pop().toLowerCase()] ?? "application/octet-stream";
    const blob = new Blob([await file(path)], { type });
    return new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(blob);
    });
  }

  // inside returns the path of an address in what is sealed, null for another one.
  function inside(url) {
    if (!url.href.startsWith(base)) return null;
    const path = decodeURIComponent(url.pathname.slice(1));
    return path === "" || path.endsWith("/") ? path + "index.html" : path;
  }

  async function styleOf(path) {
    let css = decode(await file(path));
    for (const [whole, , address] of [...css.matchAll(/url\(\s*(["']?)([^"')]+)\1\s*\)/g)]) {
      const at = inside(new URL(address, base + encodeURI(path)));
      if (at && has(at)) css = css.replaceAll(whole, `url("${await dataURL(at)}")`);
    }
    return css;
  }

  // runs says whether a script is one of the site, and not one that somebody sent.
  const runs = (path) => /^(assets|search)\/[^/]+\.js$/.test(path) && has(path);

  // assemble returns a page with all in it that it is made of.
  async function assemble(path, hash, y) {
    const page = new DOMParser().parseFromString(decode(await file(path)), "text/html");
    const here = base + encodeURI(path);
    const of = (element, attribute) => {
      const at = inside(new URL(element.getAttribute(attribute), here));
      return at && has(at) ? at : null;
    };
    const make = (name, text) => {
      const element = page.createElement(name);
      element.setAttribute("nonce", nonce);
      element.textContent = text;
      return element;
    };
    for (const element of page.querySelectorAll("meta[http-equiv], base, link[rel=icon], link[rel=manifest]")) element.remove();
    const work = [];
    for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
      const at = of(link, "href");
      work.push(at && styleOf(at).then((css) => link.replaceWith(make("style", css.replace(/<\/style/gi, "<\\/style")))));
    }
    for (const element of page.querySelectorAll("img[src], audio[src], video[src], source[src]")) {
      const at = of(element, "src");
      work.push(at && dataURL(at).then((url) => element.setAttribute("src", url)));
    }
    const scripts = [...page.querySelectorAll("script[src]")].map(async (script) => {
      const at = of(script, "src");
      script.remove();
      return at && runs(at) ? make("script", decode(await file(at)).replace(/<\/script/gi, "<\\/script")) : "";
    });
    await Promise.all(work);
    page.body.append(...(await Promise.all(scripts))); // as if they had said defer
    const told = JSON.stringify({ base, here, hash, y, nonce }).replace(/</g, "\\u003c");
    page.head.prepend(Object.assign(page.createElement("base"), { href: here }), make("script", `(${inFrame})(${told})`));
    return { title: page.title, source: "<!doctype html>" + page.documentElement.outerHTML };
  }

  // show shows what an entry of the history says. It says it by numbers, since browsers
  // keep that: names stand neither there nor in an address or a title.
  const hashes = new Map(); // by the number of an entry; those of before a reload are gone
  let shown = 0;
  async function show() {
    const mine = ++shown;
    const entry = history.state?.salt === given.salt ? history.state : { page: pages.indexOf("index.html") };
    const { title, source } = await assemble(pages[entry.page], hashes.get(entry.number) ?? "", entry.y ?? 0);
    if (mine !== shown) return;
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.title = title;
    frame.srcdoc = source;
    frame.onload = () => {
      for (const old of frames) if (old !== frame) old.remove();
      frames = [frame];
      frame.focus();
    };
    frames.push(frame);
    document.body.prepend(frame); // below the one that is shown until then
  }

  async function go({ href, download, replace, from, y }) {
    const url = new URL(href);
    if (download && url.protocol === "data:") return save(href, download);
    const path = inside(url);
    if (path === null) {
      if (/^https?:$/.test(url.protocol)) open(href, "_blank", "noopener,noreferrer");
      else if (!/^(javascript|data|blob|file|about):$/.test(url.protocol)) location.assign(href);
      return;
    }
    if (has(path) && !path.endsWith(".html")) {
      const address = URL.createObjectURL(new Blob([await file(path)], { type: "application/octet-stream" }));
      setTimeout(() => URL.revokeObjectURL(address), 60e3);
      return save(address, path.split("/").pop());
    }
    const page = pages.indexOf(has(path) ? path : "404.html");
    const { salt } = given;
    const entry = { salt, page, number: crypto.randomUUID() };
    hashes.set(entry.number, url.hash);
    if (replace) return history.replaceState(entry, "");
    history.replaceState({ ...history.state, salt, page: pages.indexOf(inside(new URL(from))), y }, "");
    history.pushState(entry, "");
    if (base + encodeURI(path) !== from) await show();
  }

  // save gives a file that is no page to the reader, and never shows it: it could be
  // made to read what is open here.
  function save(href, download) {
    Object.assign(document.createElement("a"), { href, download }).click();
  }

  addEventListener("popstate", () => key && files && show().catch(failed));
  addEventListener("message", async ({ source, data }) => {
    if (!frames.some((frame) => frame.contentWindow === source)) return;
    touched();
    try {
      if (data.href) await go(data);
      if (data.load) source.postMessage({ load: data.load, text: runs(data.load) ? decode(await file(data.load)) : null }, "*");
    } catch (error) {
      failed(error);
    }
  });

  /* Opening and locking */

  // remember keeps the key, not the passphrase, for when the tab is loaded anew. Where a
  // browser keeps nothing, it asks again.
  const kept = (act) => {
    try {
      return act(sessionStorage);
    } catch {
      return null;
    }
  };
  const remember = {
    get: () => kept((tab) => JSON.parse(tab.getItem("sealed"))),
    set: (what) => kept((tab) => tab.setItem("sealed", JSON.stringify(what))),
    forget: () => kept((tab) => tab.removeItem("sealed")),
  };
  let rest = Date.now(); // since when nobody touched it
  function touched() {
    if (!files || Date.now() - rest < 1000) return;
    rest = Date.now();
    remember.set({ ...remember.get(), rest });
  }
  function lock() {
    remember.forget();
    location.reload();
  }
  function lockIfIdle() {
    if (files && Date.now() - rest > idle) lock();
  }
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, touched);
  setInterval(lockIfIdle, 5000);
  for (const event of ["visibilitychange", "pageshow", "focus"]) addEventListener(event, lockIfIdle);
  bar.querySelector("button").onclick = lock;

  function ask(words) {
    document.getElementById("door").hidden = form.hidden = false;
    bar.hidden = true;
    said.textContent = words;
    input.focus();
  }

  function failed(error) {
    for (const frame of frames) frame.remove();
    frames = [];
    ask(error instanceof Missing ? "A file of what is sealed here is missing, or the network is. Put all of it here, and open it again." : "This is not whole: " + error.message);
  }

  // unseal opens it with the key that there is, and says whether it is the right one.
  async function unseal() {
    opened.clear();
    try {
      await readDirectory();
    } catch (error) {
      files = null;
      if (error.name === "OperationError") return false;
      throw error;
    }
    document.getElementById("door").hidden = true;
    bar.hidden = false;
    await show();
    return true;
  }

  form.onsubmit = async (event) => {
    event.preventDefault();
    said.textContent = "Opening…";
    try {
      await deriveKey(input.value);
      const raw = new Uint8Array(await crypto.subtle.exportKey("raw", key));
      if (!(await unseal())) return ask("That is not the passphrase.");
      rest = Date.now();
      remember.set({ salt: given.salt, key: btoa(String.fromCharCode(...raw)), rest });
      input.value = said.textContent = "";
    } catch (error) {
      failed(error);
    }
  };

  addEventListener("DOMContentLoaded", async () => {
    given = JSON.parse(document.getElementById("parameters").textContent);
    count = given.chunks?.length ?? texts.length;
    if (!globalThis.crypto?.subtle) {
      said.textContent = "A browser opens this only from an address with https:, from this machine, or from a file. " +
        "Ask for this page with https:, or save it and open the file.";
      return;
    }
    if (!globalThis.DecompressionStream) {
      said.textContent = "This browser is too old to open this. One from 2023 or later can.";
      return;
    }
    const had = remember.get();
    try {
      if (had?.salt === given.salt && Date.now() - had.rest <= idle) {
        key = await crypto.subtle.importKey("raw", bytesOf(had.key), "AES-GCM", true, ["decrypt"]);
        if (await unseal()) return touched();
      }
      remember.forget();
      ask("");
    } catch (error) {
      failed(error);
    }
  });

  /* In the frame */

  // inFrame is what a page runs before all else. Its links and scripts ask the window
  // above for what they lead to.
  function inFrame({ base, here, hash, y, nonce }) {
    const say = (message) => parent.postMessage(message, "*");
    const asked = new Map();

    function land() {
      if (hash.length > 1) document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView();
    }
    function go(address, replace, download) {
      const url = new URL(address, here);
      if (url.href.split("#")[0] === here && url.href.includes("#")) {
        hash = url.hash;
        land();
        dispatchEvent(new Event("hashchange"));
      } else {
        replace = false;
      }
      say({ href: url.href, download, replace, from: here, y: scrollY });
    }
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || event.defaultPrevented) return;
      event.preventDefault();
      go(link.getAttribute("href"), false, link.download);
    });
    addEventListener("auxclick", (event) => event.target.closest?.("a[href]") && event.preventDefault());
    for (const event of ["pointerdown", "keydown", "scroll"]) addEventListener(event, () => say({}), { passive: true });
    addEventListener("DOMContentLoaded", () => (y ? scrollTo(0, y) : land()));

    // What the scripts of pages use in the place of what they have elsewhere.
    window.sealed = {
      root: base,
      location: {
        get hash() { return hash; },
        replace: (address) => go(address, true),
      },
      load: (path, owner) => new Promise((done, failed) => {
        asked.set(path, { owner, done, failed });
        say({ load: path });
      }),
    };
    addEventListener("message", ({ source, data }) => {
      const want = source === parent && asked.get(data.load);
      if (!want) return;
      asked.delete(data.load);
      if (data.text === null) return want.failed();
      document.head.append(Object.assign(document.createElement("script"), { nonce, owner: want.owner, textContent: data.text }));
      want.done();
    });
  }
})();
