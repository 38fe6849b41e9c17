// Finds people and notes. What it looks in is loaded a little at a time, from the
// scripts in search/, which package site makes (search.go says what is in them):
//
//	kith.names(row, [rows, words, texts], LINES)   who there is
//	kith.words(shard, row, WORDS)                  which notes have which words
//	kith.text(shard, [key, piece, TEXT, …])        what the notes say
(() => {
  "use strict";
  const { kith } = window;
  const { make } = kith;
  const input = document.querySelector(".search input");
  const list = document.getElementById("found");
  const panel = list.parentNode;

  const allowance = 220e3; // after so much beside the names a query loads no more texts
  const groups = ["People", "Work and place", "Tags and circles", "Looking for", "Can give", "Addresses and more", "In your notes"];
  const most = [6, 4, 4, 4, 4, 4, 8]; // that are shown of each

  /* Words */

  // fold is note.Fold: no case, no accents, one Unicode form.
  const strokes = { ł: "l", ø: "o", đ: "d", ħ: "h", ŧ: "t", ı: "i", æ: "ae", œ: "oe", ß: "ss", ς: "σ" };
  const fold = (kith.fold = (text) => {
    text = text.toLowerCase();
    if (/^[\0-\x7f]*$/.test(text)) return text;
    return text.normalize("NFKD").toLowerCase()
      .replace(/[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u064b-\u065f\u0670]|(?=[\u0591-\u05c7])\p{M}/gu, "")
      .replace(/[łøđħŧıæœßς]/g, (letter) => strokes[letter])
      .normalize("NFC");
  });
  const aWord = /[\p{L}\p{M}\p{N}]+/gu;
  const wordsOf = (text) => text.match(aWord) ?? [];
  // Scripts without spaces between words. The index has their pairs of letters.
  const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\u{3ffff}]/u;

  // A term is a word of a query, with the pattern that finds it in a folded text and
  // the words by which the index has it: none if it is too short.
  function newTerm(word) {
    const letters = [...word];
    const pairs = letters.slice(1).map((b, i) => [letters[i], b]).filter((pair) => pair.every((l) => unspaced.test(l)));
    const others = word.split(unspaced).filter((part) => [...part].length >= 3);
    const start = unspaced.test(word) ? "" : "(?<![\\p{L}\\p{M}\\p{N}])";
    return { word, dense: !start, keys: [...pairs.map((p) => p.join("")), ...others], pattern: new RegExp(start + word, "u") };
  }
  // stem leaves of an English word what other forms of it begin with, too.
  const stem = (word) =>
    word.length < 5 ? word : word.replace(/(?:ing|ies|ied|es|ed|s|y|e)$/, "").replace(/([bdgmnprt])\1$/, "$1");
  const has = (text, term) => term.pattern.test(text);

  // slips says how many slips of the pen make a word begin otherwise than it is
  // typed; Infinity if they are too many. It counts as note.Distance does.
  function slips(typed, word, most) {
    const start = word.slice(0, 3);
    if (![0, 1, 2].some((i) => start.includes(typed[i]))) return Infinity; // as most do
    let before, last = Array.from({ length: word.length + 1 }, (_, j) => j);
    for (let i = 0; i < typed.length; i++) {
      const row = [i + 1];
      for (let j = 0; j < word.length; j++) {
        row[j + 1] = Math.min(row[j] + 1, last[j + 1] + 1, last[j] + (typed[i] !== word[j]));
        if (i && j && typed[i] === word[j - 1] && typed[i - 1] === word[j]) row[j + 1] = Math.min(row[j + 1], before[j - 1] + 1);
      }
      if (Math.min(...row) > most) return Infinity;
      [before, last] = [last, row];
    }
    return Math.min(...last);
  }

  // meant says how far a name is from what is typed; Infinity if another one is
  // meant.
  function meant(name, terms, forgiving) {
    let far = 0;
    for (const { word, dense } of terms) {
      const slack = !forgiving || word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
      let best = Infinity;
      for (let i = 0; i < name.length && best >= 1; i++) {
        if (dense ? name[i].includes(word) : name[i].startsWith(word)) best = i ? 0.1 : 0;
        else if (slack) best = Math.min(best, slips(word, name[i].slice(0, word.length + slack), slack));
      }
      far += best;
    }
    return far;
  }

  // FNV-1a over the bytes of a text.
  function hash(text) {
    let h = 2166136261;
    for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 16777619);
    return h >>> 0;
  }

  /* The index, as far as it is loaded */

  let index;
  const forget = () => (index = { rows: [], words: new Map(), texts: new Map(), asked: new Map() });
  forget();

  // load loads a file of the index once.
  function load(kind, ...numbers) {
    const width = { names: [3], words: [2, 3], text: [5] }[kind];
    const name = [kind, ...numbers.map((n, i) => String(n).padStart(width[i], "0"))].join("-");
    const { asked } = index;
    if (!asked.has(name)) asked.set(name, kith.load("search/" + name + ".js", index).catch(() => asked.delete(name)));
    return asked.get(name);
  }
  // What is on its way when the index is forgotten comes too late.
  const wanted = () => document.currentScript.owner === index;
  const items = (field) => (field ? field.split("\x1f") : []);

  kith.names = (row, shape, lines) => {
    if (!wanted()) return;
    [index.rowCount, index.wordCount, index.textCount] = shape;
    const pieces = (index.rows[row] = []);
    for (const line of lines ? lines.split("\n") : []) {
      const [key, name, page, count, ...said] = line.split("\t");
      const folded = fold(name);
      const doc = { key, name, page: page || key, said, folded, all: [folded, ...said.map(fold)].join("\n") };
      for (let piece = 0; piece < (count || 1); piece++) pieces.push({ doc, piece });
    }
  };
  kith.words = (shard, row, text) => wanted() && index.words.set(shard + " " + row, text);
  kith.text = (shard, list) => {
    if (!wanted()) return;
    const texts = new Map();
    for (let i = 0; i < list.length; i += 3) texts.set(list[i] + " " + list[i + 1], list[i + 2]);
    index.texts.set(shard, texts);
  };

  async function loadNames() {
    const mine = index;
    await load("names", 0);
    if (!mine.rowCount || mine !== index) return;
    await Promise.all(Array.from({ length: mine.rowCount }, (_, row) => load("names", row)));
    if (mine.people) return;
    mine.people = [];
    mine.names = []; // and aliases
    mine.pages = new Map(); // of tags and circles
    const see = (page, name, people) => {
      const seen = mine.pages.get(page) ?? { page, title: name, people: 0 };
      mine.pages.set(page, seen);
      seen.people += people;
    };
    for (const { doc, piece } of mine.rows.flat()) {
      if (doc.key.startsWith("circles/")) see(doc.page, doc.name, 0);
      if (piece || !doc.key.startsWith("contacts/")) continue;
      mine.people.push(doc);
      for (const name of [doc.name, ...items(doc.said[0])]) {
        const folded = fold(name);
        mine.names.push({ doc, name, words: wordsOf(folded + " " + folded.replace(/['’-]/g, "")) }); // O'Rourke: orourke, too
      }
      for (const tag of items(doc.said[3])) see("tags/" + tag, "#" + tag, 1);
      doc.circles = items(doc.said[4]).map((circle) => circle.split("="));
      for (const [slug, ...name] of doc.circles) see("circles/" + slug, name.join("="), 1);
    }
  }

  /* Finding */

  // findPeople returns results by group: people whose name is meant, pages of tags
  // and circles, people of whom something else is said, and what.
  function findPeople(terms) {
    const results = groups.map(() => []);
    const seen = new Set();
    for (const forgiving of [false, true]) {
      if (forgiving && seen.size >= most[0]) break;
      const near = [];
      for (const one of index.names) {
        const far = meant(one.words, terms, forgiving);
        if (far < Infinity) near.push([far, one]);
      }
      near.sort(([far, a], [farther, b]) => far - farther || (a.doc.folded < b.doc.folded ? -1 : 1));
      for (const [, { doc, name }] of near) {
        if (seen.has(doc)) continue;
        seen.add(doc);
        const [, work, place] = doc.said;
        results[0].push({ page: doc.page, title: doc.name, said: name === doc.name ? [work, place].filter(Boolean).join(" · ") : "also " + name });
      }
    }
    for (const { page, title, people } of index.pages.values()) {
      if (terms.every((t) => has(fold(title), t))) results[2].push({ page, title, said: people ? people + (people === 1 ? " person" : " people") : "" });
    }
    for (const doc of index.people) {
      if (seen.has(doc) || !terms.every((t) => has(doc.all, t))) continue;
      const i = doc.said.findIndex((text) => terms.some((t) => has(fold(text), t)));
      const which = i === 4 ? doc.circles.map((c) => c.slice(1).join("=")) : items(doc.said[i]);
      const said = which.filter((text) => terms.some((t) => has(fold(text), t))).map((text) => (i === 3 ? "#" : "") + text);
      results[[0, 1, 1, 2, 2, 3, 4, 5][i]].push({ page: doc.page, title: doc.name, said: said.join(", ") });
    }
    return results;
  }

  // lookUp returns which pieces of a row have a word that begins with key: 2 if that
  // is all of it.
  function lookUp(shard, row, key) {
    const had = new Uint8Array(index.rows[row].length);
    const words = (index.words.get(shard + " " + row) ?? "").split(" ");
    for (let w = 0; w + 1 < words.length; w += 2) {
      if (!words[w].startsWith(key)) continue;
      const weight = words[w] === key ? 2 : 1;
      const hit = (at) => (had[at] = Math.max(had[at], weight));
      const letters = words[w + 1];
      if (!letters) had.forEach((_, at) => hit(at)); // most of them have it
      for (let at = 0, unit = 1, i = 0; i < letters.length; i++) {
        const c = letters.charCodeAt(i);
        at += unit * (c > 91 ? c - 36 : c - 35); // the inverse of appendDistance
        if (c > 91) {
          unit *= 30;
          continue;
        }
        hit(at++);
        unit = 1;
      }
    }
    return had;
  }

  // candidates returns the pieces of notes that have all terms, as far as the index
  // can tell: somebody's name is part of what their note says.
  async function candidates(terms, budget) {
    terms = terms.filter((t) => t.keys.length);
    const shardOf = (key) => hash([...key].slice(0, 3).join("")) & (index.wordCount - 1);
    const rows = index.rows.keys();
    const shards = new Set(terms.flatMap((t) => t.keys.map(shardOf)));
    await Promise.all([...rows].flatMap((row) => [...shards].map(async (shard) => {
      const at = shard + " " + row;
      if (index.words.has(at)) return;
      await load("words", shard, row);
      budget.left = Math.max(budget.left - (index.words.get(at)?.length ?? 0), 60e3); // some texts in any case
    })));
    return index.rows.flatMap((pieces, row) => {
      const hits = terms.flatMap((t) => t.keys.map((key) => {
        const had = lookUp(shardOf(key), row, key);
        return (at) => had[at] || has(pieces[at].doc.folded, t);
      }));
      return pieces.flatMap((piece, at) => {
        const score = hits.length && hits.map((hit) => Number(hit(at))).reduce((a, b) => a && b && a + b);
        return score ? { ...piece, score } : [];
      });
    });
  }

  // findNotes returns sentences of notes. It loads the shards that promise most, as
  // long as it may; more says that there are others. It is null if it was called off.
  async function findNotes(terms, budget, goesOn) {
    const shards = new Map();
    for (const c of await candidates(terms, budget)) {
      const at = (hash(c.doc.key) + c.piece * index.rowCount) & (index.textCount - 1);
      const shard = shards.get(at) ?? { at, score: 0, pieces: [] };
      shards.set(at, shard);
      shard.score += c.score;
      shard.pieces.push(c);
    }
    const loaded = ({ at }) => index.texts.has(at);
    const queue = [...shards.values()].sort((a, b) => loaded(b) - loaded(a) || b.score - a.score || a.at - b.at);
    const found = [];
    while (goesOn() && queue.length && found.length < most[6]) {
      const next = queue.splice(0, 3);
      const missing = next.filter((shard) => !loaded(shard));
      if (missing.length && budget.left <= 0) return { found, more: true };
      await Promise.all(missing.map(({ at }) => load("text", at)));
      for (const { at } of missing) for (const text of index.texts.get(at)?.values() ?? []) budget.left -= text.length;
      for (const { at, pieces } of next) {
        for (const { doc, piece } of pieces) found.push(sentence(doc, index.texts.get(at)?.get(doc.key + " " + piece) ?? "", terms));
      }
      found.splice(0, found.length, ...found.filter(Boolean));
    }
    return goesOn() ? { found } : null;
  }

  // sentence returns the first sentence of a text that says most of what is looked
  // for, if the text says all of it.
  function sentence(doc, text, terms) {
    const all = fold(text);
    if (!terms.every((t) => has(all, t) || has(doc.folded, t))) return null;
    let best = null, heading = "", date = "";
    for (const line of text.split("\n")) {
      const [mark, sign, day] = line.match(/^(#+|\s*[-*+])\s+(\d{4}-\d\d-\d\d)(?!\d)/) ?? [""];
      if (line[0] === "#") heading = day ?? "";
      if (day || /^\S/.test(line)) date = day ?? heading;
      for (const part of unmarked(line.slice(mark.length)).split(/(?<=[^.][.!?…])\s+|(?<=[。！？])/)) {
        const folded = fold(part);
        const score = terms.filter((t) => has(folded, t)).length;
        if (score > (best?.score ?? 0)) best = { score, said: clip(part, terms), date };
      }
    }
    if (!best) return null;
    const inJournal = doc.key.startsWith("journal/") && best.date;
    return { ...best, title: doc.name, page: inJournal ? "journal/" + best.date.slice(0, 4) : doc.page, at: inJournal ? "#" + best.date : "" };
  }
  // unmarked returns a line of Markdown without its marks.
  const unmarked = (line) => line
    .replace(/^\s*(?:#+|>|[-*+]|\d+[.)])\s+(?:\[.\] )?/, "")
    .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, "$1")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`~]+(?=\S)|(?<=\S)[*_`~]+/g, "")
    .trim();
  // clip shortens a long sentence to what is around the first word that was found.
  function clip(text, terms) {
    if (text.length <= 200) return text;
    const [word] = [...text.matchAll(aWord)].filter(([w]) => terms.some((t) => has(fold(w), t)));
    const start = text.lastIndexOf(" ", Math.max(0, word.index - 60)) + 1;
    const end = text.indexOf(" ", start + 190);
    return (start ? "…" : "") + text.slice(start, end < 0 ? undefined : end) + (end < 0 ? "" : "…");
  }

  /* Showing */

  // marked returns a text with what was found marked in it.
  function marked(text, terms) {
    const parts = [];
    let end = 0;
    for (const { 0: word, index } of text.matchAll(aWord)) {
      const folded = fold(word);
      const term = terms.find((t) => has(folded, t));
      if (!term) continue;
      const whole = folded.length !== word.length;
      const start = index + (whole ? 0 : folded.search(term.pattern));
      const stop = whole ? index + word.length : start + term.word.length;
      parts.push(text.slice(end, start), make("mark", {}, text.slice(start, stop)));
      end = stop;
    }
    return [...parts, text.slice(end)];
  }

  function show(results, terms, ending) {
    const chosen = list.querySelector("[aria-selected=true]")?.href;
    let n = 0;
    list.replaceChildren();
    results.forEach((found, g) => {
      if (!found.length) return;
      const group = make("div", { role: "group", "aria-label": groups[g] }, make("div", { class: "quiet", "aria-hidden": "true" }, groups[g]));
      for (const { page, at, title, date, said } of found.slice(0, most[g])) {
        const href = new URL(encodeURI(page).replace(/[?#]/g, encodeURIComponent) + ".html" + (at ?? ""), kith.root);
        const link = make("a", { role: "option", id: "found-" + n++, href, tabindex: "-1", "aria-selected": "false" });
        link.append(make("span", { class: "name", dir: "auto" }, ...marked(title, terms)));
        if (date) link.append(" ", make("span", { class: "when" }, kith.inWords(date)));
        if (said) link.append(" ", make("span", { class: "said", dir: "auto" }, ...marked(said, terms)));
        group.append(link);
      }
      list.append(group);
    });
    panel.firstChild.textContent = n || ending ? (n || "Nothing") + " found" + ending : "Looking…";
    expand(true);
    choose(options().find((o) => o.href === chosen));
  }

  const options = () => [...list.querySelectorAll("[role=option]")];
  function choose(one) {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    one?.setAttribute("aria-selected", "true");
    one?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", one?.id ?? "");
  }
  function expand(open) {
    panel.hidden = !open;
    list.hidden = !list.children.length; // a list box without anything is none
    input.setAttribute("aria-expanded", !!open && !list.hidden);
  }

  /* Asking */

  let asked = 0;
  let budget = { text: "\n" }; // for all that is typed on without a break
  async function ask() {
    const mine = ++asked;
    const goesOn = () => mine === asked;
    const text = fold(input.value.trim());
    const words = wordsOf(text);
    if (!text.startsWith(budget.text)) budget = { left: allowance };
    budget.text = text || "\n";
    if (!words.length) return expand(list.replaceChildren());
    await loadNames();
    if (!goesOn() || !index.people) return;
    // Where nothing has the words as they are typed, other forms of them will do.
    for (const form of [(word) => word, stem]) {
      const terms = words.map(form).map(newTerm);
      const results = findPeople(terms);
      show(results, terms, "");
      await new Promise((go) => setTimeout(go, 40)); // another letter may be on its way
      const notes = goesOn() && (await findNotes(terms, budget, goesOn));
      if (!notes || !goesOn()) return;
      results[6] = notes.found;
      const nothing = !results.some((found) => found.length);
      if (nothing && form !== stem && words.some((word) => stem(word) !== word)) continue;
      return show(results, terms, nothing ? ". Try fewer words, or the first letters of one." : notes.more ? "; more words find more" : ".");
    }
  }

  input.addEventListener("input", ask);
  input.addEventListener("focus", ask);
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((o) => o.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: at < 0 ? 0 : -1, Enter: 0 }[event.key];
    if (step === undefined || event.isComposing || panel.hidden || !all.length) return;
    event.preventDefault();
    if (event.key === "Enter") all[Math.max(at, 0)].click();
    else choose(all.at((at + step) % all.length));
  });
  input.parentNode.addEventListener("focusout", (event) => {
    if (!input.parentNode.contains(event.relatedTarget)) expand(false);
  });
  document.addEventListener("kith:update", () => {
    asked++; // what is under way looks in what is gone
    forget();
    if (document.activeElement === input) ask();
  });
  if (document.activeElement === input) ask();
})();
