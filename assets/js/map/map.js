/* The 2-D map: gets the Leaflet map that dash-leaflet makes, and draws the screen's layers on it. */
(function (parktwin) {
  "use strict";

  const GROUP_ZOOM = 13; // below it one mark stands for an enterprise
  const NEAR_PX = 9;
  const TAGS_AGE_S = 5;
  const layers = new Map(); // key -> Features, of every layer ever shown
  const statics = new Map();
  const paths = new Map();
  const adopted = [];
  let config = null;
  let map = null;
  let present = []; // keys of the screen's layers, lowest first
  let renderer = null;
  let points = null;
  let tags = null;
  let selection = null;
  let known = new Set(); // alarms already seen: only new ones pulse
  let settled = false;
  let complete = false; // everything that does not move is laid down
  let goal = null; // the zoom that was asked for by steps, until the map has arrived

  /* Leaflet's own way to take part in the making of every map. */
  if (window.L) {
    window.L.Map.addInitHook(function hook() {
      adopted.forEach((taker) => taker(this));
      map = this;
    });
  }

  function whenMade() {
    return map ? Promise.resolve(map) : new Promise((resolve) => adopted.push(resolve));
  }

  /* Before there is a map: begin to fetch what the first screen shows. */
  function prepare(said, keys) {
    config = said;
    config.layers.forEach((spec) => layers.set(spec.key, new parktwin.features.Features(spec)));
    keys.forEach((key) => fetchStatic(layers.get(key)));
  }

  const breath = () => new Promise((resolve) => setTimeout(resolve));

  async function start() {
    map = await whenMade();
    await new Promise((resolve) => map.whenReady(resolve));
    renderer = L.canvas({ padding: 0.12 }).addTo(map);
    ["pt-points", "pt-tags", "pt-pulses"].forEach((name, at) => { map.createPane(name).style.zIndex = 450 + 25 * at; });
    points = new parktwin.points.Points(map, "pt-points", () => seenLayers("point").filter((each) => each.mark.symbol !== "alarm"));
    tags = new parktwin.tags.Tags(map, "pt-tags", { points: () => alarmed(), labelled, grouped, selected: () => selection });
    map.on("zoomanim", ({ center, zoom }) => [points, tags].forEach((each) => each.follow(center, zoom)));
    map.on("viewreset zoom", () => [points, tags].forEach((each) => each.follow(map.getCenter(), map.getZoom())));
    map.on("moveend zoomend resize", repaint);
    map.on("zoomend", refreshPaths);
    map.on("zoomend", approach);
    parktwin.ages.onTick(ageTags);
    parktwin.reach.start(map);
    startView();
  }

  /* Durations on tags grow; every few seconds is often enough. */
  function ageTags() {
    const alarms = layers.get("alarms");
    if (alarms && alarms.count && Math.floor(parktwin.ages.now() / 1000) % TAGS_AGE_S === 0) tags.repaint();
  }

  /* Zoom as it would be on the screen of the design, so that walls and laptops show the same detail. */
  function zoomLevel() {
    return map.getZoom() - Math.log2(parktwin.palette.rem() / 16);
  }

  function isOn(spec) {
    const { off, on } = parktwin.url.state;
    return spec.visible ? !off.includes(spec.key) : on.includes(spec.key);
  }

  function seenLayers(shape) {
    const zoom = zoomLevel();
    return present.map((key) => layers.get(key)).filter((each) =>
      (shape === "point") === (each.mark.shape === "point") && isOn(each.spec) && zoom >= each.mark.min_zoom);
  }

  /* From afar an alarm of an enterprise is told by the enterprise's mark. */
  function alarmed() {
    const seen = seenLayers("point");
    if (zoomLevel() >= GROUP_ZOOM) return seen;
    const owners = layers.get("enterprises");
    return seen.map((each) => (each.mark.symbol === "alarm" && owners ? without(each, owners) : each));
  }

  function without(features, owners) {
    const rows = features.rows.map((row) => (row && owners.index.has(row.owner) ? null : row));
    return Object.assign(Object.create(Object.getPrototypeOf(features)), features, { rows });
  }

  function labelled() {
    const zoom = zoomLevel();
    const named = [...seenLayers("area"), ...seenLayers("point")].filter((each) => each.mark.label && zoom >= each.mark.label_zoom);
    return named.sort((a, b) => (b.spec.key === "enterprises") - (a.spec.key === "enterprises") || a.mark.label_zoom - b.mark.label_zoom);
  }

  function grouped() {
    const owners = layers.get("enterprises");
    if (zoomLevel() >= GROUP_ZOOM || !owners || !present.includes("enterprises")) return [];
    return owners.rows.flatMap((row, at) => (row && parktwin.palette.isRisk(row.state)
      ? [{ features: owners, at, wx: owners.wx[at], wy: owners.wy[at], state: row.state, count: row.badge || 1 }] : []));
  }

  const LEGAL = /(股份有限公司|有限责任公司|有限公司|\s*(Co\.?,?\s*Ltd\.?|Inc\.?|LLC|Ltd\.?|Corp\.?|Limited))\s*$/i;

  function shortName(features, at) {
    return features.name(at).replace(LEGAL, "").replace(/,$/, "");
  }

  /* The screen's layers: fetch what does not move, in parallel, and lay it down from the lowest up. */
  async function show(keys) {
    const wanted = config.layers.filter((spec) => keys.includes(spec.key)).map((spec) => spec.key);
    present = wanted;
    complete = false;
    const fetched = wanted.map((key) => [key, fetchStatic(layers.get(key))]);
    for (const [key, coming] of fetched) {
      await coming;
      if (present !== wanted) return;
      drawPath(key);
      await breath(); // a layer is a task, so that none is long
    }
    repaint();
    complete = true;
    parktwin.layers.refresh();
  }

  function fetchStatic(features) {
    const address = features.spec.static;
    if (!address) return Promise.resolve();
    if (!statics.has(address)) statics.set(address, parktwin.dom.fetchJson(address).then((columns) => features.load(columns)));
    return statics.get(address);
  }

  function drawPath(key) {
    const features = layers.get(key);
    if (features.mark.shape === "point" || !features.rings.length) return;
    if (paths.has(key)) paths.get(key).remove();
    paths.set(key, parktwin.areas.path(features, renderer));
    refreshPaths();
  }

  function refreshPaths() {
    const seen = new Set([...seenLayers("area"), ...seenLayers("line")].map((each) => each.spec.key));
    let above = false; // a path laid down late must not hide what stands above it
    config.layers.forEach(({ key }) => {
      const path = paths.get(key);
      if (!path) return;
      if (seen.has(key) && !map.hasLayer(path)) {
        path.addTo(map);
        above = true;
      } else if (!seen.has(key)) {
        path.remove();
      } else if (above) {
        path.bringToFront();
      }
    });
  }

  function repaint() {
    if (!points) return;
    points.repaint();
    tags.repaint();
    parktwin.reach.scale(map);
  }

  /* States from a frame: whole frames carry columns, patches what changed. */
  function apply(changes, whole) {
    if (!points) return;
    for (const key in changes) {
      const features = layers.get(key);
      if (!features) continue;
      const changed = whole ? features.replace(changes[key].columns) : features.patch(changes[key]);
      if (features.mark.shape === "point" && features.mark.symbol !== "alarm") points.touch(features, changed);
      else if (features.rings.length && features.spec.moving) drawPath(key);
      if (features.loud) tags.repaint();
      features.loud = false;
    }
    pulseNews(whole);
    parktwin.layers.refresh();
  }

  function pulseNews(whole) {
    const alarms = layers.get("alarms");
    if (!alarms) return;
    const now = new Set(alarms.index.keys());
    if (!whole && settled) [...now].filter((id) => !known.has(id)).slice(0, 12).forEach((id) => parktwin.reach.pulse(map, alarms, alarms.index.get(id)));
    known = now;
    settled = true;
  }

  function startView() {
    const { view } = parktwin.url.state;
    if (view) map.setView([view.lat, view.lon], view.z, { animate: false });
    else home(false);
  }

  /* The whole park, as large as the screen lets it. */
  function home(animate) {
    const size = map.getSize();
    const { center, zoom } = config.view;
    if (center && zoom) {
      const larger = Math.log2(Math.min(size.x / 1920, size.y / 1080));
      move([center[1], center[0]], zoom + larger, animate);
      return;
    }
    const [west, south, east, north] = config.park.bounds;
    const rem = parktwin.palette.rem();
    const side = 14 * rem;
    const box = [[south, west], [north, east]];
    map.fitBounds(box, { paddingTopLeft: [side, 5 * rem], paddingBottomRight: [side, 6 * rem], animate: Boolean(animate) });
  }

  /* Leaflet drops a zoom that is asked for while it zooms: steps add up, and the rest is gone when it has come to rest. */
  function zoomBy(step) {
    const from = goal === null ? map.getZoom() : goal;
    goal = Math.min(map.getMaxZoom(), Math.max(map.getMinZoom(), from + step));
    approach();
  }

  function approach() {
    if (goal !== null && Math.abs(goal - map.getZoom()) > 0.01) map.setZoom(goal);
    else goal = null;
  }

  function move(place, zoom, animate) {
    goal = null;
    if (animate === false || window.matchMedia("(prefers-reduced-motion: reduce)").matches) map.setView(place, zoom, { animate: false });
    else map.flyTo(place, zoom, { duration: 0.7 });
  }

  function flyTo(place) {
    if (!map || !place) return;
    const zoom = place.zoom + Math.log2(parktwin.palette.rem() / 16);
    move([place.lat, place.lon], Math.max(zoom, map.getZoom()), true);
  }

  function select(picked) {
    const features = picked && layers.get(picked.layer);
    const at = features ? features.index.get(picked.id) : undefined;
    selection = at === undefined ? null : { wx: features.wx[at], wy: features.wy[at] };
    if (tags) tags.repaint();
  }

  function selectPlace(place) {
    if (!place) return;
    const [wx, wy] = parktwin.features.world(place.lon, place.lat);
    selection = { wx, wy };
    tags.repaint();
  }

  /* What lies under a place of the container: tags and alarms, points, then areas from the top. */
  function hit(point) {
    const above = tags.hit(point) || points.hit(point, NEAR_PX);
    if (above) return above;
    const { lat, lng } = map.containerPointToLatLng(point);
    const reach = (map.containerPointToLatLng([0, 0]).lat - map.containerPointToLatLng([0, 5]).lat);
    const flat = present.map((key) => layers.get(key)).filter((each) => each.mark.shape !== "point" && each.spec.picks && isOn(each.spec) && zoomLevel() >= each.mark.min_zoom);
    for (const features of flat.reverse()) {
      const at = parktwin.areas.hit(features, lng, lat, features.mark.shape === "line" ? reach : 0);
      if (at >= 0) return { features, at };
    }
    return null;
  }

  function shownLayers() {
    return present.map((key) => layers.get(key));
  }

  function visibility() {
    if (!map) return;
    refreshPaths();
    repaint();
  }

  parktwin.map = {
    prepare, start, show, apply, home, flyTo, select, selectPlace, hit, repaint, shortName, shownLayers, isOn, visibility, zoomLevel,
    zoom: zoomBy,
    look: (view) => move([view.lat, view.lon], view.z, true),
    get leaflet() { return map; },
    get layers() { return layers; },
    get complete() { return complete; },
    get painted() { return points ? points.shown.count : 0; },
  };
})((window.parktwin = window.parktwin || {}));
