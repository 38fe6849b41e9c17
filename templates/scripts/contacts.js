// Sorts and filters the people of contacts.html. What is chosen stands behind #
// in the address. A row's data-k is: its state, the days when it is due and of the
// last touch (since 1970), the places of its circles and tags in their lists.
(() => {
  const location = window.sealed?.location ?? window.location; // as in kith.js
  const form = document.querySelector(".sift");
  const list = document.querySelector(".directory");
  const found = document.querySelector(".hits");
  if (!form) return;
  const [many, more] = found.querySelectorAll("span, button");
  const never = 1e9;
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

  let orders; // the rows in each order asked for
  function order(by) {
    orders ??= {
      "": Array.from(list.getElementsByTagName("li"), (li) => {
        const [state, due, last, circle, tag] = li.dataset.k.split(",");
        return { li, state, due: +(state < 5 && due || never), last: +(last || never), circle: ` ${circle} `, tag: ` ${tag} ` };
      }),
    };
    return (orders[by] ??= orders[""].toSorted((a, b) => a[by] - b[by]));
  }

  // copy is a row with the day by which it is sorted.
  function copy(row, by) {
    const li = row.li.cloneNode(true);
    if (by && row[by] < never) {
      li.querySelector("small")?.remove();
      li.append(Object.assign(document.createElement("small"), { textContent: day.format(row[by] * 864e5) }));
    }
    return li;
  }

  let size = 100; // how many are shown
  function apply() {
    const hash = location.hash.slice(1);
    const want = new URLSearchParams(hash.includes("=") ? hash : "");
    for (const field of form.elements) {
      const value = want.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
      if (field.selectedIndex < 0) field.value = "";
    }
    const { sort, circle, tag, state, archived } = form.elements;
    const place = (field) => (field?.value ? ` ${field.selectedIndex - 1} ` : "");
    const by = sort.value, c = place(circle), t = place(tag), s = state.selectedOptions[0].dataset.k, all = archived?.checked;
    const sifted = by || c || t || s || all;
    list.hidden = form.nextElementSibling.hidden = sifted;
    found.hidden = !sifted;
    for (const old of found.querySelectorAll("ol")) old.remove();
    if (!sifted) return;
    const hits = order(by).filter((r) => (all || r.state !== "6") && (!s || s.includes(r.state)) && r.circle.includes(c) && r.tag.includes(t));
    many.textContent = hits.length === 1 ? "1 person" : hits.length + " people";
    const show = (from, to) => {
      const ol = Object.assign(document.createElement("ol"), { className: "people group" });
      ol.append(...hits.slice(from, to).map((row) => copy(row, by)));
      more.before(ol);
      more.hidden = to >= hits.length;
    };
    more.onclick = () => show(size, (size += 100));
    show(0, size);
  }

  form.onchange = () => {
    const want = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    location.replace("#" + want);
  };
  addEventListener("hashchange", () => {
    size = 100;
    apply();
  });
  document.addEventListener("kith:update", () => {
    orders = null;
    apply();
  });
  apply();
})();
