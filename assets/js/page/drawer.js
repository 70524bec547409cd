/* The drawer over the map: the list behind a figure, which can be narrowed and taken away as a file, or where it comes from. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, clear } = parktwin.dom;
  let view = null; // what lies in the drawer: { named, head, body, left }
  let before = null;

  function box() {
    return parktwin.cid.place("drawer");
  }

  /* A detail is of what is selected, a screen of what its address says. */
  function paramsFor(key) {
    const { sel } = parktwin.url.state;
    if (key === "detail") return sel ? { layer: sel.layer, id: sel.id } : {};
    const screen = parktwin.shell.config.screens.find((each) => each.key === key);
    return screen ? parktwin.screen.paramsOf(screen) : {};
  }

  /* Screen, panel, parameters and moment of what is opened; the strip is always live. */
  function asking(screen, panel) {
    return { screen, panel, params: paramsFor(screen), at: screen === "strip" ? null : parktwin.url.state.at };
  }

  function host(next) {
    if (view) leave();
    else before = document.activeElement;
    view = next;
    draw();
    box()._parts.close.focus(); // now and not with the answer: by then somebody may be typing in the filter
  }

  function leave() {
    view.left();
    clear(box());
    delete box()._parts;
  }

  function close() {
    if (!view) return false;
    leave();
    view = null;
    if (before && before.isConnected) before.focus();
    return true;
  }

  function draw() {
    if (!view) return;
    attr(attr(box(), "role", "dialog"), "aria-label", view.named());
    const head = part(box(), "head", () => el("div", "drawer-head"));
    part(box(), "close", makeClose);
    say(part(head, "name", () => el("h2")), view.named());
    view.head(head);
    view.body(part(box(), "body", () => el("div", "panel")));
  }

  function makeClose() {
    const button = parktwin.dom.button("close", { key: "ui.close" }, close);
    button.append(el("span", "icon", parktwin.icons.svg("close")));
    return button;
  }

  /* The panel and what of it was opened; once where they are the same. */
  function named(panel, ...said) {
    const { say: word } = parktwin.i18n;
    return [...new Set([word({ key: `panel.${panel}` }), ...said.map(word)])].filter(Boolean).join(" · ");
  }

  /* A list: ``figure`` is the path of the number that opened it. */
  function open(list, title, figure) {
    const asked = { ...asking(list.screen, list.panel), item: list.item, turn: Date.now() };
    const done = parktwin.strip.wait();
    let words = "";
    const mine = {
      asked,
      content: null,
      named: () => named(asked.panel, title),
      left: done,
      answered(content) {
        done();
        mine.content = content;
        draw();
      },
      head(head) {
        const { content } = mine;
        say(part(head, "total", () => el("span", "total")), content && content.kind === "table" ? { key: "ui.total", args: { n: content.total } } : "");
        part(head, "filter", () => makeFilter((typed) => { words = typed; draw(); }));
        say(part(head, "why", () => parktwin.dom.button("chip", null, () => parktwin.explain.open(asked.screen, asked.panel, figure, () => open(list, title, figure)))), { key: "explain.ask" });
        ["csv", "xlsx"].forEach((form) => attr(part(head, form, () => attr(el("a", "chip", FORMS[form]), "download", "")), "href", address(asked, form)));
      },
      body(node) {
        if (mine.content) parktwin.panels.draw(node, narrowed(mine.content, words), { screen: asked.screen, panel: asked.panel });
      },
    };
    host(mine);
    parktwin.cid.store("open", asked);
  }

  const FORMS = { csv: "CSV", xlsx: "Excel" };

  function answered(said) {
    if (view && view.asked && said.asked.turn === view.asked.turn) view.answered(said.content);
  }

  function makeFilter(typed) {
    const input = el("input");
    input.type = "search";
    const hint = parktwin.i18n.say({ key: "ui.filter" });
    input.placeholder = hint;
    attr(input, "aria-label", hint);
    input.addEventListener("input", () => typed(input.value.toLowerCase()));
    return input;
  }

  function narrowed(content, words) {
    if (!words || content.kind !== "table") return content;
    const says = (row) => content.columns.map((column) => parktwin.i18n.say(row[column.key])).join(" ").toLowerCase();
    return { ...content, rows: content.rows.filter((row) => says(row).includes(words)) };
  }

  function address(asked, form) {
    const query = new URLSearchParams({ ...asked.params, format: form, lang: parktwin.i18n.lang });
    if (asked.at) query.set("at", asked.at);
    return `/api/v1/screens/${asked.screen}/lists/${asked.panel}/${asked.item}?${query}`;
  }

  parktwin.url.onChange((state, old) => {
    if (state.path !== old.path || (state.sel && JSON.stringify(state.sel) !== JSON.stringify(old.sel))) close();
  });

  parktwin.drawer = { open, host, close, answered, asking, named, redraw: draw };
})((window.parktwin = window.parktwin || {}));
