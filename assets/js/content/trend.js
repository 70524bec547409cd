/* The trend of a point: fetched once, then followed live; the chart library comes when the first one is wanted. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, keyed, part, fetchJson } = parktwin.dom;
  const RANGES = [3600, 86400, 604800];
  const REFRESH_MS = 5000;
  const MAX_POINTS = 900;
  const NEIGHBOURS = 4;
  let library = null;

  function load() {
    if (!library) {
      library = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = parktwin.shell.config.assets.plotly;
        script.onload = () => resolve(window.Plotly);
        script.onerror = reject;
        document.head.append(script);
      });
    }
    return library;
  }

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
    keyed(row, RANGES, (seconds) => seconds, (seconds) => {
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

  async function ask(box, plot, wanted) {
    box._asked = wanted;
    box._askedAt = Date.now();
    const { at } = parktwin.url.state;
    const end = at ? Date.parse(at) : parktwin.ages.now();
    const query = new URLSearchParams({ from: new Date(end - box._range * 1000).toISOString(), to: new Date(end).toISOString(), max_points: MAX_POINTS });
    if (at) query.set("at", at);
    try {
      const [history, plotly] = await Promise.all([fetchJson(`/api/v1/points/${encodeURIComponent(box._content.point)}/history?${query}`), load()]);
      if (box._asked !== wanted || !plot.isConnected) return;
      plot.classList.remove("waiting");
      if (box._parts.failed) box._parts.failed.hidden = true;
      await plotly.react(plot, traces(history, box._content), layout(history, box._content, end, box._range), { displayModeBar: false, responsive: true, locale: "en" });
    } catch {
      if (box._asked === wanted) fail(box);
    }
  }

  function fail(box) {
    const said = part(box, "failed", () => el("p", "empty"));
    said.hidden = false;
    say(said, { key: "ui.error.trend" });
  }

  const local = (ms) => parktwin.i18n.toLocal(ms).replace("T", " ");

  /* How far apart two samples may be: three times what is usual round them, so that a source that speaks
     every half minute is not taken for a silent one. */
  function usualSteps(times) {
    const steps = times.map((ms, at) => (at ? ms - times[at - 1] : 0));
    return times.map((_, at) => {
      const near = steps.slice(Math.max(1, at - NEIGHBOURS), at + NEIGHBOURS + 1).sort((a, b) => a - b);
      return near[Math.floor(near.length / 2)] || 0;
    });
  }

  /* Samples with a hole wherever the source was silent, so that gaps show as gaps. */
  function holed(history, gapSeconds) {
    const times = history.ts.map((iso) => Date.parse(iso));
    const usual = usualSteps(times);
    const least = Math.max(gapSeconds || 15, 2.5 * (history.bucket_s || 0)) * 1000;
    const made = { x: [], y: [], low: [], high: [], gaps: [] };
    let before = null;
    times.forEach((ms, at) => {
      if (before !== null && ms - before > Math.max(least, 3 * usual[at])) {
        made.gaps.push([before, ms]);
        ["y", "low", "high"].forEach((name) => made[name].push(null));
        made.x.push(local(before + 1000));
      }
      made.x.push(local(ms));
      made.y.push(history.value[at]);
      made.low.push(history.min ? history.min[at] : history.value[at]);
      made.high.push(history.max ? history.max[at] : history.value[at]);
      before = ms;
    });
    return made;
  }

  function traces(history, content) {
    const { colour } = parktwin.palette;
    const made = holed(history, content.gap_s);
    const unit = content.unit || "";
    const line = { x: made.x, y: made.y, type: "scatter", mode: "lines", line: { color: colour("ink"), width: 1.4 }, connectgaps: false, hovertemplate: `%{y} ${unit}<extra></extra>` };
    content._gaps = made.gaps;
    if (!history.bucket_s) return [line];
    const band = { x: made.x, type: "scatter", mode: "lines", line: { width: 0 }, hoverinfo: "skip", connectgaps: false };
    return [{ ...band, y: made.low }, { ...band, y: made.high, fill: "tonexty", fillcolor: "rgba(163,179,194,.22)" }, line];
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
      text: `${parktwin.i18n.say({ key: `limit.${each.key}` })} ${parktwin.i18n.number(each.value)} ${content.unit || ""}`.replace(/</g, "‹"),
      font: { size: Math.max(10, parktwin.palette.rem() * 0.7), color: parktwin.palette.colour("ink3") },
    }));
  }

  function silence(content) {
    return content._gaps.slice(0, 40).map(([from, to]) => ({
      type: "rect", yref: "paper", y0: 0, y1: 1, x0: local(from), x1: local(to), line: { width: 0 }, fillcolor: "rgba(102,118,138,.16)", layer: "below",
    }));
  }

  /* The scale holds what was measured, and the nearest limits where they are not too far away to tell. */
  function span(history, content) {
    const said = history.value.concat(history.min || [], history.max || []).filter((each) => each !== null && each !== undefined);
    let [low, high] = said.length ? [Math.min(...said), Math.max(...said)] : [0, 1];
    const reach = Math.max(high - low, Math.abs(high) * 0.1, 1e-6);
    content.limits.forEach(({ value }) => {
      if (value > high && value - high < Math.max(4 * reach, Math.abs(value))) high = Math.max(high, value);
      if (value < low && low - value < 4 * reach) low = Math.min(low, value);
    });
    if (low > 0 && low < high * 0.6) low = 0;
    const margin = (high - low || 1) * 0.12;
    const named = content.limits.some(({ key, value }) => INNER[key] && value <= low + margin); // its name stands below its line
    return [low === 0 && !named ? 0 : low - margin, high + margin];
  }

  function layout(history, content, end, range) {
    const { colour, rem } = parktwin.palette;
    const size = Math.max(10, rem() * 0.7);
    const axis = { color: colour("ink3"), tickfont: { size }, fixedrange: true, zeroline: false, showgrid: false };
    const format = range > 86400 ? "%m-%d" : "%H:%M";
    return {
      margin: { l: size * 3.4, r: 4, t: 6, b: size * 2 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colour("face"), color: colour("ink3"), size }, showlegend: false, hovermode: "x unified", dragmode: false,
      hoverlabel: { bgcolor: colour("raised"), bordercolor: colour("hair2"), font: { color: colour("ink"), size } },
      xaxis: { ...axis, type: "date", range: [local(end - range * 1000), local(end)], tickformat: format, hoverformat: "%m-%d %H:%M:%S", nticks: 5, linecolor: colour("hair2"), showline: true },
      yaxis: { ...axis, range: span(history, content), nticks: 4 },
      shapes: [...silence(content), ...limitLines(content)], annotations: limitNames(content),
    };
  }

  parktwin.trend = { draw };
})((window.parktwin = window.parktwin || {}));
