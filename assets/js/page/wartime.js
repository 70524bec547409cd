/* The park's mode, peacetime or wartime: the whole page is marked by it, and the strip says it. */
(function (parktwin) {
  "use strict";

  const WARTIME = "wartime";
  let mode = "peacetime";

  function start() {
    parktwin.live.on("mode", (said) => become(said.mode === WARTIME ? WARTIME : "peacetime"));
  }

  function become(next) {
    if (mode === next) return;
    mode = next;
    parktwin.dom.toggle(parktwin.shell.root(), WARTIME, mode === WARTIME);
    parktwin.strip.redraw();
  }

  /* Its word, where it is not the usual one. */
  function word() {
    return mode === WARTIME ? { key: "ui.wartime" } : null;
  }

  parktwin.wartime = { start, word };
})((window.parktwin = window.parktwin || {}));
