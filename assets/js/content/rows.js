/* Lists, facts and tables: rows for reading. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, toggle, part, keyed, button } = parktwin.dom;
  const { teach, colourOf, levelShape, empty } = parktwin.panels;

  function makeRow() {
    const first = el("div", "line", el("div", "title", el("span", "badge"), el("span")), el("div", "right"));
    const second = el("div", "line", el("div", "sub"), el("div", "right_sub"));
    return el("li", "", el("span", "shape"), el("div", "words", first, second));
  }

  function fillRow(node, row, context) {
    const [sign, words] = node.children;
    const [first, second] = words.children;
    colourOf(parktwin.explain.mark(node, context, "rows", row.key), row.level);
    toggle(node, "plain", !row.level);
    sign.hidden = !row.level;
    levelShape(sign, row.level || null);
    const [badge, title] = first.firstChild.children;
    say(badge, row.badge);
    badge.hidden = !row.badge;
    say(title, row.title);
    attr(first.firstChild, "title", title.textContent);
    say(first.lastChild, row.right);
    say(second.firstChild, row.sub);
    say(second.lastChild, row.right_sub);
    second.hidden = !row.sub && !row.right_sub;
    parktwin.actions.bind(node, parktwin.actions.of(row, context));
  }

  teach("list", (node, content, context) => {
    const rows = part(node, "rows", () => el("ul", "rows"));
    keyed(rows, content.rows, (row) => row.key, makeRow, (each, row) => fillRow(each, row, context));
    empty(node, content, content.rows.length);
    const more = part(node, "more", () => el("button", "more"));
    node._content = content;
    node._context = context;
    watchRoom(rows, () => fit(node, rows, more));
    fit(node, rows, more);
  });

  const rooms = new ResizeObserver((entries) => entries.forEach(({ target }) => target._fit && target._fit()));

  function watchRoom(rows, refit) {
    if (!rows._fit) rooms.observe(rows);
    rows._fit = refit;
  }

  /* Nothing is cut through the middle and nothing scrolls: rows that do not fit are left out and counted. */
  function fit(node, rows, more) {
    const content = node._content;
    const items = [...rows.children];
    const bottom = rows.getBoundingClientRect().bottom + 1;
    const within = items.filter((each) => each.getBoundingClientRect().bottom <= bottom).length;
    items.forEach((each, at) => { each.style.visibility = at < within || rows.scrollHeight <= rows.clientHeight + 1 ? "" : "hidden"; });
    const left = content.total - (rows.scrollHeight <= rows.clientHeight + 1 ? items.length : within);
    more.hidden = left <= 0;
    if (left > 0) say(more, { key: "ui.more", args: { n: left } });
    parktwin.explain.mark(more, node._context, "total");
    const action = typeof content.list === "string" ? { list: content.list, label: content.title || { key: `panel.${node._context.panel}` } } : null;
    parktwin.actions.bind(more, action ? parktwin.actions.of(action, node._context) : null);
  }

  teach("facts", (node, content, context) => {
    const box = part(node, "box", () => el("div", "facts"));
    keyed(box, content.rows, (_, index) => index, () => el("div", "fact", el("span"), el("b"), el("span", "note")), (each, row, index) => {
      say(parktwin.explain.mark(each, context, "rows", index).children[0], row.label);
      say(each.children[1], precise(row.value));
      say(each.children[2], row.note);
      parktwin.actions.bind(each, parktwin.actions.of(row, context));
    });
  });

  /* A clock time among facts is said to the second. */
  function precise(said) {
    return said && typeof said.at === "string" ? parktwin.i18n.clock(said.at, true) : said;
  }

  function cell(node, column, said) {
    if (column.type === "level") {
      colourOf(node, parktwin.rows.COLOURS[said] || said);
      const sign = part(node, "sign", () => el("span", "shape"));
      levelShape(sign, parktwin.rows.COLOURS[said] || said);
      text(part(node, "badge", () => el("span", "badge")), ` ${said || ""}`);
      return;
    }
    if (column.type === "file") return void files(node, said);
    if (column.type === "time" && said && said.at) text(node, parktwin.i18n.clock(said.at, true));
    else if (column.type === "duration") text(node, duration(said));
    else if (column.type === "number") text(node, said === null || said === undefined ? "—" : parktwin.i18n.number(said));
    else attr(say(node, said === null || said === undefined ? "—" : said), "title", node.textContent);
  }

  /* Attachments of a row, each opened in a tab of its own; what cannot be opened is told without a link. */
  function files(node, said) {
    keyed(node, said || [], (one, index) => `${index} ${one.href || ""}`, (one) => el(one.href ? "a" : "span", "file"), (each, one) => {
      say(each, one.text);
      if (one.href) Object.assign(each, { href: parktwin.panels.safeAddress(one.href), target: "_blank", rel: "noopener" });
    });
  }

  function duration(said) {
    if (said === null || said === undefined) return "—";
    const seconds = said.since ? (parktwin.ages.shown() - Date.parse(said.since)) / 1000 : said;
    return parktwin.i18n.stopwatch(seconds);
  }

  teach("table", (node, content, context) => {
    if (content.filters) parktwin.filters.bar(part(node, "bar", () => el("div", "ledger-bar")), content);
    const wrap = part(node, "wrap", () => el("div", "table-wrap", el("table", "table", el("thead", "", el("tr")), el("tbody"))));
    const [head, body] = wrap.firstChild.children;
    keyed(head.firstChild, content.columns, (one) => one.key, () => el("th"), (each, one) => {
      each.className = one.type;
      say(each, one.label);
      if (one.unit) each.append(` ${one.unit}`);
    });
    keyed(body, content.rows, (row, index) => index, () => el("tr"), (each, row) => {
      keyed(each, content.columns, (one) => one.key, (one) => el("td", one.type), (one, column) => cell(one, column, row[column.key]));
      if (row.key) parktwin.explain.mark(each, context, "rows", row.key);
      parktwin.actions.bind(each, parktwin.actions.of(row, context));
    });
    empty(node, content, content.rows.length);
    attr(wrap, "tabindex", "0");
    if (content.acts) ways(part(node, "ways", () => el("div", "acts ways")), content.acts, wrap);
  });

  /* The pages beside a page. */
  function ways(node, acts, wrap) {
    keyed(node, acts, (one) => one.key, () => button("act-button", null, (event) => {
      parktwin.filters.ask(event.currentTarget._params);
      wrap.scrollTop = 0;
    }), (each, one) => {
      each._params = one.params;
      say(each, one.label);
    });
  }

  parktwin.rows = { COLOURS: { S: "red", A: "red", B: "orange", C: "yellow", D: "blue" } };
})((window.parktwin = window.parktwin || {}));
