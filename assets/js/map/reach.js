/* The hand on the map: hover, click, the view in the address, the scale bar, and the pulse of what is new. */
(function (parktwin) {
  "use strict";

  const { el, text } = parktwin.dom;
  const PULSE_MS = 3200;
  let waiting = 0;
  let last = null;
  let moved = false; // somebody has moved the map

  function start(map) {
    const box = map.getContainer();
    map.on("click", (event) => pick(event.containerPoint));
    map.on("mousemove", (event) => hover(event.containerPoint, box, () => map.dragging.moving()));
    map.on("mouseout", () => show(null));
    map.on("moveend", remember);
    box.setAttribute("role", "application");
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) => box.addEventListener(name, took, { passive: true, once: true }));
    window.addEventListener("popstate", back);
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
  }

  function took() {
    moved = true;
  }

  /* A step back in the history looks where one looked then. */
  function back() {
    const { view } = parktwin.url.state;
    if (view) parktwin.map.look(view);
  }

  function pick(point) {
    const found = parktwin.map.hit(point);
    if (!found) {
      parktwin.url.set({ sel: null });
      return;
    }
    const { features, at } = found;
    if (!features.spec.picks) return;
    parktwin.url.set({ sel: { layer: features.spec.key, id: features.id[at] } });
  }

  /* What lies under the pointer, once a frame and not while the map is being moved. */
  function hover(point, box, busy) {
    last = point;
    if (!waiting) waiting = requestAnimationFrame(() => look(box, busy));
  }

  function look(box, busy) {
    waiting = 0;
    if (busy()) return;
    const found = parktwin.map.hit(last);
    box.classList.toggle("over", Boolean(found && found.features.spec.picks));
    show(found && found.features.mark.tone !== "land" ? found : null);
  }

  function show(found) {
    const box = parktwin.cid.place("hover");
    if (!found || parktwin.url.state.mode !== "desk") {
      box.replaceChildren();
      return;
    }
    const { features, at } = found;
    box.replaceChildren(el("b", "", features.name(at)), el("span", "", said(features, at)));
    box.style.left = `${last.x}px`;
    box.style.top = `${last.y}px`;
  }

  function said(features, at) {
    const state = features.state(at);
    const key = `ui.state.${state}`;
    const word = state !== features.base && parktwin.i18n.knows(key) ? parktwin.i18n.say({ key }) : "";
    return [features.mark.shape === "point" ? features.id[at] : parktwin.i18n.say(features.spec.title), word].filter(Boolean).join(" · ");
  }

  let resting = 0;

  /* The view goes into the address once the map has come to rest and somebody has moved it. */
  function remember() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (!moved) return;
      const { tilt = parktwin.url.state.tilt, ...view } = parktwin.map.view();
      parktwin.url.set({ view, tilt }, { replace: true });
    }, 400);
  }

  const NICE = [1, 2, 5];

  /* A round length of about nine rem, where a pixel is so many metres. */
  function scale(metres) {
    const box = parktwin.cid.place("scale");
    if (!box) return;
    const wanted = metres * parktwin.palette.rem() * 10;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const length = power * NICE.filter((each) => each * power <= wanted).pop();
    const bar = parktwin.dom.part(box, "bar", () => el("i"));
    bar.style.width = `${length / metres}px`;
    text(parktwin.dom.part(box, "said", () => el("span")), length >= 1000 ? `${length / 1000} km` : `${length} m`);
  }

  /* Three rings, then stillness. ``lay`` puts the ring in its place, also when the map has moved: ``follow`` tells. */
  function pulse(pane, colour, lay, follow) {
    const ring = el("div", "pulse leaflet-zoom-hide");
    ring.dataset.colour = colour;
    const place = () => lay(ring);
    place();
    const leave = follow(place);
    const holder = el("div", "", ring);
    pane.append(holder);
    setTimeout(() => {
      leave();
      holder.remove();
    }, PULSE_MS);
  }

  parktwin.reach = { start, pick, hover, show, took, remember, scale, pulse };
})((window.parktwin = window.parktwin || {}));
