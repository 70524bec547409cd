/* Kiosk: a wall that turns its pages and screens by itself, and starts anew when it has lost its way. */
(function (parktwin) {
  "use strict";

  const TURN_MS = 30000;
  const LOST_MS = 180000;
  let turned = Date.now();

  function start() {
    parktwin.ages.onTick(() => {
      if (parktwin.url.state.mode !== "kiosk") return;
      if (Date.now() - turned > TURN_MS) turn();
      watchdog();
    });
  }

  function turn() {
    turned = Date.now();
    if (parktwin.url.state.sel || parktwin.url.state.at) {
      parktwin.url.set({ sel: null, at: null }, { replace: true });
      return;
    }
    if (parktwin.pages.turn()) nextScreen();
  }

  function nextScreen() {
    const screens = parktwin.shell.config.screens.filter((each) => each.turns);
    const at = screens.indexOf(parktwin.shell.screenAt(parktwin.url.state.path));
    if (screens.length > 1) parktwin.url.go(screens[(at + 1) % screens.length]);
  }

  function watchdog() {
    const { heardAt, state } = parktwin.live;
    if (state === "lost" && heardAt !== null && Date.now() - heardAt > LOST_MS) window.location.reload();
  }

  /* What has been put on it stays for a whole turn. */
  function rest() {
    turned = Date.now();
  }

  parktwin.kiosk = { start, rest, TURN_MS };
})((window.parktwin = window.parktwin || {}));
