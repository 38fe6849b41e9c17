// One touch: in the place of the commands that a page shows, a served page has buttons
// that do what these would. See touch.go.
(() => {
  "use strict";
  const token = document.currentScript.dataset.token;
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // act asks the server to write; the answer says what came of it.
  async function act(action) {
    try {
      const answer = await fetch("/_kith/touch", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Kith-Token": token },
        body: JSON.stringify(action),
      });
      return { ok: answer.ok, ...(await answer.json()) };
    } catch {
      return { ok: false, error: "kith serve does not answer" };
    }
  }

  let told = null; // what came of the last action, with the way back
  let about = ""; // whom it is about

  // say tells what came of an action, with the way back.
  function say(place, answer, done) {
    told?.remove();
    told = make("div", { class: "told", role: "status", "data-live": "keep" });
    about = place.closest("[data-contact]")?.dataset.contact;
    if (answer.ok) {
      told.append(done, " ", make("small", {}, [answer.read, answer.said].filter(Boolean).join(" · ")));
      if (answer.undo) {
        const undo = make("button", { type: "button" }, "Undo");
        const mine = told;
        undo.onclick = async () => {
          const back = await act({ do: "undo", hash: answer.undo });
          mine.replaceChildren(back.ok ? "Taken back." : problem(back));
          if (back.ok) mine.closest("[data-contact]")?.classList.remove("done");
        };
        told.append(undo);
        queueMicrotask(() => undo.focus({ preventScroll: true }));
      }
    } else {
      told.append(problem(answer));
    }
    place.append(told);
    stayTold(); // the update may have come before the answer
  }

  // The place of what was told may go with an update: who is done or decided about leaves
  // a list. Then it stands with the same person, if they are in sight, or at the foot of
  // the window.
  function stayTold() {
    if (!told || told.isConnected) return;
    const home = [...document.querySelectorAll("main [data-contact]")].find((e) => {
      const { top, bottom } = e.getBoundingClientRect();
      return e.dataset.contact === about && bottom > 0 && top < innerHeight;
    });
    told.classList.toggle("adrift", !home);
    (home ?? document.body).append(told);
    if (document.activeElement === document.body) told.querySelector("button")?.focus({ preventScroll: true });
  }
  const problem = (answer) => [answer.error, answer.hint].filter(Boolean).join(": ");

  // What is asked for by each button: the line is begun with its beginning.
  const kinds = {
    log: { verb: "log", done: "Written down." },
    ask: { verb: "ask", done: "Noted to ask." },
    promise: { verb: "promise", done: "Promised." },
    snooze: { verb: "snooze", done: "Until then.", begun: "2w" },
    every: { verb: "every", done: "Decided.", begun: "" },
  };
  // reader says below a line how it would be read, as often as it is changed.
  function reader(input, below, whose) {
    let asked = 0;
    const reading = async () => {
      const mine = ++asked;
      const who = whose();
      const answer = who ? await act({ do: "read", who, text: input.value }) : {};
      if (mine === asked) below.textContent = answer.read ? "Reads as " + answer.read : "";
    };
    input.addEventListener("input", reading);
    return reading;
  }

  // line opens the log line in the place of a row.
  function line(row, what, begun) {
    const who = row.dataset.touch;
    row.querySelector("form")?.remove();
    const kind = kinds[what];
    const input = make("input", {
      type: "text", value: begun, "aria-label": { log: "What happened", ask: "What to ask", promise: "What you promised", snooze: "For how long", every: "How often" }[what],
      autocomplete: "off", enterkeyhint: "done",
    });
    const read = make("p", { class: "reading", role: "status" });
    const save = make("button", { type: "submit", class: "filled" }, "Save");
    const leave = make("button", { type: "button" }, "Esc");
    const form = make("form", { class: "line", "data-live": "keep" }, input, save, leave, read);
    const buttons = [...row.children].filter((e) => !e.matches(".told"));
    const close = (focus) => {
      form.remove();
      for (const b of buttons) b.hidden = false;
      if (focus) buttons[0]?.focus({ preventScroll: true });
    };
    const reading = reader(input, read, () => what === "log" && who);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        close(true);
      }
    });
    leave.onclick = () => close(true);
    form.onsubmit = async (event) => {
      event.preventDefault();
      save.disabled = true;
      const answer = await act({ do: kind.verb, who, text: input.value, hash: what === "snooze" || what === "every" ? row.dataset.front : "" });
      save.disabled = false;
      if (!answer.ok) return say(row, answer);
      close();
      row.closest(".card")?.classList.add("done");
      say(row, answer, kind.done);
    };
    for (const b of buttons) b.hidden = true;
    row.prepend(form);
    input.focus();
    input.setSelectionRange(begun.length, begun.length);
    reading();
  }

  // put gives a row other things, but for the line that is being written, what was told
  // last, and the focus.
  function put(row, ...things) {
    const kept = [...row.querySelectorAll(":scope > form, :scope > .told")];
    const focus = row.contains(document.activeElement) && document.activeElement;
    const label = focus && !kept.some((e) => e.contains(focus)) && focus.textContent;
    row.replaceChildren(...things, ...kept);
    if (kept.some((e) => e.matches("form"))) for (const thing of things) thing.hidden = true;
    if (label) things.find((e) => e.textContent === label)?.focus({ preventScroll: true });
    else if (focus) focus.focus({ preventScroll: true });
  }

  // dress puts buttons in the place of the commands of a row.
  function dress(row) {
    if (row.querySelector(":scope > button.plain")) return;
    const who = row.dataset.touch;
    const button = (label, what, begun, plain) => {
      const b = make("button", { type: "button", ...(plain ? { class: "plain" } : {}) }, label);
      b.onclick = () => line(row, what, begun);
      return b;
    };
    const { write, talk } = row.dataset;
    const edit = row.querySelector("a.edit");
    const opens = make("button", { type: "button", class: "plain edit" }, "Edit");
    opens.onclick = async () => {
      const answer = await act({ do: "edit", who });
      if (!answer.ok) say(row, answer);
    };
    put(
      row,
      button("Wrote", "log", `${write}: `),
      button("Talked", "log", `${talk}: `),
      button("Thanked", "log", `${write} thanked: `),
      button("Snooze", "snooze", "2w", true),
      button("Ask", "ask", "", true),
      button("Promise", "promise", "", true),
      button("Every", "every", "", true),
      edit ?? opens,
    );
  }

  // choose makes buttons of the answers to how often.
  function choose(row) {
    if (row.querySelector(":scope > button:not(.copy)")) return;
    put(
      row,
      ...[["week", "1 week"], ["month", "1 month"], ["quarter", "1 quarter"], ["half a year", "6 months"], ["year", "1 year"], ["never", "never"]].map(([label, every]) => {
        const b = make("button", { type: "button", ...(every === "never" ? { class: "plain" } : {}) }, label);
        b.onclick = async () => say(row, await act({ do: "every", who: row.dataset.decide, text: every, hash: row.dataset.front }), `Every ${label}.`.replace("Every never.", "Never, then."));
        return b;
      }),
    );
  }

  // tick makes a box of the sign before a task.
  function tick(item) {
    if (item.querySelector("input.tick")) return;
    const box = make("input", { type: "checkbox", class: "tick", "aria-label": "Done", "data-live": "keep" });
    box.onchange = async () => {
      const answer = await act({ do: "done", who: item.dataset.who, hash: item.dataset.task });
      if (!answer.ok) box.checked = false;
      else item.classList.add("done");
      say(item, answer, "Done.");
    };
    item.prepend(box);
  }

  // log opens a dialog to write down what happened with anybody; who is somebody's slug,
  // or "" for whoever is named in it.
  async function log(who) {
    if (document.querySelector("dialog[open]")) return;
    const people = new Map(); // who may be meant, by how the list calls them
    const names = make("datalist", { id: "log-names" });
    const name = make("input", { type: "text", list: "log-names", autocomplete: "off", spellcheck: "false", required: "" });
    const text = make("input", { type: "text", autocomplete: "off", enterkeyhint: "done", required: "" });
    const read = make("p", { class: "reading", role: "status" });
    const save = make("button", { type: "submit", class: "filled" }, "Save");
    const leave = make("button", { type: "button" }, "Cancel");
    const form = make("form", {}, make("label", {}, "With whom", name, names), make("label", {}, "What happened", text), read, save, leave);
    const dialog = make("dialog", { class: "log", "aria-labelledby": "log-title", "data-live": "keep" }, make("h2", { id: "log-title" }, "Write it down"), form);
    const meant = () => people.get(name.value.trim()) ?? (people.size === 1 ? [...people.values()][0] : null);
    const reading = reader(text, read, () => meant()?.slug);
    let begun = "";
    let asked = 0;
    const look = async (said) => {
      const mine = ++asked;
      const answer = await act({ do: "who", text: said });
      if (mine !== asked) return;
      people.clear();
      for (const p of answer.people ?? []) people.set(people.has(p.name) ? `${p.name} (${p.slug})` : p.name, p);
      names.replaceChildren(...[...people.keys()].map((value) => make("option", { value })));
      const one = meant();
      if (one && text.value === begun) text.value = begun = `${one.kind}: `;
      reading();
    };
    name.addEventListener("input", () => people.has(name.value) ? look(people.get(name.value).slug) : look(name.value));
    leave.onclick = () => dialog.close();
    dialog.onclose = () => {
      dialog.remove();
      if (location.hash === "#log") history.replaceState(history.state, "", location.pathname + location.search);
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (!meant()) await look(name.value);
      const one = meant();
      const answer = one ? await act({ do: "log", who: one.slug, text: text.value }) : { error: people.size ? "Several are called that" : "Nobody is called that", hint: "choose one of the names" };
      say(dialog, answer, `Written down for ${one?.name}.`);
      if (!answer.ok) return;
      form.replaceChildren(leave);
      leave.textContent = "Close";
      dialog.append(form);
    };
    document.body.append(dialog);
    dialog.showModal();
    if (!who) return;
    await look(who);
    const [one] = [...people.values()].filter((p) => p.slug === who);
    if (!one) return;
    people.clear();
    people.set(one.name, one);
    name.value = one.name;
    if (text.value === begun) text.value = begun = `${one.kind}: `;
    reading();
    text.focus();
  }

  // logging gives a row of a list a way to write down what happened.
  function logging(row) {
    if (row.querySelector(".log")) return;
    const b = make("button", { type: "button", class: "log" }, "Log");
    b.onclick = () => log(row.dataset.contact);
    row.querySelector(".does").append(b);
  }

  function dressAll() {
    document.documentElement.classList.add("touching");
    stayTold();
    document.querySelectorAll("[data-touch]").forEach(dress);
    document.querySelectorAll("[data-decide]").forEach(choose);
    document.querySelectorAll("[data-task]").forEach(tick);
    document.querySelectorAll("li[data-contact]:has(> .does)").forEach(logging);
  }

  // open opens the line of somebody: in their row if the page has one, else in the dialog.
  function open(who) {
    const row = who && document.querySelector(`[data-touch="${CSS.escape(who)}"]`);
    if (!row) log(who);
    else if (!row.querySelector("form")) line(row, "log", `${row.dataset.write}: `);
  }
  // The page of one person is about that one.
  const own = () => document.querySelector("#brief [data-touch]")?.dataset.touch ?? "";
  const opened = () => location.hash === "#log" && open(own());

  dressAll();
  opened();
  document.addEventListener("kith:update", dressAll);
  addEventListener("hashchange", opened);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, dialog")) return;
    if (event.key === "l") {
      event.preventDefault();
      open(document.activeElement.closest("[data-contact]")?.dataset.contact ?? own());
    } else if (event.key === "u") {
      told?.querySelector("button")?.click();
    } else if (event.key === "Escape") {
      told?.remove();
      told = null;
    }
  });
})();
