/* What is shown once and never again: it stands in the page while its window is open, and nowhere after. */
(function (parktwin) {
  "use strict";

  const { el, say, text, button } = parktwin.dom;

  /* ``rows``: label and value each; those without a value are left out. */
  function show(rows) {
    const told = rows.filter((row) => row.value);
    if (!told.length) return;
    const box = el("dialog", "once", say(el("h2"), { key: "accounts.once.title" }), say(el("p", "quiet"), { key: "accounts.once.said" }));
    told.forEach((row) => box.append(line(row)));
    box.append(say(button("act-button first", null, () => box.close()), { key: "accounts.once.done" }));
    box.addEventListener("close", () => box.remove());
    box.addEventListener("keydown", (event) => event.stopPropagation());
    parktwin.shell.root().append(box);
    box.showModal();
  }

  function line(row) {
    const value = text(el("code"), row.value);
    const copy = say(button("act-button", null, () => take(value, row.value, copy)), { key: "accounts.once.copy" });
    return el("div", "once-row", say(el("span", "quiet"), row.label), value, copy);
  }

  /* Over plain HTTP a page may not write the clipboard: then it is chosen, to be copied by hand. */
  async function take(node, value, copy) {
    window.getSelection().selectAllChildren(node);
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(value);
    say(copy, { key: "accounts.once.copied" });
  }

  parktwin.once = { show };
})((window.parktwin = window.parktwin || {}));
