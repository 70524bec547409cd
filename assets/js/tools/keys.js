/* Single keys for everything that has a button, unless somebody types or has switched them off. */
(function (parktwin) {
  "use strict";

  const KEPT = "parktwin.letters";
  // ``press``: a button of the shell; ``tool``: one of the tools. The sheet of keys shows them in this order.
  const LETTERS = [
    { keys: ["/"], say: "ui.tool.search", press: "search" },
    { keys: ["l"], say: "ui.tool.layers", press: "layers" },
    { keys: ["t"], say: "ui.tool.tools", press: "tools" },
    { keys: ["m"], say: "tools.measure", tool: "measure" },
    { keys: ["c"], say: "tools.circle", tool: "circle" },
    { keys: ["p"], say: "tools.polygon", tool: "polygon" },
    { keys: ["e"], say: "tools.picture", tool: "picture" },
    { keys: ["v"], say: "ui.tool.views", press: "views" },
    { keys: ["3"], say: "ui.tool.space", press: "space" },
    { keys: ["+", "="], say: "ui.tool.zoom_in", press: "zoom_in" },
    { keys: ["-"], say: "ui.tool.zoom_out", press: "zoom_out" },
    { keys: ["0"], say: "ui.tool.home", press: "home" },
    { keys: ["g"], say: "keys.map", act: () => parktwin.cross.focus() },
    { keys: ["b"], say: "ui.timebar", act: () => document.querySelector(".rail .knob").focus() },
    { keys: ["w"], say: "keys.why", act: () => parktwin.explain.ask() },
    { keys: ["n"], say: "keys.live", act: () => parktwin.url.set({ at: null }) },
    { keys: ["?"], say: "keys.sheet", tool: "sheet" },
  ];

  function button(name) {
    return document.querySelector(`[data-press="${name}"]`);
  }

  /* Those that do something on this page. */
  function letters() {
    return LETTERS.filter((each) => !each.press || button(each.press));
  }

  function on() {
    return window.localStorage.getItem(KEPT) !== "off";
  }

  function turn(wanted) {
    window.localStorage.setItem(KEPT, wanted ? "on" : "off");
  }

  function typing(node) {
    return node instanceof HTMLElement && (["INPUT", "TEXTAREA", "SELECT"].includes(node.tagName) || node.isContentEditable) && node.type !== "checkbox";
  }

  function heard(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!parktwin.tools.atDesk() || typing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const found = letters().find((each) => each.keys.includes(key));
    if (!found || (!on() && key !== "?")) return;
    event.preventDefault();
    perform(found);
  }

  function perform(each) {
    if (each.press) button(each.press).click();
    else if (each.tool) parktwin.tools[each.tool]();
    else each.act();
  }

  function start() {
    document.addEventListener("keydown", heard);
  }

  parktwin.keys = { start, letters, on, turn };
})((window.parktwin = window.parktwin || {}));
