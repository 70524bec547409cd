/* The wind beside the map: of the moment that the map shows. */
(function (parktwin) {
  "use strict";

  const SHOWN = { screen: "strip", panel: "wind_now" };
  let live = null;
  let past = null; // of the moment in the address, once it has come
  let asking = null;

  function take(content) {
    live = content;
    draw();
  }

  function draw() {
    const box = parktwin.cid.place("wind");
    if (!box) return;
    const content = parktwin.url.state.at ? past : live;
    if (content) parktwin.panels.draw(box, content, SHOWN);
    box.hidden = !content;
  }

  async function look(at) {
    if (asking) asking.abort();
    past = null;
    draw();
    if (!at) return;
    asking = new AbortController();
    try {
      const said = await parktwin.dom.fetchJson(`/api/v1/screens/strip/frame?${new URLSearchParams({ at })}`, { signal: asking.signal });
      past = said.panels.wind_now;
      draw();
    } catch (error) {
      if (error.name !== "AbortError") parktwin.strip.notice("past", { key: "ui.error.past" });
    }
  }

  function start() {
    parktwin.url.onChange((state, before) => state.at !== before.at && look(state.at));
    look(parktwin.url.state.at);
  }

  parktwin.wind = { start, take };
})((window.parktwin = window.parktwin || {}));
