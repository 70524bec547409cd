/* Small charts as SVG: columns against a limit, the wind; the trend of a point is drawn by trend.js. */
(function (parktwin) {
  "use strict";

  const { el, svg, say, text, attr, part, keyed } = parktwin.dom;
  const { teach, colourOf } = parktwin.panels;
  /* How far apart the names of columns stand, and how they are told, by what a column is of. */
  const STEPS = {
    ten_minutes: { every: 6, said: (iso) => parktwin.i18n.clock(iso) },
    hour: { every: 6, said: (iso) => digits(iso, { hour: "2-digit" }) },
    day: { every: 7, said: (iso) => `${digits(iso, { month: "numeric" })}-${digits(iso, { day: "2-digit" })}` },
    month: { every: 3, said: (iso) => `${digits(iso, { year: "numeric" })}-${digits(iso, { month: "2-digit" }).padStart(2, "0")}` },
  };

  function digits(iso, part) {
    return parktwin.i18n.when(iso, part).replace(/\D/g, "");
  }

  const UNKNOWN_PX = 2;
  const rooms = new ResizeObserver((entries) => entries.forEach(({ target }) => target._again && target._again()));

  function keyedSvg(parent, items, tag, update) {
    keyed(parent, items, (_, index) => index, () => svg(tag, {}), update);
  }

  /* Columns of hours, days or months: one grey for the ordinary, the risk colour for the part that is one, the limit dashed. */
  function drawColumns(node, content, context) {
    const chart = parktwin.explain.mark(part(node, "chart", () => columnsNode(node)), context);
    chart._again = () => layColumns(chart, content, context);
    chart._again();
    parktwin.actions.bind(chart, content.total && content.total.list ? parktwin.actions.of({ list: content.total.list, label: { key: `panel.${context.panel}` } }, context) : null);
    attr(chart, "aria-label", parktwin.i18n.say({ key: `panel.${context.panel}` }));
  }

  function columnsNode() {
    const groups = ["cols", "high", "names"].map((name) => svg("g", { class: name }));
    const chart = svg("svg", { class: "chart", role: "img" }, svg("line", { class: "axis" }), ...groups, svg("line", { class: "limit" }));
    rooms.observe(chart);
    return chart;
  }

  function layColumns(chart, content, context) {
    const { width, height } = chart.getBoundingClientRect();
    if (!width || !height) return;
    const rem = parktwin.palette.rem();
    const floor = height - rem * 1.35;
    const [all, ...parts] = content.series;
    const top = Math.max(content.limit || 0, ...all.y, 1) * 1.08;
    const pitch = width / content.x.length;
    const y = (count) => floor - (count / top) * (floor - 2);
    const [axis, cols, high, names, limit] = chart.children;
    line(axis, 0, width, floor);
    line(limit, 0, width, y(content.limit || 0));
    limit.style.display = content.limit ? "" : "none";
    bars(cols, all, pitch, y, floor, context);
    bars(high, parts[0] || { y: [] }, pitch, y, floor, context);
    const step = STEPS[content.step || "hour"];
    const named = content.x.map((iso, at) => ({ iso, at })).filter(({ at }) => at % step.every === 0 && at + step.every / 2 < content.x.length);
    keyedSvg(names, [...named, { at: content.x.length - 1, now: true }], "text", (node, one) => {
      attr(node, "x", one.now ? width : one.at * pitch + pitch / 2);
      attr(node, "y", height - 2);
      attr(node, "text-anchor", one.now ? "end" : one.at ? "middle" : "start");
      text(node, one.now ? parktwin.i18n.say({ key: parktwin.url.state.at ? "ui.then" : "ui.now" }) : step.said(one.iso));
    });
  }

  function line(node, left, right, at) {
    Object.entries({ x1: left, x2: right, y1: at, y2: at }).forEach(([name, value]) => attr(node, name, value.toFixed(1)));
  }

  /* A column of which nothing can be known is a stub: neither a count nor a nought. */
  function bars(group, series, pitch, y, floor, context) {
    keyedSvg(group, series.y, "rect", (node, said, at) => {
      const unknown = said === null && !series.level;
      const count = said || 0;
      attr(node, "class", unknown ? "col unknown" : "col");
      colourOf(parktwin.explain.mark(node, context, "series", series.key, "y", at), series.level);
      attr(node, "x", (at * pitch + pitch * 0.12).toFixed(1));
      attr(node, "width", (pitch * 0.76).toFixed(1));
      attr(node, "y", (unknown ? floor - UNKNOWN_PX : y(count)).toFixed(1));
      attr(node, "height", (unknown ? UNKNOWN_PX : Math.max(0, floor - y(count))).toFixed(1));
    });
  }

  /* A wedge of the rose between two radii. */
  function wedge(sector, count, inner, outer) {
    const half = Math.PI / count * 0.86;
    const middle = (sector * 2 * Math.PI) / count;
    const at = (angle, radius) => `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
    return `M${at(middle - half, inner)}L${at(middle - half, outer)}A${outer} ${outer} 0 0 1 ${at(middle + half, outer)}L${at(middle + half, inner)}A${inner} ${inner} 0 0 0 ${at(middle - half, inner)}Z`;
  }

  function petals(sectors) {
    const rows = sectors.map((each) => (Array.isArray(each) ? each : [each]));
    const most = Math.max(...rows.map((row) => row.reduce((sum, each) => sum + (each || 0), 0)), 1e-9);
    return rows.flatMap((row, sector) => {
      let from = 0;
      return row.map((share, speed) => {
        const to = from + (share || 0);
        const d = to > from ? wedge(sector, rows.length, 8 + (from / most) * 34, 8 + (to / most) * 34) : "";
        from = to;
        return { d, speed };
      });
    });
  }

  const NEEDLE = "M0 -30L9 21L0 14L-9 21Z";
  const POINTS = ["N", "E", "S", "W"];

  function roseNode(small) {
    const rings = (small ? [46] : [8, 25, 42]).map((r) => svg("circle", { class: "ring", r }));
    const names = small ? [] : POINTS.map((_, at) => svg("text", { x: 50 * Math.sin(at * Math.PI / 2), y: 2.5 - 50 * Math.cos(at * Math.PI / 2) }));
    const needle = svg("path", { class: "needle", d: NEEDLE });
    const node = svg("svg", { class: "rose", viewBox: "-56 -56 112 112", role: "img" }, ...rings, svg("g", { class: "petals" }), ...names, needle);
    Object.assign(node, { _needle: needle, _names: names });
    return node;
  }

  /* The rose of the year with the wind of now on it; without sectors the needle alone. The needle points downwind. */
  function drawRose(node, content, context) {
    const small = !content.sectors.length;
    const box = parktwin.explain.mark(part(node, small ? "small" : "rose", () => el("div", small ? "windrose" : "windrose large")), context);
    const chart = part(box, "chart", () => roseNode(small));
    keyedSvg(chart.querySelector(".petals"), petals(content.sectors), "path", (petal, one) => {
      attr(petal, "d", one.d || "M0 0");
      attr(petal, "class", `petal${Math.min(3, one.speed + 1)}`);
    });
    chart._names.forEach((name, at) => text(name, parktwin.i18n.say({ key: `wind.from.${POINTS[at]}` })));
    chart._needle.style.display = content.live ? "" : "none";
    if (content.live) attr(chart._needle, "transform", `rotate(${(content.live.direction_deg + 180) % 360})${small ? "" : " scale(.62)"}`);
    say(part(box, "said", () => el("div", "wind-said")), content.text);
    attr(chart, "aria-label", parktwin.i18n.say(content.text));
  }

  const FORMS = {
    columns: drawColumns,
    rose: drawRose,
    lines: (node, content, context) => parktwin.trend.draw(parktwin.explain.mark(node, context), content, context),
    spark: (node, content) => parktwin.figures.spark(part(node, "spark", () => svg("svg", { class: "spark" })), content.values || [], content.target),
  };

  teach("chart", (node, content, context) => (FORMS[content.form] || (() => undefined))(node, content, context));

  parktwin.charts = { FORMS };
})((window.parktwin = window.parktwin || {}));
