/* A wall with a name (?wall=NAME): what a commander sends it, it shows. */
(function (parktwin) {
  "use strict";

  function start() {
    parktwin.live.on("connect", join);
    parktwin.live.on("show", ({ view }) => show(view));
    parktwin.url.onChange((state, before) => nameOf(state) !== nameOf(before) && join());
  }

  /* At a desk somebody works: no view is ever put before them. */
  function nameOf(state) {
    return state.mode === "desk" ? null : state.wall;
  }

  function join() {
    parktwin.live.emit("wall", { name: nameOf(parktwin.url.state) });
  }

  /* Only an address of our own, and only of a screen that there is. */
  function show(view) {
    const address = typeof view === "string" && view.startsWith("/") ? parsed(view) : null;
    if (!address || address.origin !== window.location.origin || !parktwin.shell.screenAt(address.pathname)) return;
    if (!nameOf(parktwin.url.state)) return;
    parktwin.kiosk.rest();
    parktwin.url.visit(address);
    if (parktwin.url.state.view) parktwin.map.look(parktwin.url.state.view);
  }

  function parsed(view) {
    try {
      return new URL(view, window.location.origin);
    } catch {
      return null;
    }
  }

  parktwin.wall = { start, show };
})((window.parktwin = window.parktwin || {}));
