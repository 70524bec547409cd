/* Marks of the 3-D map: the very pictures of the 2-D one, put together into one texture. */
(function (parktwin) {
  "use strict";

  const WIDTH = 1024;
  const STATES = ["offline", "nodata", "stale", "repair"];
  const HIDDEN = "hidden";
  const RISK_PX = 9;
  let sheet = null;
  let made = new Map(); // key of a layer -> how large its marks are drawn in the texture: they grow as one comes nearer

  /* Pictures for every layer of points in each state, and for the levels. */
  function make(layers) {
    const wanted = new Map();
    made = new Map();
    layers.filter(({ mark }) => mark.shape === "point").forEach((features) => {
      const near = parktwin.points.nearness(features.count);
      made.set(features.spec.key, near);
      [features.base, ...STATES].forEach((state) =>
        wanted.set(keyOf(features, state), () => parktwin.marks.quiet(features.mark, state, radius(features.mark) * near)));
    });
    parktwin.palette.RISKS.forEach((state) => [true, false].forEach((halo) =>
      wanted.set(riskKey(state, halo), () => parktwin.marks.alarm(state, parktwin.palette.px(RISK_PX), halo))));
    sheet = packed(wanted);
  }

  function packed(wanted) {
    const places = { [HIDDEN]: { x: 0, y: 0, width: 0, height: 0 } };
    const placed = [];
    let [x, y, row] = [2, 0, 0];
    wanted.forEach((draw, key) => {
      const { canvas } = draw();
      const size = canvas.width;
      if (x + size > WIDTH) [x, y, row] = [0, y + row + 2, 0];
      placed.push([canvas, x, y]);
      places[key] = { x, y, width: size, height: size };
      x += size + 2;
      row = Math.max(row, size);
    });
    const atlas = document.createElement("canvas");
    Object.assign(atlas, { width: WIDTH, height: 2 ** Math.ceil(Math.log2(y + row + 2)) });
    const pen = atlas.getContext("2d");
    placed.forEach(([canvas, left, top]) => pen.drawImage(canvas, left, top));
    return { places, texture: textureOf(atlas) };
  }

  let old = null; // may still be asked for by the picture that is being painted

  function textureOf(canvas) {
    if (old) old.destroy();
    old = sheet && sheet.texture;
    const { width, height } = canvas;
    return parktwin.deckView.deck.device.createTexture({ data: canvas, width, height, sampler: { minFilter: "linear", magFilter: "linear" } });
  }

  function keyOf({ spec }, state) {
    return `${spec.key}|${STATES.includes(state) ? state : "rest"}`;
  }

  function riskKey(state, halo) {
    return `!${state}|${halo}`;
  }

  /* Half a mark's width at rest, as on the 2-D map. */
  function radius(mark) {
    const size = parktwin.palette.px(mark.size_px);
    return mark.symbol === "dot" ? Math.max(0.9, size * 0.55) : Math.max(2, size);
  }

  /* The marks of a quiet layer, as a mesh that is written over where states change; what is at risk is left out here, and shown above. */
  function mark(features, spec, version, changed, moved) {
    const before = meshes.get(features.spec.key);
    const same = before && before.of === features.id && !moved;
    const mesh = same ? before.mesh : parktwin.deckBulk.marks(features.id.length, (at) => standing(features.lon[at], features.lat[at]));
    const again = !same || before.sheet !== sheet;
    (again || !changed ? features.id.map((_, at) => at) : changed).forEach((at) => paint(mesh, features, at));
    meshes.set(features.spec.key, { mesh, sheet, of: features.id });
    return { mesh, version, touched: again ? null : changed, sheet: sheet.texture, scale: parktwin.points.nearness(features.count) / made.get(features.spec.key), parameters: parktwin.deckPaint.OVER };
  }

  const meshes = new Map(); // key of a layer -> its mesh, of which features and for which sheet it is

  function standing(lon, lat) {
    return [lon, lat, parktwin.deckRelief.height(lon, lat)];
  }

  function paint(mesh, features, at) {
    const state = features.state(at);
    const hushed = parktwin.palette.isRisk(state) || (state === features.base && parktwin.points.crowded(features));
    const key = hushed ? HIDDEN : keyOf(features, state);
    parktwin.deckBulk.picture(mesh, at, sheet.places[key] || sheet.places[HIDDEN], window.devicePixelRatio || 1);
  }

  /* Everything at risk, [{ lon, lat, z, state, halo, radius }]. */
  function risks(found) {
    const mesh = parktwin.deckBulk.marks(found.length, (at) => [found[at].lon, found[at].lat, found[at].z]);
    const ratio = parktwin.palette.px(RISK_PX) * (window.devicePixelRatio || 1);
    found.forEach(({ state, halo, radius: half }, at) => parktwin.deckBulk.picture(mesh, at, sheet.places[riskKey(state, halo)], ratio / half));
    return { mesh, sheet: sheet.texture, parameters: parktwin.deckPaint.OVER };
  }

  /* The graphics system has gone, and its textures with it. */
  function forget() {
    sheet = null;
    old = null;
  }

  parktwin.deckSigns = { make, mark, risks, radius, forget };
})((window.parktwin = window.parktwin || {}));
