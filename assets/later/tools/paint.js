/* Paints a drawn shape: bright lines on a dark edge, so that it reads on any ground and is no alarm; its measures on plates, above names. */
(function (parktwin) {
  "use strict";

  const { palette } = parktwin;
  const LEAST_PX = 46; // a shorter edge bears no length

  function trace(pen, points, closed) {
    pen.beginPath();
    points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    if (closed) pen.closePath();
  }

  function line(pen, points, closed, dash) {
    trace(pen, points, closed);
    pen.setLineDash(dash ? [palette.px(6), palette.px(5)] : []);
    pen.lineJoin = "round";
    [[palette.colour("ground"), 5], [palette.colour("bright"), 2]].forEach(([colour, width]) => {
      pen.strokeStyle = colour;
      pen.lineWidth = palette.px(width);
      pen.stroke();
    });
    pen.setLineDash([]);
  }

  function fill(pen, points) {
    trace(pen, points, true);
    pen.globalAlpha = 0.09;
    pen.fillStyle = palette.colour("bright");
    pen.fill();
    pen.globalAlpha = 1;
  }

  function dot(pen, [x, y], radius, chosen) {
    pen.beginPath();
    pen.arc(x, y, palette.px(radius), 0, 2 * Math.PI);
    pen.fillStyle = palette.colour(chosen ? "bright" : "ground");
    pen.strokeStyle = palette.colour("bright");
    pen.lineWidth = palette.px(1.6);
    pen.fill();
    pen.stroke();
  }

  function words(pen, said, [x, y], size) {
    pen.font = `${palette.px(size || 13)}px ${palette.colour("face")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const [wide, high] = [pen.measureText(said).width + palette.px(8), palette.px((size || 13) + 5)];
    pen.fillStyle = palette.colour("ground");
    pen.globalAlpha = 0.85;
    pen.fillRect(x - wide / 2, y - high / 2, wide, high);
    pen.globalAlpha = 1;
    pen.fillStyle = palette.colour("bright");
    pen.fillText(said, x, y);
  }

  const lengthOf = (metres) => parktwin.i18n.measured(parktwin.ground.length(metres));
  const groundOf = (m2) => parktwin.i18n.measured(parktwin.ground.ground(m2));

  /* Its length on each edge that has room. */
  function edges(pen, points, places, closed) {
    places.forEach((place, at) => {
      const next = at + 1 < places.length ? at + 1 : closed ? 0 : -1;
      if (next < 0) return;
      const [[x1, y1], [x2, y2]] = [points[at], points[next]];
      if (Math.hypot(x2 - x1, y2 - y1) < palette.px(LEAST_PX)) return;
      words(pen, lengthOf(parktwin.ground.between(place, places[next])), [(x1 + x2) / 2, (y1 + y2) / 2 - palette.px(9)], 12);
    });
  }

  function middle(points) {
    const sum = points.reduce((all, each) => [all[0] + each[0], all[1] + each[1]], [0, 0]);
    return sum.map((each) => each / points.length);
  }

  /* ``project``: [lon, lat] to pixels; ``chosen``: the handle that is held; ``handles``: whether it can be changed here. */
  function finished(pen, project, shape, { handles, chosen }) {
    const points = parktwin.shapes.outline(shape).map(project);
    if (points.some((each) => !each)) return; // part of it lies behind the eye
    const closed = shape.kind !== "path";
    if (closed) fill(pen, points);
    line(pen, points, closed);
    if (shape.kind === "circle") radius(pen, project, shape);
    else edges(pen, points, shape.places, closed);
    if (shape.kind === "polygon") words(pen, groundOf(parktwin.shapes.measures(shape).area_m2), middle(points), 14);
    if (handles) grips(shape).forEach((each, at) => dot(pen, project(each), at === chosen ? 5.5 : 4, at === chosen));
    if (shape.kind === "path") total(pen, points[points.length - 1], shape);
  }

  function total(pen, [x, y], shape) {
    words(pen, `Σ ${lengthOf(parktwin.shapes.measures(shape).length_m)}`, [x, y - palette.px(18)], 14);
  }

  function radius(pen, project, shape) {
    const [centre, rim] = grips(shape).map(project);
    line(pen, [centre, rim], false, true);
    words(pen, lengthOf(shape.radius_m), [(centre[0] + rim[0]) / 2, centre[1] - palette.px(10)], 13);
  }

  /* Places that a hand takes hold of: the corners; of a circle its centre and its eastern end. */
  function grips({ kind, places, radius_m }) {
    return kind === "circle" ? [places[0], parktwin.ground.from(places[0], radius_m, 90)] : places;
  }

  /* What is being drawn, to where the pointer or the cross stands. */
  function draft(pen, project, { kind, places }, cursor) {
    if (kind === "circle" && places.length && cursor) {
      finished(pen, project, { kind, places, radius_m: Math.max(0.1, parktwin.ground.between(places[0], cursor)) }, {});
    } else if (places.length) {
      const points = places.map(project);
      if (kind === "polygon" && cursor && points.length > 1) fill(pen, [...points, project(cursor)]);
      line(pen, points, false);
      if (cursor) line(pen, [points[points.length - 1], project(cursor)], false, true);
      edges(pen, points, places, false);
    }
    places.forEach((each) => dot(pen, project(each), 4, false));
  }

  function cross(pen, [x, y]) {
    const reach = palette.px(14);
    line(pen, [[x - reach, y], [x + reach, y]], false);
    line(pen, [[x, y - reach], [x, y + reach]], false);
  }

  parktwin.drawPaint = { finished, draft, cross, grips, lengthOf, groundOf };
})((window.parktwin = window.parktwin || {}));
