/* Finding a point to be drawn beside the others: type, choose with the arrows, Enter adds it. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed } = parktwin.dom;
  const REST_MS = 150;
  const MOST_FOUND = 8;

  function make(add) {
    const input = Object.assign(el("input"), { type: "search", autocomplete: "off", spellcheck: false });
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" }).forEach(([name, value]) => attr(input, name, value));
    const list = attr(el("ul", "found"), "role", "listbox");
    const box = el("div", "finder", input, list);
    const it = { box, input, list, found: [], words: "", at: -1, add, waiting: 0, eager: false };
    list.hidden = true;
    input.addEventListener("input", () => {
      it.eager = false;
      clearTimeout(it.waiting);
      it.waiting = setTimeout(() => ask(it), REST_MS);
    });
    input.addEventListener("keydown", (event) => keys(event, it));
    input.addEventListener("blur", () => close(it));
    return it;
  }

  async function ask(it) {
    const words = it.input.value.trim();
    const query = new URLSearchParams({ q: words, layer: "points", limit: MOST_FOUND });
    try {
      const found = words ? await parktwin.dom.fetchJson(`/api/v1/search?${query}`) : [];
      if (it.input.value.trim() !== words) return;
      Object.assign(it, { found, words, at: found.length ? 0 : -1 });
      if (it.eager && found.length) choose(it, 0);
      else show(it, words && !found.length ? { key: "ui.search.none" } : null);
    } catch {
      show(Object.assign(it, { found: [], at: -1 }), { key: "ui.error.search" });
    }
  }

  function show(it, message) {
    const rows = message ? [{ message }] : it.found;
    it.list.hidden = !rows.length;
    attr(it.input, "aria-expanded", String(rows.length > 0));
    keyed(it.list, rows, (each) => each.id || "message", () => makeRow(it), (row, each, index) => {
      row._index = index;
      say(row.firstChild, each.message || { zh: each.name_zh, en: each.name_en });
      text(row.lastChild, each.id || "");
      attr(row, "aria-selected", String(index === it.at));
    });
  }

  function makeRow(it) {
    const row = attr(el("li", "", el("span", "title"), el("span", "sub")), "role", "option");
    row.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus
      if (it.found[row._index]) choose(it, row._index);
    });
    return row;
  }

  function keys(event, it) {
    if (event.isComposing) return; // the Enter of an input method ends a word
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && it.found.length) {
      it.at = (it.at + step + it.found.length) % it.found.length;
      show(it, null);
    } else if (event.key === "Enter") {
      enter(it);
    } else if (event.key === "Escape" && (it.input.value || !it.list.hidden)) {
      it.input.value = "";
      close(it);
      event.stopPropagation();
    } else {
      return;
    }
    event.preventDefault();
  }

  /* Never what was found for other words: whoever types fast gets it as soon as the answer comes. */
  function enter(it) {
    if (it.input.value.trim() !== it.words) {
      clearTimeout(it.waiting);
      it.eager = true;
      ask(it);
    } else if (it.at >= 0) {
      choose(it, it.at);
    }
  }

  function choose(it, index) {
    const { id } = it.found[index];
    it.input.value = "";
    close(it);
    it.add(id);
  }

  function close(it) {
    clearTimeout(it.waiting);
    Object.assign(it, { found: [], words: "", at: -1, eager: false });
    show(it, null);
  }

  function redraw(it, full) {
    const hint = parktwin.i18n.say(full ? { key: "trend.full", args: { n: parktwin.history.MOST } } : { key: "trend.add.hint" });
    it.input.placeholder = full ? hint : parktwin.i18n.say({ key: "trend.add" });
    it.input.disabled = full;
    attr(attr(it.input, "aria-label", hint), "title", hint);
  }

  parktwin.historyFinder = { make, redraw };
})((window.parktwin = window.parktwin || {}));
