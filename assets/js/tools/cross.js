/* The map by keyboard: a cross in its middle while it has the focus, and a key that picks what is nearest to the cross. */
(function (parktwin) {
  "use strict";

  const { el, attr, say, text } = parktwin.dom;
  const REST_MS = 120;
  const CLOSE_PX = [0, 8, 16, 28];
  const FAR_PX = [44, 64, 90];
  const RAYS = 12;
  let mark = null;
  let resting = 0;
  let byHand = false; // the pointer was used last

  /* What has the focus when the map has it: the flat one, or the 3-D one where it has come. */
  function boxes() {
    const space = parktwin.cid.place("space");
    return [parktwin.map.leaflet.getContainer(), space && space.querySelector("[tabindex]")].filter(Boolean);
  }

  function box() {
    const [flat, space] = boxes();
    return parktwin.map.inSpace && space ? space : flat;
  }

  function focus() {
    box().focus();
    show();
  }

  function middle() {
    const { width, height } = box().getBoundingClientRect();
    return L.point(width / 2, height / 2);
  }

  /* The first thing that can be picked within reach of the cross, from ring to ring. */
  function around(rings, fits) {
    const centre = middle();
    for (const reach of rings) {
      for (let ray = 0; ray < (reach ? RAYS : 1); ray += 1) {
        const angle = (2 * Math.PI * ray) / RAYS;
        const hit = parktwin.map.hit(centre.add([reach * Math.sin(angle), -reach * Math.cos(angle)]));
        if (hit && hit.features.spec.picks && fits(hit.features.mark)) return hit;
      }
    }
    return null;
  }

  /* A mark close by is meant rather than the ground that the cross happens to stand on; with no ground, the nearest mark. */
  function under() {
    const marks = (mark) => mark.shape === "point";
    return around(CLOSE_PX, marks) || around([0], () => true) || around(FAR_PX, marks);
  }

  function pick() {
    const hit = under();
    if (hit) parktwin.url.set({ sel: { layer: hit.features.spec.key, id: hit.features.id[hit.at] } });
  }

  function show() {
    if (!mark) {
      mark = attr(el("div", "cross", el("i"), el("span")), "aria-live", "polite");
      document.querySelector(".pt").append(mark);
    }
    mark.hidden = byHand || parktwin.tools.busy || !boxes().includes(document.activeElement) || !document.activeElement.matches(":focus-visible");
    if (mark.hidden) return;
    clearTimeout(resting);
    text(mark.lastChild, "");
    resting = setTimeout(() => {
      const hit = mark.hidden ? null : under();
      if (hit) say(mark.lastChild, `${hit.features.name(hit.at)} · ${parktwin.i18n.say({ key: "keys.pick" })}`);
    }, REST_MS);
  }

  function keys(event) {
    if (event.key !== "Enter" || event.defaultPrevented || parktwin.tools.busy || !boxes().includes(event.target)) return;
    event.preventDefault();
    pick();
  }

  function start() {
    ["focusin", "focusout", "keyup"].forEach((name) => document.addEventListener(name, () => parktwin.map.leaflet && show()));
    document.addEventListener("pointerdown", () => { byHand = true; if (mark) show(); }, true);
    document.addEventListener("keydown", () => { byHand = false; }, true);
    document.addEventListener("keydown", keys, true); // the map keeps its keys to itself
    parktwin.map.leaflet.on("moveend zoomend", show);
  }

  parktwin.cross = { start, focus, show };
})((window.parktwin = window.parktwin || {}));
