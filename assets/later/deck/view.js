/* The 3-D map itself: one deck.gl, made when first opened and kept; it has the words that the page speaks to any map. */
(function (parktwin) {
  "use strict";

  const LEAN = 50; // degrees from upright, until somebody leans it otherwise
  const STEP = 1; // Leaflet's tiles are half as wide: its zoom is larger by one
  const LIMITS = { minZoom: 8, maxZoom: 18.5, minPitch: 0, maxPitch: 75 };
  const REST_MS = 160;
  const FEW = 400; // changed marks up to which only these are told to the graphics system
  const CLICK_PX = 5;
  const BODY_ZOOM = 15.5; // from here on a round body is itself, before it is a mark
  const RANK = { ground: 0, edge: 0, line: 0, heat: 1, walls: 2, roof: 2, eaves: 2, built: 2, round: 2, column: 3, mark: 4 };
  let deck = null;
  let state = null; // { longitude, latitude, zoom, pitch, bearing }
  let stage = null; // the element it stands in
  let asleep = true;
  let onLost = null;
  let resting = 0;
  let pending = 0;
  let stale = new Map(); // key of a layer -> its changed places, null: all of it
  let above = true; // what lies above everything is to be made anew
  let firm = true; // what stands on the ground has changed: marks stand anew
  const made = new Map(); // id of a part -> { layer, version }
  let words = { names: [], poles: [], risks: [] };

  function size() {
    const { width, height } = stage.getBoundingClientRect();
    return { width: Math.max(1, width), height: Math.max(1, height) };
  }

  /* Opens (or opens again) at a view of the 2-D map; done when the first picture is there. */
  function open(element, view, lost) {
    stage = element;
    onLost = lost;
    asleep = false;
    const { tilt } = parktwin.url.state;
    state = { ...LIMITS, ...placed(view), pitch: tilt ? tilt.pitch : LEAN, bearing: tilt ? tilt.bearing : 0 };
    everything();
    return deck ? reopen() : create();
  }

  function placed({ lat, lon, z }) {
    return { latitude: lat, longitude: lon, zoom: z - STEP };
  }

  function create() {
    return new Promise((resolve, reject) => {
      const box = parktwin.dom.el("div", "deck");
      stage.append(box);
      deck = new window.deck.Deck({
        parent: box, views: new window.deck.MapView({ id: "map", repeat: false, clear: true, clearColor: parktwin.deckPaint.rgb("ground") }), initialViewState: state,
        controller: { keyboard: true, doubleClickZoom: true, inertia: 250, touchRotate: true },
        deviceProps: { webgl: { antialias: false, alpha: false } }, useDevicePixels: true, getCursor: () => "", onError: reject,
        onLoad: () => { begin(); compose(); },
        onAfterRender: () => { if (deck && made.size) resolve(); },
        onViewStateChange: ({ viewState }) => moved(viewState),
        onResize: () => deck && settle(),
      });
      hands(box);
    });
  }

  function begin() {
    deck.setProps({ onError: failed });
    deck.canvas.addEventListener("webglcontextlost", () => !asleep && onLost());
  }

  function failed(error) {
    window.console.warn(error);
  }

  function reopen() {
    return new Promise((resolve) => {
      deck.setProps({ initialViewState: { ...state }, onAfterRender: () => { deck.setProps({ onAfterRender: () => null }); resolve(); } });
      compose();
      deck.redraw("opened");
    });
  }

  /* Mouse, finger and keys: what lies under the pointer, and what is picked. deck.gl's own way to ask waits for the graphics system. */
  function hands(box) {
    let down = null;
    const at = (event) => {
      const { left, top } = box.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    box.addEventListener("pointerdown", (event) => {
      down = at(event);
      parktwin.reach.took();
    });
    box.addEventListener("click", (event) => {
      const here = at(event);
      if (down && Math.hypot(here.x - down.x, here.y - down.y) <= CLICK_PX) parktwin.reach.pick(here);
    });
    box.addEventListener("pointermove", (event) => parktwin.reach.hover(at(event), box, () => event.buttons > 0));
    box.addEventListener("pointerleave", () => parktwin.reach.show(null));
    ["wheel", "keydown"].forEach((name) => box.addEventListener(name, parktwin.reach.took, { passive: true }));
    box.setAttribute("role", "application");
  }

  function moved(next) {
    state = next;
    clearTimeout(resting);
    resting = setTimeout(settle, REST_MS);
  }

  /* The view has come to rest: marks in their size, columns in theirs, words where there is room. */
  function settle() {
    if (asleep) return;
    everything();
    schedule();
    parktwin.reach.scale(metres());
    parktwin.reach.remember();
    parktwin.layers.refresh();
  }

  function everything() {
    above = true;
    firm = true;
  }

  function viewport() {
    return new window.deck.WebMercatorViewport({ ...state, ...size() });
  }

  /* Metres in a pixel, in the middle of the screen. */
  function metres() {
    return (40075016.7 * Math.cos((state.latitude * Math.PI) / 180)) / (512 * 2 ** state.zoom);
  }

  function schedule() {
    if (!pending && !asleep) pending = requestAnimationFrame(() => { pending = 0; compose(); });
  }

  /* All deck.gl layers, the lowest first; those of which nothing has changed are the same as before. */
  function compose() {
    if (asleep || !deck || !deck.isInitialized) return;
    const shown = parktwin.scene.shown();
    const seen = new Set(parktwin.scene.seen());
    if (firm) {
      parktwin.deckSigns.make(shown);
      parktwin.deckRelief.rebuild([...seen]);
    }
    const parts = shown.flatMap((features) => partsOf(features, seen.has(features)));
    parts.sort((a, b) => a.rank - b.rank);
    if (above) reword();
    stale.clear();
    firm = false;
    above = false;
    deck.setProps({ layers: [...parts.map((each) => each.layer), ...words.layers] });
  }

  function partsOf(features, visible) {
    const { key } = features.spec;
    if (!features.id.length && !features.spec.moving) return [];
    const near = parktwin.map.zoomLevel() >= BODY_ZOOM;
    return parktwin.shell.config.deck[key].flatMap((spec) => {
      const other = (spec.role === "round" && !near) || (spec.role === "mark" && near && features.mark.width_by);
      const layer = part(`${key}-${spec.role}`, features, spec, visible && !other);
      return layer ? [{ rank: RANK[spec.role], layer }] : [];
    });
  }

  const FIRM = ["column", "mark"]; // what stands where the ground is, or is drawn for a zoom
  const LIVING = ["column", "heat", "mark", "round"]; // what frames change

  /* One part, made anew where something has changed of it. */
  function part(id, features, spec, visible) {
    const before = made.get(id);
    if (!before && !visible) return null;
    const other = !before || before.visible !== visible || before.of !== features.id;
    const stands = firm && FIRM.includes(spec.role);
    const lives = stale.has(features.spec.key) && LIVING.includes(spec.role);
    if (!other && !stands && !lives) return before.layer;
    const version = before ? before.version + 1 : 0;
    const layer = build(id, features, spec, { visible, version, moved: other || stands });
    made.set(id, { layer, version, visible, of: features.id });
    return layer;
  }

  function build(id, features, { "@@type": type, ...spec }, { visible, version, moved }) {
    const { role, dash, ...fixed } = spec;
    const places = stale.get(features.spec.key);
    const changed = places && places.size <= FEW && !moved ? [...places] : null;
    const maker = { mark: parktwin.deckSigns.mark, round: parktwin.deckBodies.round }[role] || parktwin.deckParts[role];
    const props = { id, visible, ...fixed, ...maker(features, spec, version, changed, moved) };
    return window.deck[type] ? new window.deck[type](props) : parktwin.deckBulk.layer(type, props);
  }

  /* What is at risk, the words, and the ring round what is selected. */
  function reword() {
    const at = viewport();
    const box = size();
    const project = (lon, lat, z) => {
      const [x, y] = at.project([lon, lat, z]);
      return x > 0 && y > 0 && x < box.width && y < box.height ? [x, y] : null;
    };
    const held = parktwin.deckWords.room();
    const risks = found(project, held);
    const poles = parktwin.deckWords.tags(risks.filter((one) => one.row), project, held, metres());
    const groups = risks.filter((one) => one.count);
    const names = [...parktwin.deckWords.counts(groups), ...parktwin.deckWords.names(project, held)];
    const marks = parktwin.deckBulk.layer("marks", { id: "risks", ...parktwin.deckSigns.risks(risks) });
    words = { names, poles, risks, layers: [marks, ...parktwin.deckWords.layers(names, poles), ring()].filter((each) => each) };
  }

  /* Everything at risk, the worst last so that it lies on top; from afar one mark for each enterprise. */
  function found(project, held) {
    const { isRisk, rank, px } = parktwin.palette;
    const alone = parktwin.scene.alarmed().flatMap((features) => features.rows.flatMap((row, at) => {
      if (!row || !isRisk(row.state)) return [];
      const alarm = features.mark.symbol === "alarm";
      const radius = px(alarm ? features.mark.size_px * (row.tag ? 0.75 : 0.6) : Math.max(4, features.mark.size_px));
      return [{ features, at, row, state: row.state, radius, halo: alarm && Boolean(row.tag) }];
    }));
    const groups = parktwin.scene.grouped().map((one) => ({ ...one, radius: px(9), halo: false }));
    const all = [...alone, ...groups].sort((a, b) => rank(a.state) - rank(b.state) || Boolean(a.row && a.row.tag) - Boolean(b.row && b.row.tag));
    return all.map((one) => {
      const [lon, lat] = [one.features.lon[one.at], one.features.lat[one.at]];
      const z = parktwin.deckRelief.height(lon, lat);
      const place = project(lon, lat, z);
      if (place) held.hold([place[0] - one.radius, place[1] - one.radius, place[0] + one.radius, place[1] + one.radius]);
      return { ...one, lon, lat, z };
    });
  }

  function ring() {
    const one = parktwin.scene.selection;
    if (!one) return null;
    return new window.deck.ScatterplotLayer({
      id: "selection", data: [one], parameters: parktwin.deckPaint.OVER, billboard: true, filled: false, stroked: true, radiusUnits: "pixels", lineWidthUnits: "pixels",
      getPosition: ({ lon, lat }) => [lon, lat, parktwin.deckRelief.height(lon, lat)],
      getRadius: parktwin.palette.px(15), getLineWidth: parktwin.palette.px(1.5), getLineColor: parktwin.deckPaint.rgb("ink"),
    });
  }

  function touched(features, changed) {
    const { key } = features.spec;
    const before = stale.get(key);
    if (changed === null || before === null) stale.set(key, null);
    else if (changed.length) stale.set(key, new Set([...(before || []), ...changed]));
    else return;
    schedule();
  }

  function news() {
    above = true;
    schedule();
  }

  function repaint() {
    if (asleep) return;
    everything();
    parktwin.reach.scale(metres());
    schedule();
  }

  /* Goes to a view; ``upright``: as it stands by itself. */
  function move({ upright, ...view }, animate) {
    const lean = upright ? { pitch: LEAN, bearing: 0 } : view.tilt || {};
    const still = animate === false || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    go({ ...placed(view), ...lean }, still ? 0 : 700, true);
  }

  let goal = null; // the zoom that was asked for by steps, until the map has arrived

  function zoomBy(step) {
    goal = Math.min(LIMITS.maxZoom, Math.max(LIMITS.minZoom, (goal === null ? state.zoom : goal) + step));
    go({ zoom: goal }, 250, false);
  }

  function go(next, ms, far) {
    const { FlyToInterpolator, LinearInterpolator } = window.deck;
    if (far) goal = null;
    const way = far ? new FlyToInterpolator() : new LinearInterpolator(["zoom"]);
    const target = { ...state, ...next };
    const shown = ms ? { transitionDuration: ms, transitionInterpolator: way, onTransitionEnd: () => { goal = null; } } : { transitionDuration: 0 };
    deck.setProps({ initialViewState: { ...target, ...shown } });
    if (!ms) moved(target);
  }

  function view() {
    return { lat: state.latitude, lon: state.longitude, z: state.zoom + STEP, tilt: { pitch: state.pitch, bearing: state.bearing } };
  }

  /* Whether a place is seen, and not at the very edge. */
  function sees({ lon, lat }) {
    const { width, height } = size();
    const [x, y] = viewport().project([lon, lat, parktwin.deckRelief.height(lon, lat)]);
    return x > 0.13 * width && x < 0.87 * width && y > 0.13 * height && y < 0.87 * height;
  }

  function pulse(features, at) {
    const place = [features.lon[at], features.lat[at], parktwin.deckRelief.height(features.lon[at], features.lat[at])];
    const lay = (ring) => {
      const [x, y] = viewport().project(place);
      ring.style.transform = `translate(${x}px, ${y}px)`;
    };
    parktwin.reach.pulse(stage, features.state(at), lay, (again) => {
      followers.add(again);
      return () => followers.delete(again);
    });
  }

  const followers = new Set();

  /* The canvas, drawn in this very moment: between two it cannot be read. */
  function picture() {
    deck.redraw("picture");
    return deck.canvas;
  }

  /* Put away, and kept for the next time. */
  function rest() {
    asleep = true;
    clearTimeout(resting);
  }

  /* Given up: the next opening makes it anew. */
  function drop() {
    rest();
    if (!deck) return;
    const old = deck;
    deck = null;
    made.clear();
    old.finalize();
    stage.replaceChildren();
  }

  parktwin.deckView = {
    open, rest, drop, touched, news, repaint, move, zoomBy, view, sees, pulse, metres, viewport, size, picture,
    visibility: repaint,
    wake: repaint,
    laid: (key) => { stale.set(key, null); everything(); schedule(); },
    hit: (point) => parktwin.deckLook.hit(point, words),
    painted: () => parktwin.scene.marks().reduce((sum, each) => sum + each.id.length, 0),
    get deck() { return deck; },
  };
})((window.parktwin = window.parktwin || {}));
