/* The plate of tools beside the toolbar: each with its key. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed } = parktwin.dom;
  const TOOLS = [["measure", "m"], ["circle", "c"], ["polygon", "p"], ["picture", "e"], ["print", ""], ["sheet", "?"]];
  let opener = null;

  function box() {
    return parktwin.cid.place("tools");
  }

  function toggle() {
    if (close()) return;
    closeAll();
    opener = document.activeElement;
    box().append(attr(el("div", "menu"), "role", "menu"));
    redraw();
    box().querySelector("button").focus();
  }

  function redraw() {
    const menu = box() && box().querySelector(".menu");
    if (!menu) return;
    attr(menu, "aria-label", parktwin.i18n.say({ key: "ui.tool.tools" }));
    keyed(menu, TOOLS, ([name]) => name, makeTool, (button, [name, key]) => {
      say(button.children[1], { key: `tools.${name}` });
      text(button.lastChild, key.toUpperCase());
    });
    pressed(true);
  }

  function makeTool([name]) {
    const button = attr(parktwin.dom.button("menu-tool", null, () => choose(name)), "role", "menuitem");
    button.append(el("span", "icon", parktwin.icons.svg(name)), el("span"), el("kbd"));
    button.addEventListener("keydown", (event) => step(event, button));
    return attr(button, "data-tool", name);
  }

  function step(event, button) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = [...button.parentNode.children];
    all[(all.indexOf(button) + by + all.length) % all.length].focus();
  }

  function choose(name) {
    close();
    parktwin.tools[name]();
  }

  function close() {
    if (!box().firstChild) return false;
    const inside = box().contains(document.activeElement);
    box().replaceChildren();
    pressed(false);
    if (inside && opener && opener.isConnected) opener.focus();
    return true;
  }

  function pressed(on) {
    attr(document.querySelector("[data-press=tools]"), "aria-expanded", String(on));
  }

  /* One plate stands beside the toolbar at a time. */
  function closeAll() {
    close();
    [parktwin.views, parktwin.search, parktwin.layers].forEach((each) => each.close());
  }

  /* What is on top closes first, before what the page itself closes. */
  function escape(event) {
    if (event.key !== "Escape" || parktwin.tools.busy) return;
    if (parktwin.keysheet.close() || close() || parktwin.views.close()) event.stopPropagation();
  }

  function start() {
    document.addEventListener("keydown", escape, true);
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-press=search], [data-press=layers]")) return;
      close();
      parktwin.views.close();
    }, true);
    parktwin.i18n.onChange(() => [redraw, parktwin.keysheet.redraw].forEach((each) => each()));
  }

  parktwin.menu = { start, toggle, close, closeAll };
})((window.parktwin = window.parktwin || {}));
