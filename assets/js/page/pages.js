/* Leaves of the columns: each side shows one page of plates, chosen by quiet tabs below it. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, toggle, keyed } = parktwin.dom;
  const chosen = new Map(); // side -> page, while the screen stands

  function columns() {
    return [...document.querySelectorAll(".screen .column")];
  }

  function pagesOf(column) {
    return [...column.querySelectorAll(":scope > .page")].map((each) => each.dataset.page);
  }

  function mount() {
    chosen.clear();
    columns().forEach((column) => chosen.set(column.dataset.side, pagesOf(column)[0]));
    redraw();
  }

  function choose(side, page) {
    chosen.set(side, page);
    redraw();
  }

  function redraw() {
    ["left", "right"].forEach((side) => parktwin.cid.place(`pages-${side}`).replaceChildren());
    columns().forEach((column) => {
      const { side } = column.dataset;
      const pages = pagesOf(column);
      column.querySelectorAll(":scope > .page").forEach((each) => toggle(each, "away", each.dataset.page !== chosen.get(side)));
      if (pages.length > 1) tabs(side, pages);
    });
  }

  function tabs(side, pages) {
    const box = parktwin.cid.place(`pages-${side}`);
    if (!box) return;
    const list = attr(el("div", "tabs"), "role", "tablist");
    delete list._byKey;
    keyed(list, pages, (page) => page, (page) => {
      const tab = attr(el("button", "tab"), "role", "tab");
      tab.type = "button";
      tab.addEventListener("click", () => choose(side, page));
      return tab;
    }, (tab, page) => {
      say(tab, { key: `page.${page}` });
      attr(tab, "aria-selected", String(chosen.get(side) === page));
    });
    box.replaceChildren(list);
  }

  /* The next page on every side, for the kiosk's rotation; true when all have come round. */
  function turn() {
    const every = columns().map((column) => [column.dataset.side, pagesOf(column)]).filter(([, pages]) => pages.length > 1);
    every.forEach(([side, pages]) => chosen.set(side, pages[(pages.indexOf(chosen.get(side)) + 1) % pages.length]));
    redraw();
    return every.every(([side, pages]) => chosen.get(side) === pages[0]);
  }

  parktwin.pages = { mount, redraw, turn, choose };
})((window.parktwin = window.parktwin || {}));
