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

  // say tells what came of an action, with the way back.
  function say(place, answer, done) {
    place.querySelector(".told")?.remove();
    const told = make("p", { class: "told", role: "status", "data-live": "keep" });
    if (answer.ok) {
      told.append(done, " ", make("small", {}, [answer.read, answer.said].filter(Boolean).join(" · ")));
      if (answer.undo) {
        const undo = make("button", { type: "button" }, "Undo");
        undo.onclick = async () => {
          const back = await act({ do: "undo", hash: answer.undo });
          told.replaceChildren(back.ok ? "Taken back." : problem(back));
          if (back.ok) told.closest("[data-contact]")?.classList.remove("done");
        };
        told.append(undo);
        queueMicrotask(() => undo.focus({ preventScroll: true }));
      }
    } else {
      told.append(problem(answer));
    }
    place.append(told);
    return told;
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
  const memory = "kith:kind:"; // of each, the last kind of contact
  const kindOf = (who) => localStorage.getItem(memory + who) ?? "email";

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
    let asked = 0;
    const reading = async () => {
      if (what !== "log") return;
      const mine = ++asked;
      const answer = await act({ do: "read", who, text: input.value });
      if (mine === asked) read.textContent = answer.ok && answer.read ? "Reads as " + answer.read : "";
    };
    input.addEventListener("input", reading);
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
      const [first] = input.value.split(/[\s:]/);
      if (what === "log" && first) localStorage.setItem(memory + who, first);
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
      b.onclick = () => line(row, what, begun());
      return b;
    };
    const edit = row.querySelector("a[data-edit]");
    const opens = make("button", { type: "button", class: "plain edit" }, "Edit");
    opens.onclick = async () => {
      const answer = await act({ do: "edit", who });
      if (!answer.ok) say(row, answer);
    };
    put(
      row,
      button("Wrote", "log", () => `${kindOf(who)}: `),
      button("Talked", "log", () => "call: "),
      button("Thanked", "log", () => `${kindOf(who)} thanked: `),
      button("Snooze", "snooze", () => "2w", true),
      button("Ask", "ask", () => "", true),
      button("Promise", "promise", () => "", true),
      button("Every", "every", () => "", true),
      edit ?? opens,
    );
  }

  // choose makes buttons of the answers to how often.
  function choose(row) {
    if (row.querySelector(":scope > button")) return;
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

  function dressAll() {
    document.documentElement.classList.add("touching");
    document.querySelectorAll("[data-touch]").forEach(dress);
    document.querySelectorAll("[data-decide]").forEach(choose);
    document.querySelectorAll("[data-task]").forEach(tick);
    open();
  }

  // #log opens the first line of a page.
  function open() {
    const row = location.hash === "#log" && document.querySelector("[data-touch]");
    if (row && !row.querySelector("form")) line(row, "log", `${kindOf(row.dataset.touch)}: `);
  }
  dressAll();
  document.addEventListener("kith:update", dressAll);
  addEventListener("hashchange", open);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "l" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, dialog")) return;
    const row = document.activeElement.closest("[data-contact]")?.querySelector("[data-touch]") ?? document.querySelector("[data-touch]");
    if (!row) return;
    event.preventDefault();
    line(row, "log", `${kindOf(row.dataset.touch)}: `);
  });
})();
