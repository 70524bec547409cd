/* The history of a point as columns that can be drawn: where it was silent, where it is in doubt, how high its scale is. */
(function (parktwin) {
  "use strict";

  const NEIGHBOURS = 4;
  const SILENT_STEPS = 3; // a hole is longer than so many usual steps
  const EMPTY = 1.5; // buckets from start to start: between them one was empty
  const GOOD = 0;
  const UNCERTAIN = 1;
  const BAD = 2;
  let library = null;

  /* The chart library, fetched when the first chart is wanted. */
  function load() {
    if (!library) library = script(parktwin.shell.config.assets.plotly).then(() => window.Plotly);
    return library;
  }

  function script(address) {
    return new Promise((resolve, reject) => {
      const node = document.createElement("script");
      Object.assign(node, { src: address, onload: resolve, onerror: reject }); // in any order: none waits for another
      document.head.append(node);
    });
  }

  /* An answer of the server; ``step``: length of a bucket in milliseconds, 0 for samples. */
  function columns(answer) {
    const { value, quality } = answer;
    const ms = answer.ts.map((iso) => Date.parse(iso));
    return { ms, value, low: answer.min || value, high: answer.max || value, quality: quality || value.map(() => GOOD), step: answer.bucket_s * 1000, source_s: answer.resolution || 0, unit: answer.unit };
  }

  /* How far apart samples usually are round each of them, so that a source that speaks every half minute
     is not taken for a silent one. */
  function usualSteps(times) {
    const steps = times.map((ms, at) => (at ? ms - times[at - 1] : 0));
    return times.map((_, at) => {
      const near = steps.slice(Math.max(1, at - NEIGHBOURS), at + NEIGHBOURS + 1).sort((a, b) => a - b);
      return near[Math.floor(near.length / 2)] || 0;
    });
  }

  /* Where nothing was heard within [from, to]: {at: index of the sample after it, from, to} in milliseconds. */
  function holes(cols, staleMs, [from, to]) {
    const { ms, step } = cols;
    if (!ms.length) return [{ at: 0, from, to }];
    const usual = usualSteps(ms);
    const most = (at) => {
      const rare = step && usual[at] <= EMPTY * step ? 0 : SILENT_STEPS * usual[at];
      return Math.max(step ? EMPTY * step : staleMs, rare);
    };
    const found = [];
    if (ms[0] - from > most(0)) found.push({ at: 0, from, to: ms[0] });
    for (let at = 1; at < ms.length; at += 1) {
      if (ms[at] - ms[at - 1] > most(at)) found.push({ at, from: ms[at - 1] + step, to: ms[at] });
    }
    const last = ms.length - 1;
    if (to - ms[last] - step > most(last)) found.push({ at: ms.length, from: ms[last] + step, to });
    return found;
  }

  const local = (ms) => ms + parktwin.i18n.offsetAt(ms); // the chart's axis knows no zones

  /* The line with its breaks, and the band of a bucketed one as closed shapes, one for each unbroken stretch.
     A bad sample is no part of a line; a bucket is told as it is, and marked. */
  function drawn(cols, found) {
    const breaks = new Set(found.map(({ at }) => at));
    const line = { x: [], y: [] };
    const band = { x: [], y: [] };
    let stretch = [];
    const finish = () => {
      if (cols.step) fold(cols, stretch, band);
      stretch = [];
    };
    cols.ms.forEach((ms, at) => {
      if (breaks.has(at) && at) {
        finish();
        line.x.push(local(ms));
        line.y.push(null);
      }
      stretch.push(at);
      line.x.push(place(cols, at));
      line.y.push(!cols.step && cols.quality[at] === BAD ? null : cols.value[at]);
    });
    finish();
    return { line, band };
  }

  function place(cols, at) {
    return local(cols.ms[at] + cols.step / 2);
  }

  function fold(cols, stretch, band) {
    const told = stretch.filter((at) => cols.value[at] !== null);
    const back = told.slice().reverse();
    band.x.push(...told.map((at) => place(cols, at)), ...back.map((at) => place(cols, at)), null);
    band.y.push(...told.map((at) => cols.high[at]), ...back.map((at) => cols.low[at]), null);
  }

  /* Samples (or buckets) of one quality, to be marked. */
  function marked(cols, quality) {
    const found = { x: [], y: [] };
    cols.quality.forEach((each, at) => {
      if (each !== quality || cols.value[at] === null) return;
      found.x.push(place(cols, at));
      found.y.push(cols.value[at]);
    });
    return found;
  }

  /* Stretches of one doubtful quality: [from, to] in milliseconds. */
  function stretches(cols, holes, quality) {
    const found = [];
    const ends = new Map(holes.map(({ at, from }) => [at, from]));
    cols.quality.forEach((each, at) => {
      if (each !== quality) return;
      const from = cols.ms[at];
      const to = ends.has(at + 1) || at + 1 === cols.ms.length ? from + cols.step : cols.ms[at + 1];
      const last = found[found.length - 1];
      if (last && last[1] === from) last[1] = to;
      else found.push([from, to]);
    });
    return found;
  }

  /* The scale holds what was measured, and the nearest limits where they are not too far away to tell. */
  function scale(measured, limits, inner) {
    let [low, high] = [Infinity, -Infinity];
    measured.forEach((each) => {
      if (each === null || each === undefined) return;
      low = Math.min(low, each);
      high = Math.max(high, each);
    });
    if (low > high) [low, high] = [0, 1];
    const reach = Math.max(high - low, Math.abs(high) * 0.1, 1e-6);
    limits.forEach(({ value }) => {
      if (value > high && value - high < Math.max(4 * reach, Math.abs(value))) high = value;
      if (value < low && low - value < 4 * reach) low = value;
    });
    if (low > 0 && low < high * 0.6) low = 0;
    const margin = (high - low || 1) * 0.12;
    const named = limits.some(({ key, value }) => inner[key] && value <= low + margin); // its name stands below its line
    return [low === 0 && !named ? 0 : low - margin, high + margin];
  }

  /* A limit's name, value and unit, with as many digits as it was set with. */
  function limitText({ key, value }, unit) {
    const [, digits = ""] = String(value).split(".");
    return `${parktwin.i18n.say({ key: `limit.${key}` })} ${parktwin.i18n.measured({ value, unit, digits: Math.min(4, digits.length) })}`;
  }

  parktwin.series = { load, script, columns, holes, drawn, marked, stretches, scale, limitText, local, UNCERTAIN, BAD };
})((window.parktwin = window.parktwin || {}));
