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
    parktwin.dom.toggle(box, "waiting", Boolean(asking));
  }

  /* Until the wind of the moment comes, that of the moment shown before stays, and is seen to wait. */
  async function look(at, before) {
    if (asking) asking.abort();
    asking = at ? new AbortController() : null;
    if (!at || !before) past = null;
    draw();
    if (!at) return;
    const mine = asking;
    try {
      const said = await parktwin.dom.fetchJson(`/api/v1/screens/strip/frame?${new URLSearchParams({ at })}`, { signal: mine.signal });
      past = said.panels.wind_now;
    } catch (error) {
      if (error.name === "AbortError") return;
      past = null;
      parktwin.strip.notice("past", { key: "ui.error.past" });
    }
    if (asking === mine) asking = null;
    draw();
  }

  function start() {
    parktwin.url.onChange((state, before) => state.at !== before.at && look(state.at, before.at));
    look(parktwin.url.state.at);
  }

  parktwin.wind = { start, take };
})((window.parktwin = window.parktwin || {}));
