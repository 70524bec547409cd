/* One screen at one moment: live it is watched on the socket, in the past its frame is asked for. */
(function (parktwin) {
  "use strict";

  let here = null; // the screen that the address names
  let contents = {}; // its panels' newest contents, also while their places are still being made
  let asked = ""; // what was asked for last: screen, parameters, moment
  let answering = null;

  function paramsOf(screen) {
    const { params } = parktwin.url.state;
    return Object.fromEntries(screen.params.filter((name) => params[name]).map((name) => [name, params[name]]));
  }

  /* The address names a screen: ask for its frame and its map at once, before its places are there. */
  function enter(screen, before) {
    if (here && here !== screen) parktwin.live.leave(here.key);
    here = screen;
    asked = "";
    contents = {};
    if (!screen) return;
    parktwin.map.show(screen.layers).catch(() => parktwin.strip.notice("map", { key: "ui.error.map" }));
    refresh();
    parktwin.detail.refresh(parktwin.url.state, before);
  }

  /* Dash has made the places of a screen. */
  function mounted(screen) {
    if (screen !== here) enter(screen);
    if (!screen) return;
    parktwin.icons.fill(document);
    parktwin.dom.toggle(parktwin.shell.root(), "covered", document.querySelector(".column.main"));
    parktwin.pages.mount();
    for (const key in contents) parktwin.panels.put(screen.key, key, contents[key]);
  }

  parktwin.url.onChange((state, before) => {
    if (state.path !== before.path) enter(parktwin.shell.screenAt(state.path), before);
    else if (here) refresh();
    if (JSON.stringify([state.off, state.on]) !== JSON.stringify([before.off, before.on])) {
      parktwin.map.visibility();
      parktwin.layers.refresh();
    }
  });

  /* Asks for what the address says, once. */
  function refresh() {
    const { at } = parktwin.url.state;
    parktwin.ages.look(at);
    parktwin.dom.toggle(parktwin.shell.root(), "past", at);
    const params = paramsOf(here);
    const wanted = JSON.stringify([here.key, params, at]);
    if (wanted === asked) return;
    asked = wanted;
    if (at) fetchPast(here.key, params, at);
    else watchLive(here.key, params);
  }

  function watchLive(key, params) {
    if (answering) answering.abort();
    parktwin.live.leave(key);
    parktwin.live.watch(key, params, (frame, whole) => {
      if (here && here.key === key && !parktwin.url.state.at) take(frame, whole);
    });
  }

  async function fetchPast(key, params, at) {
    parktwin.live.leave(key);
    if (answering) answering.abort();
    answering = new AbortController();
    const query = new URLSearchParams({ ...params, at });
    const done = parktwin.strip.wait();
    try {
      take(await parktwin.dom.fetchJson(`/api/v1/screens/${key}/frame?${query}`, { signal: answering.signal }), true);
      parktwin.strip.notice("past", null);
    } catch (error) {
      if (error.name !== "AbortError") parktwin.strip.notice("past", { key: "ui.error.past" });
    } finally {
      done();
    }
  }

  function take(frame, whole) {
    if (frame.error) {
      parktwin.strip.notice("screen", { key: "ui.error.screen" });
      return;
    }
    parktwin.strip.notice("screen", null);
    Object.assign(contents, frame.panels);
    for (const key in frame.panels) parktwin.panels.put(frame.screen, key, frame.panels[key]);
    parktwin.map.apply(frame.layers, whole);
    parktwin.detail.moved();
  }

  parktwin.screen = {
    enter, mounted, paramsOf, redraw: () => parktwin.pages.redraw(),
    get here() { return here; },
  };
})((window.parktwin = window.parktwin || {}));
