/* Areas and lines: one Leaflet path per layer on a shared canvas, so that a thousand plots cost one stroke. */
(function (parktwin) {
  "use strict";

  function style(mark) {
    const [fill, stroke] = parktwin.palette.area(mark.tone);
    const width = parktwin.palette.px(mark.shape === "line" ? mark.width_px : Math.max(0.6, mark.width_px));
    const line = { stroke: true, color: stroke, weight: width, dashArray: dash(mark), lineCap: "butt", opacity: mark.tone === "plan" ? 0.55 : 1 };
    if (mark.shape === "line") return { ...line, color: mark.tone === "line" ? parktwin.palette.colour("tone2") : stroke, fill: false };
    const flat = mark.tone === "plan" || !mark.fill;
    if (mark.symbol === "hatch") return { ...line, fill: true, fillColor: hatch(stroke), fillOpacity: 0.7, fillRule: "evenodd" };
    return { ...line, fill: mark.fill, fillColor: fill, fillOpacity: flat ? 0.12 : 1, fillRule: "nonzero" };
  }

  function dash(mark) {
    return mark.dash ? mark.dash.split(" ").map((each) => parktwin.palette.px(Number(each))).join(" ") : null;
  }

  /* Slanting lines: ground that lacks something. */
  function hatch(colour) {
    const size = Math.max(6, Math.round(parktwin.palette.px(7)));
    const tile = parktwin.dom.el("canvas");
    Object.assign(tile, { width: size, height: size });
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    [-1, 0, 1].forEach((turn) => {
      pen.moveTo(turn * size, size);
      pen.lineTo((turn + 1) * size, 0);
    });
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function places(rings) {
    return rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]));
  }

  /* One path for all features of a layer. */
  function path(features, renderer) {
    const options = { ...style(features.mark), renderer, interactive: false, smoothFactor: 0.8 };
    if (features.mark.shape === "line") return L.polyline(features.rings.flatMap(places), options);
    return L.polygon(features.rings.map(places), options);
  }

  function bounds(features) {
    features.boxes = features.rings.map((rings) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      rings.forEach((ring) => ring.forEach(([lon, lat]) => {
        box[0] = Math.min(box[0], lon);
        box[1] = Math.min(box[1], lat);
        box[2] = Math.max(box[2], lon);
        box[3] = Math.max(box[3], lat);
      }));
      return box;
    });
  }

  function inside(ring, lon, lat) {
    let within = false;
    for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
      const [x1, y1] = ring[at];
      const [x2, y2] = ring[before];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) within = !within;
    }
    return within;
  }

  function nearLine(line, lon, lat, reach) {
    const squeeze = Math.cos((lat * Math.PI) / 180);
    for (let at = 1; at < line.length; at += 1) {
      const [ax, ay] = [(line[at - 1][0] - lon) * squeeze, line[at - 1][1] - lat];
      const [bx, by] = [(line[at][0] - lon) * squeeze, line[at][1] - lat];
      const [dx, dy] = [bx - ax, by - ay];
      const share = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      if (Math.hypot(ax + share * dx, ay + share * dy) <= reach) return true;
    }
    return false;
  }

  /* The feature under a place; for lines within ``reach`` degrees. Clicks go through outlines to what lies below. */
  function hit(features, lon, lat, reach) {
    if (features.mark.symbol === "outline") return -1;
    if (!features.boxes || features.boxes.length !== features.rings.length) bounds(features);
    for (let at = features.rings.length - 1; at >= 0; at -= 1) {
      const box = features.boxes[at];
      if (lon < box[0] - reach || lon > box[2] + reach || lat < box[1] - reach || lat > box[3] + reach) continue;
      const on = features.mark.shape === "line"
        ? features.rings[at].some((line) => nearLine(line, lon, lat, reach))
        : features.rings[at].reduce((odd, ring) => odd !== inside(ring, lon, lat), false);
      if (on) return at;
    }
    return -1;
  }

  parktwin.areas = { path, style, hit, inside };
})((window.parktwin = window.parktwin || {}));
