/* The 3-D map itself: one deck.gl, made when first opened and kept; it has the words that the page speaks to any map. */
(function (parktwin) {
  "use strict";

  const LEAN = 50; // degrees from upright, until somebody leans it otherwise
  const STEP = 1; // Leaflet's tiles are half as wide: its zoom is larger by one
  const LIMITS = { minZoom: 8, maxZoom: 18.5, minPitch: 0, maxPitch: 75 };
  const REST_MS = 160;
  const SOFT_POINTS = 2200000;
  const SOFT_MS = 1000; // between two pictures of what is no risk, without graphics hardware
  const CLICK_PX = 5;
  const OWN_KEYS = ["+", "=", "-", "_", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
  let deck = null;
  let state = null; // { longitude, latitude, zoom, pitch, bearing }
  let stage = null; // the element it stands in
  let drawn = null; // who waits for the next picture
  let asleep = true;
  let onLost = null;
  let resting = 0;
  let pending = 0;

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
    parktwin.scene.shown().forEach(({ spec }) => parktwin.deckScene.touch(spec.key, null));
    parktwin.deckScene.everything();
    turn(state.bearing);
    return deck ? reopen() : create();
  }

  function placed({ lat, lon, z }) {
    return { latitude: lat, longitude: lon, zoom: z - STEP };
  }

  function create() {
    return new Promise((resolve, reject) => {
      const box = parktwin.dom.el("div", "deck");
      stage.append(box);
      drawn = resolve;
      deck = new window.deck.Deck({
        parent: box, views: new window.deck.MapView({ id: "map", repeat: false, clear: true, clearColor: parktwin.deckPaint.rgb("ground") }), initialViewState: state,
        controller: { keyboard: true, doubleClickZoom: true, inertia: 250, touchRotate: true },
        deviceProps: { webgl: { antialias: !soft(), alpha: false } }, useDevicePixels: sharpness(), getCursor: () => "", onError: reject,
        onLoad: () => { begin(); compose(); },
        onAfterRender: () => !soft() && told(),
        onViewStateChange: ({ viewState }) => moved(viewState),
        onResize: resized,
        ...(soft() ? slid(box) : {}),
      });
      hands(box);
    });
  }

  /* A picture is to be seen. */
  function told() {
    if (parktwin.deckScene.empty) return;
    const waiting = drawn;
    drawn = null;
    if (waiting) waiting();
  }

  function soft() {
    return parktwin.deckSoft.wanted();
  }

  /* Without graphics hardware: pictures by way of a canvas of ours, which also hears the hands. */
  function slid(box) {
    const canvas = parktwin.dom.el("canvas", "slide deck-events-root");
    box.append(canvas);
    box.classList.add("soft");
    const slide = new parktwin.deckSoft.Slide(canvas, told);
    return { _customRender: (reason) => slide.take(deck.device.gl, () => deck && deck._drawLayers(reason), whole) };
  }

  /* deck.gl learns how large it is a little after it has begun: what it paints before is a stamp, and is painted again. */
  function whole(width) {
    return 2 * width > size().width * sharpness();
  }

  /* Points of the picture to a pixel of the page; without hardware a wall has no more of them than a desk. */
  function sharpness() {
    const { width, height } = size();
    const ratio = window.devicePixelRatio || 1;
    return soft() ? Math.min(ratio, Math.sqrt(SOFT_POINTS / (width * height))) : ratio;
  }

  function resized() {
    if (!deck) return;
    deck.setProps({ useDevicePixels: sharpness() });
    settle();
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
      drawn = resolve;
      deck.setProps({ initialViewState: { ...state } });
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
    box.addEventListener("keydown", (event) => OWN_KEYS.includes(event.key) && event.preventDefault()); // deck.gl has heard it: nobody else shall
    box.setAttribute("role", "application");
  }

  function moved(next) {
    state = next;
    turn(state.bearing);
    followers.forEach((follow) => follow());
    clearTimeout(resting);
    resting = setTimeout(settle, REST_MS);
  }

  /* What shows a way on the page (the wind, where north is) turns with the map. */
  function turn(bearing) {
    const root = parktwin.shell.root();
    root.style.setProperty("--turn", `${-bearing}deg`);
    parktwin.dom.toggle(root, "turned", Math.abs(bearing) > 0.5);
  }

  /* The view has come to rest: marks in their size, columns in theirs, words where there is room. */
  function settle() {
    if (asleep) return;
    parktwin.deckScene.everything();
    schedule();
    parktwin.reach.scale(metres());
    parktwin.reach.remember();
    parktwin.layers.refresh();
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

  let lazy = 0;

  /* What is no news can wait a little where pictures are dear. */
  function later() {
    if (!soft()) schedule();
    else if (!lazy) lazy = setTimeout(() => { lazy = 0; schedule(); }, SOFT_MS);
  }

  function compose() {
    if (!asleep && deck && deck.isInitialized) deck.setProps({ layers: parktwin.deckScene.layers() });
  }

  function touched(features, changed) {
    if (parktwin.deckScene.touch(features.spec.key, changed)) later();
  }

  function news() {
    parktwin.deckScene.news();
    schedule();
  }

  function laid(key) {
    parktwin.deckScene.touch(key, null);
    repaint();
  }

  function repaint() {
    if (asleep) return;
    parktwin.deckScene.everything();
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
    deck._drawLayers("picture");
    return deck.canvas;
  }

  /* Put away, and kept for the next time. */
  function rest() {
    asleep = true;
    clearTimeout(resting);
    turn(0);
  }

  /* Given up: the next opening makes it anew. */
  function drop() {
    rest();
    if (!deck) return;
    const old = deck;
    deck = null;
    parktwin.deckScene.forget();
    old.finalize();
    stage.replaceChildren();
  }

  parktwin.deckView = {
    open, rest, drop, touched, news, repaint, move, zoomBy, view, sees, pulse, metres, viewport, size, picture,
    visibility: repaint,
    wake: repaint,
    laid,
    hit: (point) => parktwin.deckLook.hit(point),
    painted: () => parktwin.scene.marks().reduce((sum, each) => sum + each.id.length, 0),
    get deck() { return deck; },
  };
})((window.parktwin = window.parktwin || {}));
