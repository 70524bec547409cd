/* The trend of a point: fetched once, then followed live; the chart library comes when the first one is wanted. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, keyed, part, fetchJson } = parktwin.dom;
  const RANGES = [3600, 86400, 604800];
  const REFRESH_MS = 5000;
  const MAX_POINTS = 900;
  const MOST_SHAPES = 40;
  let last = null; // the trend in the detail

  function draw(node, content) {
    const box = part(node, "trend", () => el("div", "trend"));
    const plot = part(box, "plot", () => el("div", "plot waiting"));
    attr(plot, "role", "img");
    box._content = content;
    box._range = box._range || content.range_s || RANGES[0];
    ranges(part(box, "ranges", () => el("div", "ranges")), box);
    const wanted = JSON.stringify([content.point, box._range, parktwin.url.state.at, parktwin.i18n.lang]);
    const fresh = box._asked === wanted && (parktwin.url.state.at || Date.now() - box._askedAt < REFRESH_MS);
    if (!fresh) ask(box, plot, wanted);
  }

  function ranges(row, box) {
    const spans = part(row, "spans", () => el("div", "spans"));
    enlarge(part(row, "enlarge", () => el("button", "chip enlarge")), box);
    keyed(spans, RANGES, (seconds) => seconds, (seconds) => {
      const chip = el("button", "chip");
      chip.addEventListener("click", () => {
        box._range = seconds;
        draw(box.parentNode, box._content);
      });
      return chip;
    }, (chip, seconds) => {
      say(chip, { key: `ui.range.${seconds}` });
      attr(chip, "aria-pressed", String(box._range === seconds));
    });
  }

  /* The way to the large trend; beside others when that is open already. */
  function enlarge(button, box) {
    const { history } = parktwin;
    last = box;
    button.type = "button";
    button.onclick = () => history.open(box._content.point, box._range, button);
    say(button, { key: history.has() && !history.has(box._content.point) ? "trend.beside" : "trend.enlarge" });
  }

  parktwin.url.onChange(() => {
    if (last && last.isConnected) enlarge(last._parts.ranges._parts.enlarge, last);
  });

  async function ask(box, plot, wanted) {
    box._asked = wanted;
    box._askedAt = Date.now();
    const { at } = parktwin.url.state;
    const end = at ? Date.parse(at) : parktwin.ages.now();
    const from = Math.floor(end / 1000 - box._range) * 1000; // on the second, so that all who look at it share an answer
    const query = new URLSearchParams({ from: new Date(from).toISOString(), max_points: MAX_POINTS });
    if (at) query.set("at", at);
    try {
      const [answer, plotly] = await Promise.all([fetchJson(`/api/v1/points/${encodeURIComponent(box._content.point)}/history?${query}`), parktwin.series.load()]);
      if (box._asked !== wanted || !plot.isConnected) return;
      plot.classList.remove("waiting");
      if (box._parts.failed) box._parts.failed.hidden = true;
      const cols = parktwin.series.columns(answer);
      const span = [end - box._range * 1000, end];
      await plotly.react(plot, traces(cols, box._content, span), layout(cols, box._content, span), { displayModeBar: false, responsive: true, locale: "en" });
    } catch {
      if (box._asked === wanted) fail(box);
    }
  }

  function fail(box) {
    const said = part(box, "failed", () => el("p", "empty"));
    said.hidden = false;
    say(said, { key: "ui.error.trend" });
  }

  function traces(cols, content, span) {
    const { colour } = parktwin.palette;
    content._holes = parktwin.series.holes(cols, (content.gap_s || 15) * 1000, span);
    const { line, band } = parktwin.series.drawn(cols, content._holes);
    const look = { type: "scatter", connectgaps: false };
    const made = [{ ...look, ...line, mode: "lines", line: { color: colour("ink"), width: parktwin.palette.px(1.4) }, hovertemplate: `%{y} ${content.unit || ""}<extra></extra>` }];
    if (cols.step) made.unshift({ ...look, ...band, mode: "lines", line: { width: 0 }, hoverinfo: "skip", fill: "toself", fillcolor: "rgba(163,179,194,.22)" });
    return made;
  }

  /* What is not good is told by a strip along the foot: uncertain hatched, bad grey. */
  function doubts(cols, content) {
    const { colour, px } = parktwin.palette;
    const { stretches, local, UNCERTAIN, BAD } = parktwin.series;
    const looks = [[UNCERTAIN, { color: colour("ink"), dash: `${px(2)}px,${px(2)}px` }], [BAD, { color: colour("off") }]];
    return looks.flatMap(([quality, line]) => stretches(cols, content._holes, quality).slice(0, MOST_SHAPES).map(([from, to]) => ({
      type: "line", yref: "paper", y0: 0.02, y1: 0.02, x0: local(from), x1: local(to), line: { ...line, width: px(5) },
    })));
  }

  function limitLines(content) {
    return content.limits.map((each) => ({
      type: "line", xref: "paper", x0: 0, x1: 1, y0: each.value, y1: each.value,
      line: { color: parktwin.palette.colour(each.level), width: 1, dash: "4px,3px" },
    }));
  }

  /* The outer name of a pair stands outside of its line, the inner one inside, so that they never meet. */
  const INNER = { alarm_hi: "top", alarm_lo_lo: "top" };

  function limitNames(content) {
    const paired = content.limits.length > 1;
    return content.limits.map((each) => ({
      xref: "paper", x: 0, xanchor: "left", y: each.value, yanchor: (paired && INNER[each.key]) || "bottom", showarrow: false, borderpad: 0,
      text: parktwin.series.limitText(each, content.unit).replace(/</g, "‹"),
      font: { size: Math.max(10, parktwin.palette.rem() * 0.7), color: parktwin.palette.colour("ink3") },
    }));
  }

  function silence(content) {
    const { local } = parktwin.series;
    return content._holes.slice(0, MOST_SHAPES).map(({ from, to }) => ({
      type: "rect", yref: "paper", y0: 0, y1: 1, x0: local(from), x1: local(to), line: { width: 0 }, fillcolor: "rgba(102,118,138,.16)", layer: "below",
    }));
  }

  function layout(cols, content, span) {
    const { colour, rem } = parktwin.palette;
    const size = Math.max(10, rem() * 0.7);
    const axis = { color: colour("ink3"), tickfont: { size }, fixedrange: true, zeroline: false, showgrid: false };
    const format = span[1] - span[0] > 86400000 ? "%m-%d" : "%H:%M";
    return {
      margin: { l: size * 3.4, r: 4, t: 6, b: size * 2 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colour("face"), color: colour("ink3"), size }, showlegend: false, hovermode: "x unified", dragmode: false,
      hoverlabel: { bgcolor: colour("raised"), bordercolor: colour("hair2"), font: { color: colour("ink"), size } },
      xaxis: { ...axis, type: "date", range: span.map(parktwin.series.local), tickformat: format, hoverformat: "%m-%d %H:%M:%S", nticks: 5, linecolor: colour("hair2"), showline: true },
      yaxis: { ...axis, range: parktwin.series.scale(cols.high.concat(cols.low), content.limits, INNER), nticks: 4 },
      shapes: [...silence(content), ...limitLines(content), ...doubts(cols, content)], annotations: limitNames(content),
    };
  }

  parktwin.trend = { draw };
})((window.parktwin = window.parktwin || {}));
