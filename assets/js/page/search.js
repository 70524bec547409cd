/* Search by name or id: type, choose with the arrows, and the map goes there. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed } = parktwin.dom;
  const REST_MS = 150;
  let waiting = 0;
  let found = []; // what was found for `answered`
  let answered = "";
  let at = -1;
  let eager = false; // Enter was pressed before the answer had come

  function box() {
    return parktwin.cid.place("search");
  }

  function toggle() {
    if (close()) return;
    parktwin.layers.close();
    const input = el("input");
    Object.assign(input, { type: "search", autocomplete: "off", spellcheck: false });
    input.addEventListener("input", () => {
      eager = false;
      clearTimeout(waiting);
      waiting = setTimeout(() => ask(input.value), REST_MS);
    });
    input.addEventListener("keydown", keys);
    const list = attr(el("ul", "found"), "role", "listbox");
    Object.entries({ role: "combobox", "aria-expanded": "true", "aria-autocomplete": "list" }).forEach(([name, value]) => attr(input, name, value));
    box().append(input, list, el("p", "empty"));
    redraw();
    input.focus();
  }

  function close() {
    if (!box().firstChild) return false;
    clearTimeout(waiting);
    box().replaceChildren();
    found = [];
    answered = "";
    at = -1;
    eager = false;
    return true;
  }

  async function ask(words) {
    const asked = words.trim();
    try {
      const answer = asked ? await parktwin.dom.fetchJson(`/api/v1/search?${new URLSearchParams({ q: asked, limit: 20 })}`) : [];
      const input = box().querySelector("input");
      if (!input || input.value.trim() !== asked) return;
      found = answer;
      answered = asked;
      at = found.length ? 0 : -1;
      if (eager && at === 0) choose(at);
      else show(asked && !found.length ? { key: "ui.search.none" } : "");
    } catch {
      show({ key: "ui.error.search" });
    }
  }

  function show(message) {
    const list = box().querySelector(".found");
    if (!list) return;
    keyed(list, found, (each) => `${each.layer}:${each.id}`, () => {
      const row = attr(el("li", "", el("span", "title"), el("span", "sub")), "role", "option");
      row.addEventListener("click", () => choose(row._index));
      return row;
    }, (row, each, index) => {
      row._index = index;
      say(row.firstChild, { zh: each.name_zh, en: each.name_en });
      text(row.lastChild, each.id);
      attr(row, "aria-selected", String(index === at));
    });
    say(box().lastChild, message);
  }

  function keys(event) {
    if (event.isComposing) return; // the Enter of an input method ends a word
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      at = (at + step + found.length) % found.length;
      show("");
      box().querySelector("[aria-selected='true']").scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      enter(event.target.value);
    }
  }

  /* Never to what was found for other words: whoever types fast goes there as soon as the answer comes. */
  function enter(words) {
    if (words.trim() !== answered) {
      clearTimeout(waiting);
      eager = true;
      ask(words);
    } else if (at >= 0) {
      choose(at);
    }
  }

  function choose(index) {
    const each = found[index];
    close();
    parktwin.map.flyTo({ lon: each.lon, lat: each.lat, zoom: 16.5 });
    parktwin.url.set({ sel: { layer: each.layer, id: each.id } });
  }

  function redraw() {
    const input = box() && box().querySelector("input");
    if (!input) return;
    const hint = parktwin.i18n.say({ key: "ui.search.hint" });
    input.placeholder = hint;
    attr(input, "aria-label", hint);
    show("");
  }

  parktwin.search = { toggle, close, redraw };
})((window.parktwin = window.parktwin || {}));
