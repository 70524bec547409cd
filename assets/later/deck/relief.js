/* What stands on the ground and how high: where a mark is to be put, and what a look through a pixel meets first. */
(function (parktwin) {
  "use strict";

  const CELL = 0.002; // degrees: about 200 m
  let cells = new Map();
  let solids = [];

  /* Everything with a height of the layers that are seen. */
  function rebuild(layers) {
    solids = layers.flatMap((features) => (features.height_m.some(Boolean) ? solidsOf(features) : []));
    cells = new Map();
    solids.forEach((solid) => eachCell(solid.box, (cell) => {
      if (cells.has(cell)) cells.get(cell).push(solid);
      else cells.set(cell, [solid]);
    }));
  }

  function solidsOf(features) {
    if (features.mark.shape === "area") return features.id.map((_, at) => prism(features, at));
    return features.mark.width_by ? features.id.map((_, at) => round(features, at)) : [];
  }

  function prism(features, at) {
    const rings = features.rings[at];
    const lons = rings.flat().map(([lon]) => lon);
    const lats = rings.flat().map(([, lat]) => lat);
    const box = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
    return { features, at, rings, box, height: features.height_m[at] || 0 };
  }

  /* A round body is to the look what its outline on the ground is: eight-sided is near enough for a click. */
  function round(features, at) {
    const lat = features.lat[at];
    const [east, north] = degrees(lat);
    const [half, long] = [(features.width_m[at] || 1) / 2, (features.length_m[at] || features.width_m[at] || 1) / 2];
    const ring = Array.from({ length: 9 }, (_, corner) => {
      const turn = (corner / 8) * 2 * Math.PI;
      return [features.lon[at] + long * Math.cos(turn) * east, lat + half * Math.sin(turn) * north];
    });
    const box = [features.lon[at] - long * east, lat - half * north, features.lon[at] + long * east, lat + half * north];
    return { features, at, rings: [ring], box, height: features.height_m[at] || 0, round: true };
  }

  /* Degrees of longitude and of latitude in a metre. */
  function degrees(lat) {
    return [1 / (111320 * Math.cos((lat * Math.PI) / 180)), 1 / 110574];
  }

  function eachCell([west, south, east, north], take) {
    for (let x = Math.floor(west / CELL); x <= Math.floor(east / CELL); x += 1) {
      for (let y = Math.floor(south / CELL); y <= Math.floor(north / CELL); y += 1) take(x * 1000003 + y);
    }
  }

  function within([west, south, east, north], lon, lat) {
    return lon >= west && lon <= east && lat >= south && lat <= north;
  }

  function covers(solid, lon, lat) {
    return within(solid.box, lon, lat) && solid.rings.reduce((odd, ring) => odd !== parktwin.areas.inside(ring, lon, lat), false);
  }

  /* Metres above the ground at which something put at a place stands. */
  function height(lon, lat) {
    const here = cells.get(Math.floor(lon / CELL) * 1000003 + Math.floor(lat / CELL));
    return here ? here.reduce((most, solid) => (solid.height > most && covers(solid, lon, lat) ? solid.height : most), 0) : 0;
  }

  /* The first body that a look meets: ``ground(metres)`` says over which place it is at that height above the ground. */
  function met(ground) {
    const foot = ground(0);
    let best = null;
    solids.forEach((solid) => {
      if (!solid.height) return;
      const head = ground(solid.height);
      if (!crossed(solid.box, head, foot)) return;
      const share = entry(solid, head, foot);
      if (share === null) return;
      const above = solid.height * (1 - share);
      if (!best || above > best.above || (above === best.above && solid.height > best.solid.height)) best = { solid, above };
    });
    return best ? { features: best.solid.features, at: best.solid.at } : null;
  }

  function crossed(box, [lon1, lat1], [lon2, lat2]) {
    return Math.max(lon1, lon2) >= box[0] && Math.min(lon1, lon2) <= box[2] && Math.max(lat1, lat2) >= box[1] && Math.min(lat1, lat2) <= box[3];
  }

  /* How far on the way from roof height (0) to the ground (1) the look enters the body; null where it passes by. */
  function entry(solid, head, foot) {
    if (covers(solid, ...head)) return 0;
    let first = null;
    solid.rings.forEach((ring) => {
      for (let at = 1; at < ring.length; at += 1) {
        const share = cut(head, foot, ring[at - 1], ring[at]);
        if (share !== null && (first === null || share < first)) first = share;
      }
    });
    return first;
  }

  /* Where on the way from a to b it is cut by the wall from c to d, as a share of the way. */
  function cut([ax, ay], [bx, by], [cx, cy], [dx, dy]) {
    const across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
    if (!across) return null;
    const along = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across;
    const beside = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across;
    return along >= 0 && along <= 1 && beside >= 0 && beside <= 1 ? along : null;
  }

  parktwin.deckRelief = { rebuild, height, met, degrees };
})((window.parktwin = window.parktwin || {}));
