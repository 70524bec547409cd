/* The map's tools, as the page begins with them: what draws, measures, exports and keeps views comes when it is first wanted. */
(function (parktwin) {
  "use strict";

  let coming = null;

  function bring() {
    if (!coming) coming = Promise.all(parktwin.shell.config.later.tools.map(parktwin.series.script)).then(() => parktwin.drawn.start());
    return coming;
  }

  /* Does something that needs them; a wait is shown, a failure said. */
  async function withTools(act) {
    const done = parktwin.strip.wait();
    try {
      await bring();
      act();
    } catch (error) {
      coming = null;
      window.console.error(error);
      parktwin.strip.notice("tools", { key: "ui.error.tools" }, { key: "ui.close" }, () => parktwin.strip.notice("tools", null));
    } finally {
      done();
    }
  }

  /* A desk has tools; walls show what was drawn, and no more. */
  function atDesk() {
    return parktwin.url.state.mode === "desk";
  }

  /* Columns stand in the 3-D map only. */
  function standsHere({ mark }) {
    return parktwin.map.inSpace || mark.symbol !== "column";
  }

  function refresh() {
    if (parktwin.url.state.draw && !coming) withTools(() => undefined);
  }

  function start() {
    parktwin.url.onChange(refresh);
    parktwin.keys.start();
    parktwin.cross.start();
    refresh();
  }

  const use = (act) => () => atDesk() && withTools(act);

  parktwin.tools = {
    start, atDesk, standsHere,
    menu: use(() => parktwin.menu.toggle()),
    views: use(() => parktwin.views.toggle()),
    measure: use(() => parktwin.pencil.begin("path")),
    circle: use(() => parktwin.pencil.begin("circle")),
    polygon: use(() => parktwin.pencil.begin("polygon")),
    picture: use(() => parktwin.picture.save()),
    print: use(() => parktwin.picture.print()),
    sheet: use(() => parktwin.keysheet.toggle()),
    get busy() { return Boolean(parktwin.pencil && parktwin.edit && (parktwin.pencil.tool || parktwin.edit.active())); },
  };
})((window.parktwin = window.parktwin || {}));
