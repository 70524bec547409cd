/* The large trend: what the address wants is asked for, drawn, and followed while it is live. */
(function (parktwin) {
  "use strict";

  const { attr, clear, toggle } = parktwin.dom;
  const REST_MS = 180; // hands are still for so long before the server is asked
  const LIVE_MS = [2000, 30000]; // how often a live span grows, at most and at least
  const RENEW = 0.1; // of a live span grown by tails, and the whole is asked for again
  const PAD_MS = 60000; // beyond a short span, so that its lines reach its edges
  const SHORT_MS = 600000;
  const SPAN_MS = [5000, 3.2e11]; // the shortest and the longest that can be seen
  const POINTS = [200, 4000];
  const COLOURS = 8;
  const WHEEL_MS = 300;
  const NEAR_MS = 2;
  const slots = new Map(); // point -> number of its colour
  let state = null;
  let span = { from: 0, to: 0 }; // as the address has it
  let sight = span; // as it stands on the screen, also while hands move it
  let all = [];
  let drawn = null; // the figure in sight
  let shown = null; // the view that it shows
  let plotly = null;
  let renewed = 0; // end of the span when the whole was asked for last
  let base_s = 3600;
  let cursor = null;
  let chosen = null; // the point that stands out, with its limits
  let resting = 0;
  let beating = 0;
  let held = false; // by a pointer
  let owed = false; // a picture that came meanwhile
  let wheeled = 0;
  let turn = 0;
  let done = () => undefined;

  const box = () => parktwin.cid.place("history");
  const plotBox = () => box()._parts.plot;
  const end = () => (parktwin.url.state.at ? Date.parse(parktwin.url.state.at) : parktwin.ages.now());
  const clamp = (value, [least, most]) => Math.min(most, Math.max(least, value));

  function spanOf({ from, to, live_s }) {
    const last = live_s ? end() : Math.min(to, end());
    return { from: last - (live_s ? live_s * 1000 : to - from), to: last };
  }

  /* What the address says has changed; null: no trend is open. */
  function show(next) {
    if (!next) {
      hide();
      return;
    }
    const opened = !state;
    state = next;
    if (state.live_s) base_s = state.live_s;
    sight = span = spanOf(state);
    keepSeries();
    frame();
    if (opened) begin();
    else move();
    clearTimeout(resting);
    resting = setTimeout(ask, opened || !same() ? 0 : REST_MS);
  }

  /* The same points at the same knowledge: only the span is another, and hands may still be moving it. */
  function same() {
    return shown && JSON.stringify([shown.points, shown.at, shown.knowledge]) === JSON.stringify([state.points, parktwin.url.state.at, state.knowledge]);
  }

  function keepSeries() {
    [...slots.keys()].filter((id) => !state.points.includes(id)).forEach((id) => slots.delete(id));
    const known = new Map(all.map((each) => [each.id, each]));
    all = state.points.map((id) => known.get(id) || { id, meta: null, cols: null, failed: null, colour: colourOf(id) });
  }

  function colourOf(id) {
    if (!slots.has(id)) {
      const taken = new Set(slots.values());
      slots.set(id, [...Array(COLOURS).keys()].find((each) => !taken.has(each)));
    }
    return parktwin.palette.colour(`series${slots.get(id)}`);
  }

  const sizes = new ResizeObserver(() => shown && paint(shown));

  function begin() {
    const plot = plotBox();
    plot.append(parktwin.dom.el("div", "trend-figure"));
    plot.addEventListener("keydown", (event) => parktwin.historyHands.keys(event, hands));
    plot.addEventListener("pointermove", pointed);
    plot.addEventListener("pointerleave", () => look(null));
    plot.addEventListener("pointerdown", () => { held = true; });
    plot.addEventListener("wheel", () => { wheeled = Date.now(); }, { passive: true, capture: true });
    parktwin.historyHands.pinch(plot, hands);
    sizes.observe(plot);
    if (parktwin.history.asked) plot.focus();
  }

  function hide() {
    if (!state) return;
    state = shown = drawn = cursor = null;
    all = [];
    [resting, beating].forEach(clearTimeout);
    turn += 1;
    parktwin.historyData.stop();
    done();
    sizes.disconnect();
    if (plotly && plotBox().firstChild) plotly.purge(plotBox().firstChild);
    clear(box());
    delete box()._parts;
  }

  const hands = {
    view: () => ({ ...span }),
    place: () => drawn && drawn.place,
    wish,
    reset: () => parktwin.history.set({ live_s: base_s, from: null, to: null }, { replace: true }),
    moving: (from, to) => { sight = { from, to }; },
    look: (by) => look(clamp((cursor === null ? (sight.from + sight.to) / 2 : cursor) + by, [sight.from, sight.to])),
  };

  /* A span that hands or the clock fields ask for: never beyond what can be known. */
  function wish(from, to) {
    const wide = clamp(to - from, SPAN_MS);
    const last = Math.min(from + (to - from + wide) / 2, end());
    const next = { from: Math.round(last - wide), to: Math.round(last), live_s: null };
    if (Math.abs(next.from - span.from) < NEAR_MS && Math.abs(next.to - span.to) < NEAR_MS) move(); // our own, or beyond what can be
    else parktwin.history.set(next, { replace: true });
  }

  /* The old picture goes along until the new one is there. */
  function move() {
    if (!drawn || !shown) return;
    const range = [span.from, span.to].map(parktwin.series.local);
    const { layout } = plotBox().firstChild;
    const before = layout && layout.xaxis.range.map((each) => (typeof each === "number" ? each : Date.parse(`${each.replace(" ", "T")}Z`)));
    if (before && before.every((each, at) => Math.abs(each - range[at]) < 1)) return;
    plotly.relayout(plotBox().firstChild, { "xaxis.range": range });
  }

  function viewOf() {
    const { at } = parktwin.url.state;
    const width = drawn ? drawn.place.width : plotBox().clientWidth * 0.8;
    const pad = span.to - span.from <= SHORT_MS ? PAD_MS : 0;
    return { ...state, at, from: span.from, to: span.to, pad, now: end(), most: clamp(Math.round(width), POINTS), hand: "pan" };
  }

  async function ask() {
    const mine = (turn += 1);
    clearTimeout(beating);
    if (state.live_s) sight = span = spanOf(state);
    const view = viewOf();
    done();
    done = parktwin.strip.wait();
    attr(plotBox(), "aria-busy", "true");
    const [found, library] = await Promise.all([parktwin.historyData.whole(view), parktwin.series.load()]);
    if (mine !== turn || !found) return;
    done();
    plotly = library;
    renewed = view.to;
    take(found, view);
  }

  function take(found, view) {
    all = found.map((each) => ({ ...each, colour: colourOf(each.id) }));
    attr(plotBox(), "aria-busy", null);
    owed = held || Date.now() - wheeled < WHEEL_MS;
    if (owed) shown = view;
    else paint(view);
    frame();
    beat();
  }

  function paint(view) {
    shown = view;
    const figureBox = plotBox().firstChild;
    const { clientWidth: width, clientHeight: height } = plotBox();
    if (!plotly || !width || !height) return;
    const seen = { ...view, from: span.from, to: span.to, chosen };
    drawn = parktwin.historyPicture.figure(all, seen, { width, height });
    const first = !figureBox._fullLayout;
    plotly.react(figureBox, drawn.data, drawn.layout, { displayModeBar: false, scrollZoom: true, doubleClick: false, locale: "en" });
    if (first) parktwin.historyHands.bind(figureBox, hands);
    attr(plotBox(), "aria-label", told());
    look(cursor);
  }

  /* The picture in words. */
  function told() {
    const points = all.map((each) => (each.meta ? `${parktwin.historyPicture.nameOf(each)} ${each.id}` : each.id));
    const { stamp, say } = parktwin.i18n;
    return say({ key: "trend.plot", args: { points: points.join(", "), span: `${stamp(span.from)} – ${stamp(span.to)}`, resolution: parktwin.historyFrame.resolutions(all) } });
  }

  /* A live span grows by its tail: as often as it moves by a pixel, and not while nobody can see it. */
  function beat() {
    clearTimeout(beating);
    if (!state || !state.live_s || parktwin.url.state.at) return;
    const pixel = (state.live_s * 1000) / Math.max(1, drawn ? drawn.place.width : 1000);
    beating = setTimeout(grow, clamp(pixel, LIVE_MS));
  }

  async function grow() {
    if (document.hidden) return; // goes on when the page is seen again
    if (parktwin.live.state !== "live" || held || Date.now() - wheeled < WHEEL_MS) {
      frame();
      beat();
      return;
    }
    const mine = (turn += 1);
    sight = span = spanOf(state);
    const view = viewOf();
    const old = view.to - renewed > RENEW * state.live_s * 1000;
    const grown = old ? null : await parktwin.historyData.tails(view, all);
    if (mine !== turn || !state) return;
    if (grown) take(grown, view);
    else ask();
  }

  function settle() {
    if (owed && shown && !held) paint(shown);
    owed = false;
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && state && state.live_s && !parktwin.url.state.at) grow();
  });
  window.addEventListener("pointerup", () => {
    held = false;
    requestAnimationFrame(settle); // the chart has to end its own drag first
  }, true);
  parktwin.live.onState(() => state && frame());

  function pointed(event) {
    if (!drawn || event.buttons) return;
    const { place } = drawn;
    const share = (event.clientX - plotBox().getBoundingClientRect().left - place.margin.l) / place.width;
    look(share < 0 || share > 1 ? null : sight.from + share * (sight.to - sight.from));
  }

  function look(ms) {
    cursor = ms;
    parktwin.historyHover.show(plotBox(), ms, drawn, sight);
  }

  function frame() {
    parktwin.historyFrame.draw(box(), { all, chosen: () => chosen, choose, state: () => state, span: () => span, wish, address, trouble, picture });
    toggle(box(), "lost", trouble());
  }

  function choose(id) {
    chosen = chosen === id ? null : id;
    frame();
    if (shown) paint(shown);
  }

  function trouble() {
    const lost = parktwin.live.state === "lost" && state.live_s && !parktwin.url.state.at;
    return lost && shown ? { key: "trend.stale", args: { at: { at: new Date(shown.to).toISOString() } } } : "";
  }

  /* Where the file of what is in sight comes from. */
  function address(form) {
    const view = shown || viewOf();
    const query = parktwin.historyData.query(view, view.from, view.to, view.most);
    query.set("points", state.points.join(","));
    query.set("lang", parktwin.i18n.lang);
    return `/api/v1/points/history.${form}?${query}`;
  }

  async function picture() {
    if (!drawn) return;
    const link = document.createElement("a");
    link.href = await plotly.toImage(parktwin.historyPicture.poster(drawn, all, span), { format: "png", width: drawn.place.box.width, height: drawn.place.box.height + parktwin.historyPicture.POSTER_PX * 2, scale: 2 });
    link.download = "trend.png";
    link.click();
  }

  parktwin.i18n.onChange(() => { if (state && shown) { frame(); paint(shown); } });

  parktwin.historyPanel = { show, focus: () => plotBox().focus(), get drawn() { return drawn; } };
})((window.parktwin = window.parktwin || {}));
