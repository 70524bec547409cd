/* Changing a finished shape with the keyboard alone: one grip after the other is held and moved. */
(function (parktwin) {
  "use strict";

  const { say, attr, el } = parktwin.dom;
  const STEP_PX = 12;
  const FINE_PX = 1;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let before = null; // the shape as it was
  let heard = false;
  let back = null; // what had the focus
  let hint = null;

  function begin() {
    if (!parktwin.drawn.shape) return;
    if (!heard) listen();
    before = parktwin.drawn.shape;
    back = document.activeElement;
    parktwin.drawn.map.getContainer().focus({ preventScroll: true });
    hold(0);
  }

  function active() {
    const { held } = parktwin.drawn;
    return Boolean(before && held && held.by === "keys");
  }

  function hold(at) {
    parktwin.drawn.hold(at);
    if (!hint) {
      hint = attr(el("div", "draw-hint"), "role", "status");
      document.querySelector(".pt").append(hint);
    }
    say(hint, at === null ? "" : { key: "tools.hint.edit", args: { n: at + 1, of: grips().length } });
  }

  function grips() {
    return parktwin.drawPaint.grips(parktwin.drawn.shape);
  }

  function end(keeps, leaving) {
    const next = parktwin.drawn.shape;
    hold(null);
    parktwin.drawn.change(before);
    if (keeps) parktwin.drawn.put(next);
    before = null;
    if (!leaving && back && back.isConnected) back.focus();
  }

  function move([dx, dy], fine) {
    const { drawn } = parktwin;
    const reach = parktwin.palette.px(fine ? FINE_PX : STEP_PX);
    const to = drawn.pixels(grips()[drawn.held.at]).add([dx * reach, dy * reach]);
    const { lat, lng } = drawn.map.containerPointToLatLng(to);
    drawn.change(drawn.moved(drawn.held.at, [lng, lat]));
    if (!drawn.map.getBounds().pad(-0.1).contains([lat, lng])) drawn.map.panBy([dx * reach, dy * reach], { animate: false });
  }

  function turn(by) {
    const count = grips().length;
    hold((parktwin.drawn.held.at + by + count) % count);
    const [lon, lat] = grips()[parktwin.drawn.held.at];
    if (!parktwin.drawn.map.getBounds().pad(-0.1).contains([lat, lon])) parktwin.drawn.map.panTo([lat, lon], { animate: false });
  }

  /* A corner more, half way to the next. */
  function add() {
    const { shape, held } = parktwin.drawn;
    if (shape.kind === "circle" || shape.places.length >= parktwin.shapes.MOST) return;
    const [here, next] = [shape.places[held.at], shape.places[(held.at + 1) % shape.places.length]];
    const middle = [(here[0] + next[0]) / 2, (here[1] + next[1]) / 2];
    parktwin.drawn.change({ ...shape, places: [...shape.places.slice(0, held.at + 1), middle, ...shape.places.slice(held.at + 1)] });
    hold(held.at + 1);
  }

  function remove() {
    const { shape, held } = parktwin.drawn;
    if (shape.kind === "circle" || shape.places.length <= parktwin.shapes.LEAST[shape.kind]) return;
    parktwin.drawn.change({ ...shape, places: shape.places.filter((_, at) => at !== held.at) });
    hold(Math.min(held.at, shape.places.length - 2));
  }

  const KEYS = {
    PageDown: () => turn(1), PageUp: () => turn(-1), Insert: add, i: add, Delete: remove, Backspace: remove,
    Enter: () => end(true), Escape: () => end(false),
  };

  function key(event) {
    if (!active() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.activeElement !== parktwin.drawn.map.getContainer()) return;
    if (ARROWS[event.key]) move(ARROWS[event.key], event.shiftKey);
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function listen() {
    heard = true;
    document.addEventListener("keydown", key, true);
    // whoever goes elsewhere has done
    parktwin.drawn.map.getContainer().addEventListener("focusout", () => active() && end(true, true));
  }

  parktwin.edit = { begin, active, leave: () => active() && end(true, true) };
})((window.parktwin = window.parktwin || {}));
