/* The list behind a figure: its sum is the figure; it can be narrowed and taken away as a file. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, clear } = parktwin.dom;
  let asked = null;
  let title = null;
  let content = null;
  let words = "";
  let before = null;
  let done = () => undefined;

  function box() {
    return parktwin.cid.place("drawer");
  }

  function paramsFor(key) {
    const screen = parktwin.shell.config.screens.find((each) => each.key === key);
    return screen ? parktwin.screen.paramsOf(screen) : {};
  }

  function open(list, name) {
    asked = { ...list, params: paramsFor(list.screen), at: list.screen === "strip" ? null : parktwin.url.state.at, turn: Date.now() };
    title = name;
    content = null;
    words = "";
    before = document.activeElement;
    done();
    done = parktwin.strip.wait();
    parktwin.cid.store("open", asked);
    draw();
    box()._parts.close.focus(); // now and not with the answer: by then somebody may be typing in the filter
  }

  function answered(said) {
    if (!asked || said.asked.turn !== asked.turn) return;
    done();
    content = said.content;
    draw();
  }

  function close() {
    if (!asked) return false;
    asked = null;
    content = null;
    done();
    clear(box());
    delete box()._parts;
    if (before && before.isConnected) before.focus();
    return true;
  }

  function draw() {
    if (!asked) return;
    attr(attr(box(), "role", "dialog"), "aria-label", named());
    const head = part(box(), "head", makeHead);
    part(box(), "close", makeClose);
    say(head._parts.name, named());
    say(head._parts.total, content && content.kind === "table" ? { key: "ui.total", args: { n: content.total } } : "");
    ["csv", "xlsx"].forEach((form) => attr(head._parts[form], "href", address(form)));
    const body = part(box(), "body", () => el("div", "panel"));
    if (content) parktwin.panels.draw(body, narrowed(), { screen: asked.screen, panel: asked.panel });
  }

  /* The panel and the figure that was opened; once where they are the same. */
  function named() {
    const { say: word } = parktwin.i18n;
    return [...new Set([word({ key: `panel.${asked.panel}` }), word(title)])].filter(Boolean).join(" · ");
  }

  function makeHead() {
    const head = el("div", "drawer-head");
    part(head, "name", () => el("h2"));
    part(head, "total", () => el("span", "total"));
    part(head, "filter", makeFilter);
    part(head, "csv", () => el("a", "chip", "CSV"));
    part(head, "xlsx", () => el("a", "chip", "Excel"));
    ["csv", "xlsx"].forEach((form) => attr(head._parts[form], "download", ""));
    return head;
  }

  function makeFilter() {
    const input = el("input");
    input.type = "search";
    const hint = parktwin.i18n.say({ key: "ui.filter" });
    input.placeholder = hint;
    attr(input, "aria-label", hint);
    input.addEventListener("input", () => {
      words = input.value.toLowerCase();
      draw();
    });
    return input;
  }

  function makeClose() {
    const button = parktwin.dom.button("close", { key: "ui.close" }, close);
    button.append(el("span", "icon", parktwin.icons.svg("close")));
    return button;
  }

  function narrowed() {
    if (!words || content.kind !== "table") return content;
    const says = (row) => content.columns.map((column) => parktwin.i18n.say(row[column.key])).join(" ").toLowerCase();
    return { ...content, rows: content.rows.filter((row) => says(row).includes(words)) };
  }

  function address(form) {
    const query = new URLSearchParams({ ...asked.params, format: form, lang: parktwin.i18n.lang });
    if (asked.at) query.set("at", asked.at);
    return `/api/v1/screens/${asked.screen}/lists/${asked.panel}/${asked.item}?${query}`;
  }

  parktwin.url.onChange((state, old) => {
    if (state.path !== old.path || (state.sel && JSON.stringify(state.sel) !== JSON.stringify(old.sel))) close();
  });

  parktwin.drawer = { open, close, answered, redraw: draw };
})((window.parktwin = window.parktwin || {}));
