/* The hand on the map: hover, click, the view in the address, the scale bar, and the pulse of what is new. */
(function (parktwin) {
  "use strict";

  const { el, text } = parktwin.dom;
  const PULSE_MS = 3200;
  let waiting = 0;
  let last = null;

  function start(map) {
    map.on("click", (event) => pick(map, event.containerPoint));
    map.on("mousemove", (event) => {
      last = event.containerPoint;
      if (!waiting) waiting = requestAnimationFrame(() => hover(map));
    });
    map.on("mouseout", () => show(null));
    map.on("moveend", () => remember(map));
    map.getContainer().setAttribute("role", "application");
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  }

  function pick(map, point) {
    const found = parktwin.map.hit(point);
    if (!found) {
      parktwin.url.set({ sel: null });
      return;
    }
    const { features, at } = found;
    if (!features.spec.picks) return;
    parktwin.url.set({ sel: { layer: features.spec.key, id: features.id[at] } });
  }

  function hover(map) {
    waiting = 0;
    if (!last || map.dragging.moving()) return;
    const found = parktwin.map.hit(last);
    map.getContainer().classList.toggle("over", Boolean(found && found.features.spec.picks));
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
  function remember(map) {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (!map._parktwinMoved) return;
      const center = map.getCenter();
      parktwin.url.set({ view: { z: map.getZoom(), lat: center.lat, lon: center.lng } }, { replace: true });
    }, 400);
  }

  function moved(map) {
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) =>
      map.getContainer().addEventListener(name, () => { map._parktwinMoved = true; }, { passive: true, once: true }));
  }

  const NICE = [1, 2, 5];

  /* A round length of about nine rem. */
  function scale(map) {
    const box = parktwin.cid.place("scale");
    if (!box) return;
    const size = map.getSize();
    const y = size.y / 2;
    const metres = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([100, y])) / 100;
    const wanted = metres * parktwin.palette.rem() * 10;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const length = power * NICE.filter((each) => each * power <= wanted).pop();
    const bar = parktwin.dom.part(box, "bar", () => el("i"));
    bar.style.width = `${length / metres}px`;
    text(parktwin.dom.part(box, "said", () => el("span")), length >= 1000 ? `${length / 1000} km` : `${length} m`);
  }

  /* Three rings, then stillness. */
  function pulse(map, features, at) {
    const ring = el("div", "pulse leaflet-zoom-hide");
    ring.dataset.colour = features.state(at);
    const where = [features.lat[at], features.lon[at]];
    const lay = () => L.DomUtil.setPosition(ring, map.latLngToLayerPoint(where));
    lay();
    map.on("zoomend viewreset", lay);
    const holder = el("div", "", ring);
    map.getPane("pt-pulses").append(holder);
    setTimeout(() => {
      map.off("zoomend viewreset", lay);
      holder.remove();
    }, PULSE_MS);
  }

  parktwin.reach = { start: (map) => { start(map); moved(map); }, scale, pulse };
})((window.parktwin = window.parktwin || {}));
