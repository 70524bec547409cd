/* What hands do on the large trend: drag, wheel, box, pinch and keys, all of which say which span is wanted. */
(function (parktwin) {
  "use strict";

  const STEP = 0.2; // of the span, for a press of an arrow
  const ZOOM = 0.6; // of the span remains after a press of plus
  const READ = 0.01; // of the span, for a step of the crosshair

  /* ``hold`` = {view(), wish(from, to), reset(), look(ms), place()}: what is seen, what is wanted, where the plot stands. */
  function bind(plot, hold) {
    plot.on("plotly_relayout", (said) => relaid(said, hold));
    plot.on("plotly_relayouting", (said) => { const span = spanOf(said); if (span) hold.moving(...span); });
    plot.on("plotly_doubleclick", () => hold.reset());
  }

  function spanOf(said) {
    const range = said["xaxis.range"] || [said["xaxis.range[0]"], said["xaxis.range[1]"]];
    if (range[0] === undefined) return null;
    return range.map((each) => parktwin.i18n.fromLocal(typeof each === "number" ? new Date(each).toISOString().slice(0, 23) : each.replace(" ", "T")));
  }

  function relaid(said, hold) {
    const span = spanOf(said);
    if (span) hold.wish(...span);
  }

  function around({ from, to }, factor, centre) {
    return [centre - (centre - from) * factor, centre + (to - centre) * factor];
  }

  function keys(event, hold) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const view = hold.view();
    const wide = view.to - view.from;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (side && event.shiftKey) hold.look(side * READ * wide);
    else if (side) hold.wish(view.from + side * STEP * wide, view.to + side * STEP * wide);
    else if (event.key === "+" || event.key === "=") hold.wish(...around(view, ZOOM, (view.from + view.to) / 2));
    else if (event.key === "-" || event.key === "_") hold.wish(...around(view, 1 / ZOOM, (view.from + view.to) / 2));
    else if (event.key === "0" || event.key === "Home") hold.reset();
    else return;
    event.preventDefault();
  }

  /* Two fingers: what is under them stays under them. */
  function pinch(box, hold) {
    let held = null;
    const momentAt = (x, view) => {
      const place = hold.place();
      return view.from + ((x - box.getBoundingClientRect().left - place.margin.l) / place.width) * (view.to - view.from);
    };
    const two = (event) => [...event.touches].map(({ clientX }) => clientX).sort((a, b) => a - b);
    box.addEventListener("touchstart", (event) => {
      if (event.touches.length !== 2 || !hold.place()) return;
      const view = hold.view();
      held = { view, moments: two(event).map((x) => momentAt(x, view)) };
      event.stopPropagation();
    }, { capture: true, passive: true });
    box.addEventListener("touchmove", (event) => {
      if (!held || event.touches.length !== 2) return;
      event.preventDefault();
      event.stopPropagation();
      hold.wish(...pinched(two(event), held.moments, hold.place(), box.getBoundingClientRect().left));
    }, { capture: true, passive: false });
    ["touchend", "touchcancel"].forEach((name) => box.addEventListener(name, (event) => { if (event.touches.length < 2) held = null; }, { capture: true, passive: true }));
  }

  function pinched([left, right], [first, second], place, origin) {
    const scale = (second - first) / Math.max(8, right - left); // milliseconds for a pixel
    const from = first - (left - origin - place.margin.l) * scale;
    return [from, from + place.width * scale];
  }

  parktwin.historyHands = { bind, keys, pinch };
})((window.parktwin = window.parktwin || {}));
