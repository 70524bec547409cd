/* The ledger of alarms: filters that stand in the address, lines that can be chosen, floods in one line that opens. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, toggle, part, keyed, button } = parktwin.dom;
  const { teach, levelShape, colourOf, empty } = parktwin.panels;
  const open = new Set(); // floods whose lines are shown
  const chosen = new Set(); // ids of alarms

  teach("ledger", (node, content, context) => {
    node._content = content;
    if (content.filters) bar(part(node, "bar", () => el("div", "ledger-bar")), content, context);
    const grid = part(node, "grid", () => attr(el("div", "ledger"), "tabindex", "-1"));
    toggle(grid, "choosing", content.filters);
    if (content.filters) heads(part(grid, "heads", () => el("div", "ledger-heads", ...HEADS.map(() => el("span")))));
    const lines = content.rows.flatMap((row) => (row.rows && open.has(row.key) ? [row, ...row.rows.map((each) => ({ ...each, inner: true, flood: row.key }))] : [row]));
    keyed(part(grid, "lines", () => el("div", "ledger-lines")), lines, (row) => (row.inner ? `${row.flood} ${row.key}` : row.key), () => line(node), (each, row) => fill(each, row, context, node));
    if (!grid._watched) rooms.observe(grid);
    grid._watched = true;
    fit(grid);
    empty(node, content, content.rows.length);
    const left = content.total - (content.shown === undefined ? content.rows.length : content.shown);
    const more = part(node, "more", () => el("p", "quiet ledger-more"));
    more.hidden = left <= 0;
    if (left > 0) say(more, { key: "desk.more", args: { n: left } });
    if (content.filters) parktwin.acting.batch(node, chosenOf(content));
  });

  /* On a wall nothing scrolls and nothing is cut through: lines without room are left out. */
  const rooms = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)));

  function fit(grid) {
    const still = parktwin.url.state.mode !== "desk";
    const bottom = grid.getBoundingClientRect().bottom + 1;
    [...grid._parts.lines.children].forEach((each) => { each.style.visibility = still && each.getBoundingClientRect().bottom > bottom ? "hidden" : ""; });
  }

  const HEADS = [null, null, "at", "owner", "title", "stage", "by", "lasts"];

  function heads(node) {
    HEADS.forEach((name, index) => name && say(node.children[index], { key: `desk.column.${name}` }));
  }

  /* Only what is still on the list can be acted on. */
  function chosenOf(content) {
    const here = new Set(content.rows.flatMap((row) => (row.rows || [row]).map((each) => each.key)));
    [...chosen].filter((id) => !here.has(id)).forEach((id) => chosen.delete(id));
    return { ids: [...chosen], clear: () => { chosen.clear(); parktwin.panels.redraw(); } };
  }

  function line(node) {
    const tick = attr(el("input", "ledger-tick"), "type", "checkbox");
    tick.addEventListener("click", (event) => {
      event.stopPropagation();
      tick._ids.forEach((id) => (tick.checked ? chosen.add(id) : chosen.delete(id)));
      parktwin.panels.redraw();
    });
    const sign = el("span", "level", el("span", "shape"), el("b", "badge"));
    const title = el("span", "ledger-title", el("span", "said"), el("span", "quiet"));
    return el("div", "ledger-line", tick, sign, el("span", "at"), el("span", "owner"), title, el("span", "stage", el("span"), el("span", "sign")), el("span", "by"), el("span", "lasts"));
  }

  function fill(node, row, context) {
    const [tick, sign, at, owner, title, stage, by, lasts] = node.children;
    toggle(toggle(toggle(node, "flood", row.rows), "inner", row.inner), "over", !row.level);
    attr(node, "data-id", row.pick ? row.pick.id : null);
    tick._ids = row.rows ? row.rows.map((each) => each.key) : [row.key];
    tick.checked = tick._ids.every((id) => chosen.has(id));
    attr(tick, "aria-label", parktwin.i18n.say({ key: "desk.pick" }));
    colourOf(parktwin.explain.mark(node, context, "rows", row.key), row.level);
    levelShape(sign.firstChild, row.level || null);
    text(sign.lastChild, row.badge);
    say(at, row.at);
    say(owner, row.owner);
    say(title.firstChild, row.title);
    text(title.lastChild, row.sub);
    attr(title, "title", title.firstChild.textContent);
    say(stage.firstChild, row.stage);
    say(stage.lastChild, row.sign);
    say(by, row.by || (row.rows ? "" : { key: "desk.nobody" }));
    say(lasts, row.rows || !row.from ? "" : row.to ? parktwin.i18n.stopwatch((Date.parse(row.to.at) - Date.parse(row.from.at)) / 1000) : { since: row.from.at });
    const selected = parktwin.url.state.sel && row.pick && parktwin.url.state.sel.id === row.pick.id;
    attr(node, "aria-current", selected ? "true" : null);
    parktwin.actions.bind(node, row.rows ? { call: () => fold(row.key) } : parktwin.actions.of(row, context));
    attr(node, "aria-expanded", row.rows ? String(open.has(row.key)) : null);
  }

  function fold(key) {
    if (!open.delete(key)) open.add(key);
    parktwin.panels.redraw();
  }

  /* Filters, and the way to the list that can be taken away as a file. */
  function bar(node, content, context) {
    parktwin.filters.bar(node, content);
    const take = part(node, "export", () => button("chip", null, () => parktwin.drawer.open({ screen: context.screen, panel: context.panel, item: content.list }, { key: `panel.${context.panel}` })));
    say(take, { key: "desk.export" });
  }
})((window.parktwin = window.parktwin || {}));
