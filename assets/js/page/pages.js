/* Leaves of the columns: each side shows one page of plates; what does not fit on a leaf goes to the page's next one. */
(function (parktwin) {
  "use strict";

  const { el, text, attr, toggle, keyed, part } = parktwin.dom;
  const chosen = new Map(); // side -> { page, leaf, screen }, while the screen stands
  let counts = new Map(); // "side page" -> number of leaves
  let pending = 0;

  function columns() {
    return [...document.querySelectorAll(".screen .column")];
  }

  function pagesOf(column) {
    return [...column.querySelectorAll(":scope > .page")];
  }

  const rooms = new ResizeObserver(() => {
    if (!pending) pending = requestAnimationFrame(redraw);
  });

  /* A frame may be sooner than the word that its places are made: what was chosen then already stays. */
  function mount() {
    const screen = parktwin.screen.here;
    [...chosen].forEach(([side, now]) => now.screen === screen || chosen.delete(side));
    rooms.disconnect();
    columns().forEach((column) => {
      const { side } = column.dataset;
      if (!chosen.has(side)) chosen.set(side, { page: pagesOf(column)[0].dataset.page, leaf: 0, screen });
      rooms.observe(column);
      column.querySelectorAll(".panel").forEach((panel) => rooms.observe(panel));
    });
    redraw();
  }

  function choose(side, page, leaf) {
    chosen.set(side, { page, leaf, screen: parktwin.screen.here });
    redraw();
  }

  /* Which leaf each plate of a shown page stands on; wide walls have two columns on a leaf. */
  function leavesOf(page) {
    const plates = [...page.children];
    plates.forEach((plate) => toggle(plate, "gone", false));
    const { height, width } = page.getBoundingClientRect();
    const gap = parseFloat(getComputedStyle(page).rowGap) || 0;
    const abreast = plates.length ? Math.max(1, Math.round(width / plates[0].getBoundingClientRect().width)) : 1;
    let [column, used] = [0, 0];
    return plates.map((plate) => {
      const needed = Math.min(height, needOf(plate));
      if (used && used + gap + needed > height + 1) [column, used] = [column + 1, 0];
      used += (used ? gap : 0) + needed;
      return Math.floor(column / abreast);
    });
  }

  /* A plate that takes what is left needs little; another needs what its content does. */
  function needOf(plate) {
    if (plate.classList.contains("grows")) return parseFloat(getComputedStyle(plate).minHeight) || 0;
    const panel = plate.querySelector(".panel");
    return plate.getBoundingClientRect().height + Math.max(0, panel.scrollHeight - panel.clientHeight);
  }

  function redraw() {
    pending = 0;
    counts = new Map();
    const pages = {};
    columns().filter((column) => chosen.has(column.dataset.side)).forEach((column) => {
      pagesOf(column).forEach((page) => lay(column.dataset.side, page));
      pages[column.dataset.side] = pagesOf(column).map((page) => page.dataset.page);
    });
    const first = pages.main ? "main" : "left"; // a screen has the one or the other
    tabs("left", first, pages[first] || []);
    tabs("right", "right", pages.right || []);
  }

  function lay(side, page) {
    const now = chosen.get(side);
    const shown = page.dataset.page === now.page;
    toggle(page, "away", !shown);
    if (!shown) return;
    const leaves = leavesOf(page);
    const count = Math.max(0, ...leaves) + 1;
    now.leaf = Math.min(now.leaf, count - 1);
    counts.set(`${side} ${now.page}`, count);
    [...page.children].forEach((plate, at) => toggle(plate, "gone", leaves[at] !== now.leaf));
  }

  /* Tabs keep their elements: one that is pressed while the plates are laid anew is still there when it is let go. */
  function tabs(place, side, pages) {
    const list = part(parktwin.cid.place(`pages-${place}`), "list", () => el("div", "tabs"));
    const count = (pages.length && counts.get(`${side} ${chosen.get(side).page}`)) || 1;
    const shown = pages.length > 1 || count > 1 ? pages : [];
    attr(list, "role", shown.length ? "tablist" : null);
    keyed(list, shown, (page) => `${side} ${page}`, (page) => makeTab(side, page), (tab, page) => {
      const now = chosen.get(side);
      const here = now.page === page;
      const which = here && count > 1 ? ` ${now.leaf + 1}/${count}` : "";
      text(tab, parktwin.i18n.say({ key: `page.${page}` }) + which);
      attr(tab, "aria-selected", String(here));
    });
  }

  function makeTab(side, page) {
    const tab = attr(el("button", "tab"), "role", "tab");
    tab.type = "button";
    tab.addEventListener("click", () => {
      const now = chosen.get(side);
      const count = counts.get(`${side} ${page}`) || 1;
      choose(side, page, now.page === page ? (now.leaf + 1) % count : 0);
    });
    return tab;
  }

  /* The next leaf on every side, for the kiosk; true when all have come round. */
  function turn() {
    const rounds = columns().map((column) => {
      const { side } = column.dataset;
      const pages = pagesOf(column).map((page) => page.dataset.page);
      const now = chosen.get(side);
      const more = now.leaf + 1 < (counts.get(`${side} ${now.page}`) || 1);
      const next = more ? now.page : pages[(pages.indexOf(now.page) + 1) % pages.length];
      choose(side, next, more ? now.leaf + 1 : 0);
      return !more && next === pages[0];
    });
    return rounds.every(Boolean);
  }

  parktwin.pages = { mount, redraw, turn, choose };
})((window.parktwin = window.parktwin || {}));
