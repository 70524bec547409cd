/* The same map in space, where the address says so. What draws it comes when it is first wanted; without WebGL a sentence says so, and the 2-D map stays. */
(function (parktwin) {
  "use strict";

  const { attr, toggle: toggleClass } = parktwin.dom;
  let coming = null;
  let turn = 0; // of changing over: what was begun for an earlier one is dropped

  function wanted() {
    return parktwin.url.state.map === "3d";
  }

  function toggle() {
    parktwin.url.set({ map: wanted() ? "2d" : "3d" });
  }

  /* Asked once and given back: a browser has few of these to give. */
  function possible() {
    const pen = document.createElement("canvas").getContext("webgl2");
    const loser = pen && pen.getExtension("WEBGL_lose_context");
    if (loser) loser.loseContext();
    return Boolean(pen);
  }

  function bring() {
    const { assets, later } = parktwin.shell.config;
    if (!coming) coming = Promise.all([assets.deck, ...later.deck].map(parktwin.series.script));
    return coming;
  }

  async function refresh() {
    const mine = turn += 1;
    pressed();
    if (!wanted()) {
      leave();
      return;
    }
    const done = parktwin.strip.wait();
    try {
      await enter(() => mine === turn);
    } catch (error) {
      window.console.warn(error);
      coming = null;
      refuse("ui.error.space");
    } finally {
      done();
    }
  }

  async function enter(current) {
    if (parktwin.map.inSpace) return;
    if (!coming && !possible()) {
      refuse("ui.error.webgl");
      return;
    }
    await bring();
    if (current()) await parktwin.deckView.open(parktwin.cid.place("space"), parktwin.map.view(), lost);
    if (!current()) return;
    parktwin.strip.notice("space", null);
    parktwin.map.put(parktwin.deckView);
    toggleClass(parktwin.shell.root(), "in-space", true);
    parktwin.layers.refresh();
  }

  function leave() {
    if (!parktwin.map.inSpace) return;
    parktwin.map.put(null);
    parktwin.deckView.rest();
    toggleClass(parktwin.shell.root(), "in-space", false);
    parktwin.layers.refresh();
  }

  /* The graphics system has gone from under it. */
  function lost() {
    refuse("ui.error.webgl_lost");
    parktwin.deckView.drop();
  }

  function refuse(key) {
    parktwin.strip.notice("space", { key }, { key: "ui.close" }, () => parktwin.strip.notice("space", null));
    parktwin.url.set({ map: "2d" }, { replace: true });
  }

  function pressed() {
    attr(document.querySelector("[data-press=space]"), "aria-pressed", String(wanted()));
  }

  function start() {
    parktwin.url.onChange((state, before) => state.map !== before.map && refresh());
    pressed();
    if (wanted()) refresh();
  }

  parktwin.space = { start, toggle, possible };
})((window.parktwin = window.parktwin || {}));
