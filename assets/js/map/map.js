/* The map that the page speaks to, and its 2-D form: gets the Leaflet map that dash-leaflet makes, and draws the layers on it. */
(function (parktwin) {
  "use strict";

  const NEAR_PX = 9;
  const TAGS_AGE_S = 5;
  const paths = new Map();
  const adopted = [];
  let map = null;
  let renderer = null;
  let points = null;
  let tags = null;
  let known = new Set(); // alarms already seen: only new ones pulse
  let settled = false;
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

  async function start() {
    map = await whenMade();
    await new Promise((resolve) => map.whenReady(resolve));
    renderer = L.canvas({ padding: 0.12 }).addTo(map);
    ["pt-points", "pt-tags", "pt-pulses"].forEach((name, at) => { map.createPane(name).style.zIndex = 450 + 25 * at; });
    const { scene } = parktwin;
    points = new parktwin.points.Points(map, "pt-points", scene.marks);
    tags = new parktwin.tags.Tags(map, "pt-tags", { points: scene.alarmed, labelled: scene.labelled, grouped: scene.grouped, selected: () => scene.selection });
    map.on("zoomanim", ({ center, zoom }) => [points, tags].forEach((each) => each.follow(center, zoom)));
    map.on("viewreset zoom", () => [points, tags].forEach((each) => each.follow(map.getCenter(), map.getZoom())));
    map.on("moveend zoomend resize", () => front === flat && flat.repaint());
    map.on("zoomend", refreshPaths);
    map.on("zoomend", approach);
    parktwin.ages.onTick(ageTags);
    parktwin.reach.start(map);
    startView();
  }

  /* Durations on tags grow; every few seconds is often enough. */
  function ageTags() {
    const alarms = parktwin.scene.layers.get("alarms");
    if (alarms && alarms.count && Math.floor(parktwin.ages.now() / 1000) % TAGS_AGE_S === 0) front.news();
  }

  function drawPath(key) {
    const features = parktwin.scene.layers.get(key);
    if (features.mark.shape === "point" || !features.rings.length) return;
    if (paths.has(key)) paths.get(key).remove();
    paths.set(key, parktwin.areas.path(features, renderer));
    refreshPaths();
  }

  function refreshPaths() {
    const seen = new Set(parktwin.scene.flat().map((each) => each.spec.key));
    let above = false; // a path laid down late must not hide what stands above it
    parktwin.scene.config.layers.forEach(({ key }) => {
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

  function touched(features, changed) {
    if (features.mark.shape !== "point") {
      if (features.rings.length && features.spec.moving) drawPath(features.spec.key);
    } else if (!["alarm", "column"].includes(features.mark.symbol)) {
      points.touch(features, changed);
    }
  }

  /* What lies under a place of the container: tags and alarms, points, then areas from the top. */
  function hit(point) {
    const above = tags.hit(point) || points.hit(point, NEAR_PX);
    if (above) return above;
    const { lat, lng } = map.containerPointToLatLng(point);
    const reach = (map.containerPointToLatLng([0, 0]).lat - map.containerPointToLatLng([0, 5]).lat);
    for (const features of parktwin.scene.flat().filter((each) => each.spec.picks).reverse()) {
      const at = parktwin.areas.hit(features, lng, lat, features.mark.shape === "line" ? reach : 0);
      if (at >= 0) return { features, at };
    }
    return null;
  }

  function move(view, animate) {
    goal = null;
    const still = animate === false || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) map.setView([view.lat, view.lon], view.z, { animate: false });
    else map.flyTo([view.lat, view.lon], view.z, { duration: 0.7 });
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

  function metres() {
    const y = map.getSize().y / 2;
    return map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([100, y])) / 100;
  }

  function pulse(features, at) {
    const where = [features.lat[at], features.lon[at]];
    parktwin.reach.pulse(map.getPane("pt-pulses"), features.state(at), (ring) => L.DomUtil.setPosition(ring, map.latLngToLayerPoint(where)), (lay) => {
      map.on("zoomend viewreset", lay);
      return () => map.off("zoomend viewreset", lay);
    });
  }

  /* It is seen again: what came meanwhile is laid down. */
  function wake(view) {
    map.setView([view.lat, view.lon], view.z, { animate: false });
    parktwin.scene.shown().forEach(({ spec }) => (spec.moving || !paths.has(spec.key)) && drawPath(spec.key));
    flat.visibility();
  }

  const flat = {
    laid: drawPath, touched, hit, move, zoomBy, pulse, metres, wake,
    news: () => tags.repaint(),
    repaint() {
      if (!points) return;
      points.repaint();
      tags.repaint();
      parktwin.reach.scale(metres());
    },
    visibility() {
      refreshPaths();
      flat.repaint();
    },
    view() {
      const { lat, lng } = map.getCenter();
      return { lat, lon: lng, z: map.getZoom() };
    },
    sees: (place) => map.getBounds().pad(-0.18).contains([place.lat, place.lon]),
    painted: () => (points ? points.shown.count : 0),
  };

  let front = flat; // who draws now: this, or the 3-D one, which has the same words

  /* Another one draws from now on, or none but this. */
  function put(other) {
    if ((other || flat) === front) return;
    const view = front.view();
    front = other || flat;
    front.wake(view);
  }

  async function show(keys) {
    await parktwin.scene.show(keys, (key) => front.laid(key));
    if (!parktwin.scene.complete) return;
    front.repaint();
    parktwin.layers.refresh();
  }

  /* States from a frame: whole frames carry columns, patches what changed. */
  function apply(changes, whole) {
    if (!points) return;
    for (const key in changes) {
      const features = parktwin.scene.layers.get(key);
      if (!features) continue;
      front.touched(features, whole ? features.replace(changes[key].columns) : features.patch(changes[key]));
      if (features.loud) front.news();
      features.loud = false;
    }
    pulseNews(whole);
    parktwin.layers.refresh();
  }

  function pulseNews(whole) {
    const alarms = parktwin.scene.layers.get("alarms");
    if (!alarms) return;
    const now = new Set(alarms.index.keys());
    if (!whole && settled) [...now].filter((id) => !known.has(id)).slice(0, 12).forEach((id) => front.pulse(alarms, alarms.index.get(id)));
    known = now;
    settled = true;
  }

  /* Zoom as it would be on the screen of the design, so that walls and laptops show the same detail. */
  function zoomLevel() {
    return front.view().z - Math.log2(parktwin.palette.rem() / 16);
  }

  function startView() {
    const { view } = parktwin.url.state;
    if (view) flat.move(view, false);
    else home(false);
  }

  /* The whole park, as large as the screen lets it. */
  function homeView() {
    const size = map.getSize();
    const { center, zoom } = parktwin.scene.config.view;
    if (center && zoom) return { lat: center[1], lon: center[0], z: zoom + Math.log2(Math.min(size.x / 1920, size.y / 1080)) };
    const [west, south, east, north] = parktwin.scene.config.park.bounds;
    const rem = parktwin.palette.rem();
    const z = map.getBoundsZoom([[south, west], [north, east]], false, L.point(28 * rem, 11 * rem));
    const middle = map.project([(south + north) / 2, (west + east) / 2], z).add([0, rem / 2]); // more lies at the foot than at the head
    const { lat, lng } = map.unproject(middle, z);
    return { lat, lon: lng, z };
  }

  function home(animate) {
    front.move({ ...homeView(), upright: true }, animate);
  }

  function flyTo(place) {
    if (!map || !place) return;
    const zoom = place.zoom + Math.log2(parktwin.palette.rem() / 16);
    front.move({ lat: place.lat, lon: place.lon, z: Math.max(zoom, front.view().z) }, true);
  }

  function select(picked) {
    parktwin.scene.select(picked);
    if (tags) front.news();
  }

  function selectPlace(place) {
    if (!place) return;
    parktwin.scene.selectPlace(place);
    front.news();
  }

  parktwin.map = {
    start, show, apply, put, home, flyTo, select, selectPlace, zoomLevel,
    prepare: (config, keys) => parktwin.scene.prepare(config, keys),
    hit: (point) => front.hit(point),
    sees: (place) => front.sees(place),
    view: () => front.view(),
    zoom: (step) => front.zoomBy(step),
    look: (view) => front.move(view, true),
    repaint: () => map && front.repaint(),
    visibility: () => map && front.visibility(),
    get leaflet() { return map; },
    get layers() { return parktwin.scene.layers; },
    get complete() { return parktwin.scene.complete; },
    get painted() { return front.painted(); },
    get inSpace() { return front !== flat; },
  };
})((window.parktwin = window.parktwin || {}));
