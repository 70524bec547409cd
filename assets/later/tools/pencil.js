/* Drawing a new shape, by mouse, finger or keyboard alone: where the pointer or the cross stands, what has been set, when it ends. */
(function (parktwin) {
  "use strict";

  const { el, attr, say, text, toggle } = parktwin.dom;
  const STEP_PX = 24;
  const FINE_PX = 2;
  const EDGE = 0.12; // of the map: nearer to its edge the map moves instead of the cross
  const SAME_PX = 3; // a second press of a double click
  const DRAG_PX = 6;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let tool = null; // kind of the shape that is being drawn
  let places = [];
  let cursor = null; // [lon, lat]
  let byKeys = false;
  let fresh = false; // the cross has moved since the last place was set
  let typed = ""; // digits of a radius
  let pressed = null; // where a press of the pointer began
  let label = null;
  let hint = null;
  let heard = false; // the page's events are being heard
  let press = 0; // presses of the pointer so far
  let ending = 0; // the one that ended the drawing

  function map() {
    return parktwin.drawn.map;
  }

  function box() {
    return map().getContainer();
  }

  function begin(kind) {
    if (!heard) listen();
    leave();
    parktwin.edit.leave();
    if (parktwin.map.inSpace) parktwin.url.set({ map: "2d" }); // one draws on the flat map
    parktwin.menu.closeAll();
    tool = kind;
    map().doubleClickZoom.disable();
    box().focus({ preventScroll: true });
    show();
  }

  function leave() {
    if (!tool) return false;
    [tool, places, cursor, byKeys, fresh, typed, pressed] = [null, [], null, false, false, "", null];
    map().doubleClickZoom.enable();
    show();
    return true;
  }

  function show() {
    toggle(parktwin.shell.root(), "drawing", tool);
    parktwin.drawn.repaint();
    parktwin.cross.show();
    lay();
    tellHint();
  }

  function tellHint() {
    if (!hint) {
      hint = attr(el("div", "draw-hint"), "role", "status");
      label = el("div", "draw-label");
      document.querySelector(".pt").append(hint, label);
    }
    say(hint, tool ? { key: `tools.hint.${tool}` } : "");
  }

  /* What would be drawn if it ended here. */
  function draft() {
    return tool ? { kind: tool, places, cursor, byKeys } : null;
  }

  /* The measures beside the pointer or the cross. */
  function lay() {
    if (!label) return;
    const said = tool && cursor ? measured() : "";
    text(label, said);
    label.hidden = !said;
    if (!said) return;
    const { x, y } = parktwin.drawn.pixels(cursor);
    label.style.left = `${x}px`;
    label.style.top = `${y}px`;
  }

  function measured() {
    const { lengthOf, groundOf } = parktwin.drawPaint;
    const { ground } = parktwin;
    if (typed) return `r = ${typed} m`;
    if (!places.length) return "";
    const last = ground.between(places[places.length - 1], cursor);
    if (tool === "circle") return `r = ${lengthOf(last)} · ${groundOf(Math.PI * last ** 2)}`;
    const all = [...places, cursor];
    const so = `${lengthOf(ground.along(all))}${places.length > 1 ? ` (+${lengthOf(last)})` : ""}`;
    return tool === "polygon" && all.length > 2 ? `${so} · ${groundOf(ground.area(all))}` : so;
  }

  function point(place, keys) {
    cursor = place;
    byKeys = keys;
    parktwin.drawn.repaint();
    lay();
  }

  function set(place) {
    if (tool === "circle" && places.length) {
      finish([places[0]], parktwin.ground.between(places[0], place));
      return;
    }
    if (places.length >= parktwin.shapes.MOST) return;
    places = [...places, place];
    fresh = false;
    parktwin.drawn.repaint();
    lay();
    spoken();
  }

  /* Who does not see the map hears what has been set. */
  function spoken() {
    if (tool === "circle") return;
    const far = parktwin.ground.along(places);
    say(hint, { key: "tools.set", args: { n: places.length, length: parktwin.drawPaint.lengthOf(far), hint: { key: `tools.hint.${tool}` } } });
  }

  function end() {
    if (tool === "circle") {
      if (places.length && typed) finish(places, Number(typed));
      else if (places.length && cursor) set(cursor);
    } else if (places.length >= parktwin.shapes.LEAST[tool]) {
      finish(places);
    }
  }

  function finish(found, radius_m) {
    const next = { kind: tool, places: found, radius_m };
    if (!parktwin.shapes.sound(next)) return;
    const keys = byKeys;
    leave();
    ending = press;
    parktwin.drawn.put(next);
    if (keys) parktwin.inside.focus(); // who drew by keyboard goes on from there
  }

  function back() {
    if (typed) typed = typed.slice(0, -1);
    else places = places.slice(0, -1);
    fresh = true;
    parktwin.drawn.repaint();
    lay();
  }

  function nearLast(event) {
    const last = places[places.length - 1];
    return Boolean(last && parktwin.drawn.pixels(last).distanceTo(map().mouseEventToContainerPoint(event)) <= SAME_PX);
  }

  function nearFirst(event) {
    const first = parktwin.drawn.pixels(places[0]);
    return first.distanceTo(map().mouseEventToContainerPoint(event)) <= parktwin.palette.px(10);
  }

  function clicked(event) {
    event.stopPropagation(); // it picks nothing
    if (!pressed || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > DRAG_PX || nearLast(event)) return;
    const place = parktwin.drawn.placeAt(event);
    if (tool === "polygon" && places.length > 2 && nearFirst(event)) finish(places);
    else set(place);
  }

  /* A circle may be drawn in one go: down at its centre, up at its edge. */
  function down(event) {
    pressed = { x: event.clientX, y: event.clientY };
    if (tool !== "circle" || event.button) return;
    if (!places.length) set(parktwin.drawn.placeAt(event));
    pressed.circle = true;
  }

  function up(event) {
    if (!pressed || !pressed.circle || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= DRAG_PX) return;
    set(parktwin.drawn.placeAt(event));
  }

  function step([dx, dy], fine) {
    const size = map().getSize();
    const reach = parktwin.palette.px(fine ? FINE_PX : STEP_PX);
    const from = cursor ? parktwin.drawn.pixels(cursor) : size.divideBy(2);
    const to = from.add([dx * reach, dy * reach]);
    const outside = to.x < size.x * EDGE || to.x > size.x * (1 - EDGE) || to.y < size.y * EDGE || to.y > size.y * (1 - EDGE);
    const { lat, lng } = map().containerPointToLatLng(to);
    if (outside) map().panBy([dx * reach, dy * reach], { animate: false });
    fresh = true;
    point([lng, lat], true);
  }

  function middle() {
    const { lat, lng } = map().getCenter();
    return [lng, lat];
  }

  /* Enter sets a place where the cross has gone, and ends where it has gone nowhere. */
  function enter() {
    if (typed || (!fresh && places.length)) end();
    else set(cursor || middle());
  }

  const KEYS = {
    Enter: enter,
    " ": () => set(cursor || middle()),
    Backspace: back,
    Delete: back,
    Escape: leave,
    "+": () => map().zoomIn(0.5),
    "=": () => map().zoomIn(0.5),
    "-": () => map().zoomOut(0.5),
  };

  function key(event) {
    if (!tool || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Escape" && ![box(), document.body].includes(document.activeElement)) return;
    const arrow = ARROWS[event.key];
    if (arrow) step(arrow, event.shiftKey);
    else if (tool === "circle" && places.length && /^[\d.]$/.test(event.key)) type(event.key);
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function type(digit) {
    typed += digit;
    if (!cursor) cursor = places[0];
    lay();
  }

  /* What is left of the press that ended the drawing, or of its double click, means nothing. */
  function spent(event) {
    if (ending && (press === ending || (press === ending + 1 && event.detail > 1))) event.stopPropagation();
  }

  function on(name, act) {
    box().addEventListener(name, (event) => tool && act(event), { capture: true, passive: name.startsWith("touch") });
  }

  function listen() {
    heard = true;
    document.addEventListener("keydown", key, true);
    box().addEventListener("pointerdown", () => { press += 1; }, true);
    on("pointerdown", down);
    on("pointerup", up);
    on("pointermove", (event) => point(parktwin.drawn.placeAt(event), false));
    on("click", clicked);
    on("dblclick", (event) => { event.stopPropagation(); end(); });
    ["click", "dblclick"].forEach((name) => box().addEventListener(name, spent, true));
    ["mousedown", "touchstart"].forEach((name) => on(name, (event) => pressed && pressed.circle && event.stopPropagation()));
    map().on("move zoom", lay);
    parktwin.i18n.onChange(() => { tellHint(); lay(); });
    parktwin.url.onChange((state, before) => (state.mode !== before.mode || state.path !== before.path || state.map === "3d") && leave());
  }

  parktwin.pencil = { begin, leave, draft, get tool() { return tool; } };
})((window.parktwin = window.parktwin || {}));
