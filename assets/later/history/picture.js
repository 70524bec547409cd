/* The large trend as a figure: one row of axes for each unit, all over the same time, and a strip for what is in doubt. */
(function (parktwin) {
  "use strict";

  const { colour, rem, px } = parktwin.palette;
  const LIMITS = { alarm_hi_hi: "red", alarm_hi: "orange", alarm_lo: "orange", alarm_lo_lo: "red" };
  const INNER = { alarm_hi: "top", alarm_lo_lo: "top" }; // the inner name of a pair stands inside of its line
  const { UNCERTAIN } = parktwin.series;
  const DENSE_PX = 5; // of the design: nearer to each other than this, samples are not marked one by one
  const SHADES = 40;
  const CROWD = 0.5; // of a row's height for each point in it
  const LINE = 1.35; // of the letters' size
  const CLEAR = "rgba(0,0,0,0)";

  const size = () => Math.max(11, rem() * 0.75);
  const safe = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");

  /* Where things stand, in pixels: the figure's margins, the rows of units, the strip. */
  function arrange(all, view, box) {
    const unit = size();
    const margin = { l: unit * 4.6, r: Math.min(unit * 13, box.width * 0.24), t: unit * 1.7, b: unit * 3 };
    const rows = [...new Set(all.map(({ meta }) => meta.unit || ""))].map((name) => ({ unit: name, series: all.filter(({ meta }) => (meta.unit || "") === name) }));
    const doubtful = all.filter(({ cols }) => cols && cols.quality.some((each) => each > 0));
    const strip = doubtful.length ? unit * 0.9 * doubtful.length + unit * 0.6 : 0;
    const height = Math.max(1, box.height - margin.t - margin.b);
    lay(rows, height, strip, unit * 2);
    return { margin, rows, doubtful, height, width: Math.max(1, box.width - margin.l - margin.r), strip: strip / height, box };
  }

  /* Rows of many points are higher, so that the names at their ends find room. */
  function lay(rows, height, strip, gap) {
    const weight = ({ series }) => Math.max(1, CROWD * series.length);
    const room = height - (strip ? strip + gap * 0.4 : 0) - gap * (rows.length - 1);
    const share = room / rows.reduce((sum, row) => sum + weight(row), 0);
    let top = height;
    rows.forEach((row, at) => {
      row.px = share * weight(row);
      row.domain = [Math.max(0, (top - row.px) / height), top / height];
      row.name = at ? `y${at + 1}` : "y";
      top -= row.px + gap;
    });
  }

  /* All that is needed to draw: traces, layout, and where the plot stands. */
  function figure(all, view, box) {
    const told = all.filter(({ meta, cols }) => meta && cols);
    told.forEach((each) => {
      each.holes = parktwin.series.holes(each.cols, each.meta.stale_s * 1000, [view.from, Math.min(view.to, view.now)]);
      each.seen = sightOf(each.cols, view);
    });
    const place = arrange(told, view, box);
    place.rows.forEach((row) => setScale(row, view.chosen));
    const data = [...place.rows.flatMap((row) => row.series.flatMap((each) => traces(each, row, place, each.id === view.chosen))), ...stripTraces(place, view)];
    return { data, layout: layout(place, view), place, told };
  }

  /* [first, end): what stands within the span; more was asked for, so that lines reach the edges. */
  function sightOf({ ms, step }, { from, to }) {
    const first = ms.findIndex((each) => each + step >= from);
    const end = ms.findIndex((each) => each > to);
    return [first < 0 ? ms.length : first, end < 0 ? ms.length : end];
  }

  function setScale(row, chosen) {
    row.limits = limitsOf(row, chosen);
    const measured = row.series.flatMap(({ cols, seen }) => [...cols.high.slice(...seen), ...cols.low.slice(...seen)]);
    row.range = parktwin.series.scale(measured, row.limits, INNER);
  }

  /* Where points of a row have other limits than each other, those of one are shown: the chosen one's, else the first's. */
  function limitsOf(row, chosen) {
    const own = row.series.map(({ meta }) => Object.keys(LIMITS).map((key) => ({ key, value: meta.limits[key] })).filter(({ value }) => value !== null && value !== undefined));
    const same = own.every((each) => JSON.stringify(each) === JSON.stringify(own[0]));
    const at = Math.max(0, row.series.findIndex(({ id }) => id === chosen));
    return own[at].map((each) => ({ ...each, whose: same ? "" : row.series[at].id }));
  }

  function traces(each, row, place, chosen) {
    const { cols, seen } = each;
    const { line, band } = parktwin.series.drawn(cols, each.holes);
    const look = { type: "scatter", xaxis: "x", yaxis: row.name, hoverinfo: "skip", connectgaps: false, showlegend: false };
    const roomy = place.width >= px(DENSE_PX) * (seen[1] - seen[0]);
    const points = roomy && !cols.step ? { mode: "lines+markers", marker: { size: px(4.5), color: each.colour, opacity: opacities(each, line) } } : { mode: "lines" };
    const made = [{ ...look, ...line, ...points, line: { color: each.colour, width: px(chosen ? 2.8 : 1.5) } }];
    if (cols.step) made.unshift({ ...look, ...band, mode: "lines", line: { width: 0 }, fill: "toself", fillcolor: faint(each.colour) });
    return roomy ? [...made, ...doubts(each, look)] : made;
  }

  /* A sample in doubt has its own mark instead of a dot; breaks have none either. */
  function opacities(each, line) {
    const quality = new Map(each.cols.ms.map((ms, at) => [parktwin.series.local(ms), each.cols.quality[at]]));
    return line.x.map((x, at) => (line.y[at] === null || quality.get(x) ? 0 : 1));
  }

  function faint(hex) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    return `rgba(${r},${g},${b},.2)`;
  }

  function doubts(each, look) {
    const marks = [[UNCERTAIN, "circle-open", each.colour], [parktwin.series.BAD, "x-thin-open", colour("ink3")]];
    return marks.map(([quality, symbol, tone]) => ({
      ...look, ...parktwin.series.marked(each.cols, quality), mode: "markers", marker: { symbol, size: px(8), color: tone, line: { color: tone, width: px(1.6) } },
    })).filter(({ x }) => x.length);
  }

  function stripTraces(place, view) {
    const least = (view.to - view.from) / place.width * px(2); // so that one sample can be seen
    return place.doubtful.flatMap((each, at) => [UNCERTAIN, parktwin.series.BAD].map((quality) => {
      const made = { x: [], y: [] };
      parktwin.series.stretches(each.cols, each.holes, quality).forEach(([from, to]) => {
        made.x.push(parktwin.series.local(from), parktwin.series.local(Math.max(to, from + least)), null);
        made.y.push(at, at, null);
      });
      const line = quality === UNCERTAIN ? { color: each.colour, width: size() * 0.5, dash: `${px(2)}px,${px(2)}px` } : { color: colour("off"), width: size() * 0.5 };
      return { ...made, type: "scatter", mode: "lines", xaxis: "x", yaxis: stripName(place), hoverinfo: "skip", showlegend: false, connectgaps: false, line };
    })).filter(({ x }) => x.length);
  }

  const stripName = (place) => `y${place.rows.length + 1}`;

  function layout(place, view) {
    const axis = { color: colour("ink3"), tickfont: { size: size() }, zeroline: false, linecolor: colour("hair2"), showline: true, fixedrange: true, showgrid: false };
    const bottom = place.strip ? stripName(place) : (place.rows[place.rows.length - 1] || { name: "y" }).name;
    const made = {
      width: place.box.width, height: place.box.height, autosize: false, margin: { ...place.margin, pad: 0 }, paper_bgcolor: CLEAR, plot_bgcolor: CLEAR,
      font: { family: colour("face"), color: colour("ink3"), size: size() }, showlegend: false, hovermode: false, dragmode: view.hand,
      xaxis: { ...axis, type: "date", fixedrange: false, anchor: bottom, range: [view.from, view.to].map(parktwin.series.local), ...ticks(view), nticks: Math.max(3, Math.floor(place.width / (size() * 8))) },
      shapes: place.rows.flatMap((row) => [...shades(row), ...limitLines(row)]),
      annotations: place.rows.flatMap((row) => [unitName(row), ...emptiness(row), ...limitNames(row), ...newest(row, place)]),
    };
    place.rows.forEach((row) => {
      made[`yaxis${row.name.slice(1)}`] = { ...axis, domain: row.domain, range: row.range, nticks: Math.max(3, Math.floor(row.px / (size() * 3))), showgrid: true, gridcolor: "rgba(58,73,87,.35)" };
    });
    if (place.strip) made[`yaxis${stripName(place).slice(1)}`] = { ...axis, domain: [0, place.strip], range: [place.doubtful.length - 0.5, -0.5], showticklabels: false, showline: false };
    return made;
  }

  const HOUR = 3600000;

  /* The date stands below where it changes. */
  function ticks({ from, to }) {
    const wide = to - from;
    return { tickformat: wide <= HOUR / 4 ? "%H:%M:%S\n%Y-%m-%d" : wide <= 96 * HOUR ? "%H:%M\n%Y-%m-%d" : "%m-%d\n%Y" };
  }

  /* Silence is shaded where a row has one point; with several, each line's break tells it. */
  function shades(row) {
    if (row.series.length > 1) return [];
    return row.series[0].holes.slice(0, SHADES).map(({ from, to }) => ({
      type: "rect", xref: "x", yref: `${row.name} domain`, y0: 0, y1: 1, x0: parktwin.series.local(from), x1: parktwin.series.local(to), line: { width: 0 }, fillcolor: "rgba(102,118,138,.16)", layer: "below",
    }));
  }

  const inRange = (row) => ({ value }) => value >= row.range[0] && value <= row.range[1];

  function limitLines(row) {
    return row.limits.filter(inRange(row)).map(({ key, value }) => ({
      type: "line", xref: "paper", yref: row.name, x0: 0, x1: 1, y0: value, y1: value, line: { color: colour(LIMITS[key]), width: px(1), dash: `${px(4)}px,${px(3)}px` },
    }));
  }

  function limitNames(row) {
    const seen = row.limits.filter(inRange(row));
    return seen.map((each) => ({
      xref: "paper", yref: row.name, x: 0, xanchor: "left", xshift: 4, y: each.value, yanchor: (seen.length > 1 && INNER[each.key]) || "bottom", showarrow: false, borderpad: 0,
      text: safe(parktwin.series.limitText(each, row.unit) + (each.whose ? ` · ${each.whose}` : "")), font: { size: size() * 0.92, color: colour("ink2") },
    }));
  }

  function unitName(row) {
    return { xref: "paper", yref: "paper", x: 0, y: row.domain[1], xanchor: "right", yanchor: "bottom", xshift: -4, yshift: 4, showarrow: false, borderpad: 0, text: safe(row.unit || "–"), font: { size: size(), color: colour("ink2") } };
  }

  function emptiness(row) {
    if (row.series.some(({ seen }) => seen[1] > seen[0])) return [];
    const y = (row.domain[0] + row.domain[1]) / 2;
    return [{ xref: "paper", yref: "paper", x: 0.5, y, showarrow: false, text: safe(parktwin.i18n.say({ key: "trend.empty" })), font: { size: size(), color: colour("ink2") } }];
  }

  /* Digits that tell values apart on the scale of a row. */
  function digits([low, high]) {
    return Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(Math.max(high - low, 1e-9)))));
  }

  function lastOf({ cols, seen }) {
    for (let at = seen[1] - 1; at >= seen[0]; at -= 1) if (cols.value[at] !== null && !(cols.quality[at] === parktwin.series.BAD && !cols.step)) return at;
    return -1;
  }

  /* Name, newest value and unit at the end of each line, pushed apart where lines end near to each other;
     in one line where there is no room for two. */
  function newest(row, place) {
    const ends = row.series.map((each) => ({ each, at: lastOf(each) })).filter(({ at }) => at >= 0)
      .map(({ each, at }) => ({ each, at, px: (1 - (each.cols.value[at] - row.range[0]) / (row.range[1] - row.range[0])) * row.px }))
      .sort((a, b) => a.px - b.px);
    const lines = ends.length * 2 * LINE * size() <= row.px ? 2 : 1;
    pushApart(ends, row.px, lines * LINE * size());
    return ends.map(({ each, at, px: down }) => ({
      xref: "paper", yref: "paper", x: 1, xanchor: "left", xshift: 6, y: row.domain[1] - down / place.height, yanchor: "middle", align: "left", showarrow: false, borderpad: 0,
      text: endText(each, valueText(each.cols.value[at], row), lines, place), font: { size: size(), color: colour("ink") },
    }));
  }

  function pushApart(ends, height, least) {
    ends.forEach((one, at) => { one.px = Math.max(one.px, at ? ends[at - 1].px + least : least / 2); });
    for (let at = ends.length - 1, most = height - least / 2; at >= 0; at -= 1, most -= least) ends[at].px = Math.min(ends[at].px, most);
  }

  function endText(each, value, lines, place) {
    const used = lines === 2 ? 0 : (value.length + 3) * 0.56 * size();
    const name = safe(shorten(nameOf(each), place.margin.r - used));
    return `<span style="color:${each.colour}">━</span> <b>${safe(value)}</b>${lines === 2 ? "<br>" : " "}${name}`;
  }

  function valueText(value, row) {
    return parktwin.i18n.measured({ value, unit: row.unit, digits: digits(row.range) });
  }

  const nameOf = ({ meta }) => parktwin.i18n.say({ zh: meta.name_zh, en: meta.name_en });

  /* What fits in so many pixels; a Chinese character is as wide as it is high, a Latin one half of it. */
  function shorten(text, px) {
    let room = px / size() - 1.5;
    const kept = [...text].filter((each) => (room -= each.charCodeAt(0) > 255 ? 1 : 0.56) >= 0).join("");
    return kept.length < text.length ? `${kept.slice(0, -1)}…` : kept;
  }

  const POSTER_PX = 40; // above and below the picture, for what it shows and where from

  /* The figure as a picture that stands alone: what, when, from where, and how fine. */
  function poster(drawn, all, span) {
    const { i18n, shell } = parktwin;
    const names = all.map((each) => (each.meta ? `${nameOf(each)} ${each.id}` : each.id)).join(" · ");
    const when = `${i18n.stamp(span.from)} – ${i18n.stamp(span.to)} ${shell.config.park.zone}`;
    const source = i18n.say({ key: "trend.picture.source", args: { park: shell.config.park.name, at: i18n.stamp(parktwin.ages.shown()) } });
    const line = (text, y, yanchor, yshift) => ({ xref: "paper", yref: "paper", x: 0, xanchor: "left", xshift: -drawn.place.margin.l + 12, y, yanchor, yshift, showarrow: false, text: safe(text), font: { size: size(), color: colour("ink2") } });
    const { margin } = drawn.layout;
    const lines = [
      line(shorten(names, drawn.place.box.width), 1, "bottom", margin.t + POSTER_PX * 0.4),
      line(`${when} · ${parktwin.historyFrame.resolutions(all)}`, 0, "top", -margin.b - 2),
      line(source, 0, "top", -margin.b - 2 - size() * 1.5),
    ];
    const layout = { ...drawn.layout, height: drawn.layout.height + 2 * POSTER_PX, margin: { ...margin, t: margin.t + POSTER_PX, b: margin.b + POSTER_PX }, paper_bgcolor: colour("solid"), annotations: [...drawn.layout.annotations, ...lines] };
    return { data: drawn.data, layout };
  }

  parktwin.historyPicture = { figure, digits, valueText, nameOf, poster, POSTER_PX };
})((window.parktwin = window.parktwin || {}));
