/* The shape that the address carries: painted on the map, changed by taking hold of it. */
(function (parktwin) {
  "use strict";

  const GRIP_PX = 10;
  const FINGER_PX = 22;
  const { palette } = parktwin;
  const listeners = new Set();
  let map = null;
  let text = null; // what the address says
  let shape = null;
  let held = null; // what a hand or the keyboard holds: { at, by }
  let pending = 0;

  function start() {
    map = parktwin.map.leaflet;
    parktwin.surface.start(map, repaint);
    parktwin.url.onChange(read);
    parktwin.i18n.onChange(repaint);
    hands();
    [parktwin.inside, parktwin.menu, parktwin.views, parktwin.picture].forEach((each) => each.start());
    read();
  }

  function read() {
    const said = parktwin.url.state.draw;
    if (said === text && parktwin.surface.painted) return;
    text = said;
    shape = parktwin.shapes.decode(said);
    if (held && !shape) held = null;
    repaint();
    tell();
  }

  function tell() {
    listeners.forEach((listener) => listener(shape));
  }

  /* A shape becomes the address's: a step in the history, so that going back undoes it. */
  function put(next, options) {
    const good = next && parktwin.shapes.sound(next);
    parktwin.url.set({ draw: good ? parktwin.shapes.encode(good) : null }, options);
    read();
  }

  function repaint() {
    if (!pending) pending = requestAnimationFrame(work);
  }

  function work() {
    pending = 0;
    const { pen, project } = parktwin.surface.begin();
    const draft = parktwin.pencil.draft();
    if (draft) parktwin.drawPaint.draft(pen, project, draft, draft.cursor);
    else if (shape) parktwin.drawPaint.finished(pen, project, shape, { handles: parktwin.tools.atDesk() && !parktwin.map.inSpace, chosen: held ? held.at : -1 });
    const cross = draft ? draft.byKeys && draft.cursor : null;
    if (cross) parktwin.drawPaint.cross(pen, project(cross));
  }

  /* A drawn thing is changed while it is held, and told to the address when it is let go. */
  function change(next) {
    shape = next;
    repaint();
  }

  function moved(at, place) {
    if (shape.kind !== "circle") return { ...shape, places: shape.places.map((each, index) => (index === at ? place : each)) };
    if (at === 0) return { ...shape, places: [place] };
    const radius_m = Math.min(parktwin.shapes.MOST_RADIUS_M, Math.max(1, parktwin.ground.between(shape.places[0], place)));
    return { ...shape, radius_m };
  }

  function placeAt(event) {
    const { lat, lng } = map.mouseEventToLatLng(event);
    return [lng, lat];
  }

  function pixels([lon, lat]) {
    return map.latLngToContainerPoint([lat, lon]);
  }

  /* The grip under a pointer; a corner that is not there yet in the middle of an edge. */
  function gripAt(event) {
    if (!shape || !parktwin.tools.atDesk() || parktwin.tools.busy || parktwin.map.inSpace) return null;
    const point = map.mouseEventToContainerPoint(event);
    const reach = event.pointerType === "touch" ? FINGER_PX : palette.px(GRIP_PX);
    const near = (places) => places.findIndex((each) => pixels(each).distanceTo(point) <= reach);
    const at = near(parktwin.drawPaint.grips(shape).slice().reverse()); // the rim before the centre that it may lie on
    if (at >= 0) return { at: parktwin.drawPaint.grips(shape).length - 1 - at, fresh: false };
    if (shape.kind === "circle" || shape.places.length >= parktwin.shapes.MOST) return null;
    const between = near(middles());
    return between < 0 ? null : { at: between + 1, fresh: true };
  }

  function middles() {
    const closed = shape.kind === "polygon" ? [...shape.places, shape.places[0]] : shape.places;
    return closed.slice(1).map((each, at) => [(each[0] + closed[at][0]) / 2, (each[1] + closed[at][1]) / 2]);
  }

  function take({ at, fresh }) {
    if (fresh) change({ ...shape, places: [...shape.places.slice(0, at), middles()[at - 1], ...shape.places.slice(at)] });
    held = { at, by: "hand" };
    repaint();
  }

  function drop() {
    const next = shape;
    held = null;
    shape = parktwin.shapes.decode(text);
    put(next);
    repaint();
  }

  /* The map must not move with a hand that holds the shape, nor take its click for a pick. */
  function hands() {
    const box = map.getContainer();
    const holding = () => held && held.by === "hand";
    let spent = false; // the click that follows a hand's letting go means nothing
    box.addEventListener("pointerdown", (event) => {
      spent = false;
      const grip = event.button ? null : gripAt(event);
      if (!grip) return;
      take(grip);
      box.setPointerCapture(event.pointerId);
      event.stopPropagation();
    }, true);
    ["mousedown", "touchstart"].forEach((name) => box.addEventListener(name, (event) => holding() && event.stopPropagation(), { capture: true, passive: true }));
    box.addEventListener("pointermove", (event) => {
      if (holding()) change(moved(held.at, placeAt(event)));
      else if (shape) box.classList.toggle("grips", Boolean(gripAt(event)));
    }, true);
    ["pointerup", "pointercancel"].forEach((name) => box.addEventListener(name, () => {
      if (!holding()) return;
      spent = true;
      drop();
    }, true));
    box.addEventListener("click", (event) => spent && event.stopPropagation(), true);
  }

  parktwin.drawn = {
    start, put, change, moved, repaint, pixels, placeAt,
    hold: (at) => { held = at === null ? null : { at, by: "keys" }; repaint(); },
    onChange: (listener) => listeners.add(listener),
    get shape() { return shape; },
    get held() { return held; },
    get map() { return map; },
  };
})((window.parktwin = window.parktwin || {}));
