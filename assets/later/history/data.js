/* What the large trend has fetched: whole spans, and the tails that grow them while one watches. */
(function (parktwin) {
  "use strict";

  const { fetchJson } = parktwin.dom;
  const OVERLAP_MS = 10000; // samples that came late are still taken in
  const QUIET_MS = 60000; // of a point that has said nothing yet, longer than the pause between two tails
  const LOST = "lost";
  const GROWN = 1.25; // so much longer than asked for, and the whole is asked for again
  const known = new Map(); // point -> what it is: names, unit, limits
  let answering = null;

  function address(point, rest) {
    return `/api/v1/points/${encodeURIComponent(point)}${rest}`;
  }

  function isoOf(ms) {
    return new Date(Math.round(ms)).toISOString();
  }

  function query(view, from, to, most) {
    const asked = new URLSearchParams({ from: isoOf(from), to: isoOf(to), max_points: Math.max(1, Math.round(most)) });
    if (view.at) asked.set("at", view.at);
    if (view.at && view.knowledge === "latest") asked.set("knowledge", "latest");
    return asked;
  }

  async function about(point, signal) {
    if (!known.has(point)) known.set(point, await fetchJson(address(point, ""), { signal }));
    return known.get(point);
  }

  async function one(point, view, span, signal) {
    try {
      const [meta, answer] = await Promise.all([
        about(point, signal),
        fetchJson(address(point, `/history?${query(view, ...span)}`), { signal }),
      ]);
      return { id: point, meta, cols: parktwin.series.columns(answer), failed: null };
    } catch (error) {
      if (error.name === "AbortError") throw error;
      return { id: point, meta: known.get(point) || null, cols: null, failed: error.code || LOST };
    }
  }

  /* All points of a view; what was asked for before is given up. Null: this was given up itself. */
  async function whole(view) {
    stop();
    const mine = new AbortController();
    answering = mine;
    try {
      return await Promise.all(view.points.map((each) => one(each, view, [view.from - view.pad, Math.min(view.to + view.pad, view.now), view.most], mine.signal)));
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    } finally {
      if (answering === mine) answering = null;
    }
  }

  function stop() {
    if (answering) answering.abort();
    answering = null;
  }

  /* Each series grown by what is new at its end; null where one cannot be grown and the whole has to be asked for. */
  async function tails(view, all) {
    stop();
    const mine = new AbortController();
    answering = mine;
    try {
      const grown = await Promise.all(all.map((each) => grow(view, each, mine.signal)));
      return mine.signal.aborted || grown.includes(null) ? null : grown;
    } catch {
      return mine.signal.aborted ? null : all;
    } finally {
      if (answering === mine) answering = null;
    }
  }

  async function grow(view, each, signal) {
    const { cols, failed } = each;
    if (!cols) return failed === LOST ? null : each;
    const { from, to, most } = tail(cols, view);
    const answer = await fetchJson(address(each.id, `/history?${query(view, from, to, most)}`), { signal });
    const fresh = parktwin.series.columns(answer);
    const joined = cols.step ? joinBuckets(cols, fresh, from) : joinSamples(cols, fresh, from);
    if (!joined || joined.ms.length > view.most * GROWN) return null;
    return { ...each, cols: since(joined, view.from - view.pad) };
  }

  /* The last bucket is still filling, so it is asked for again, as whole buckets of the same length. */
  function tail({ ms, step }, view) {
    if (!ms.length) return { from: Math.max(view.from, view.to - QUIET_MS), to: view.to, most: view.most };
    const last = ms[ms.length - 1];
    if (!step) return { from: last - OVERLAP_MS, to: view.to, most: view.most };
    const count = Math.max(1, Math.ceil((view.to - last) / step));
    return { from: last, to: last + count * step - 1, most: count };
  }

  const COLUMNS = ["ms", "value", "low", "high", "quality"];

  function joinSamples(cols, fresh, from) {
    if (fresh.step) return null;
    const keep = cols.ms.findIndex((ms) => ms >= from);
    return { ...cols, ...pick((name) => [...cols[name].slice(0, keep < 0 ? undefined : keep), ...fresh[name]]) };
  }

  /* Few samples come as they are; they are put into the buckets of before. */
  function joinBuckets(cols, fresh, from) {
    if (fresh.step > cols.step) return null;
    const keep = cols.ms.findIndex((ms) => ms >= from);
    const made = { ...cols, ...pick((name) => cols[name].slice(0, keep < 0 ? undefined : keep)) };
    fresh.ms.forEach((ms, at) => {
      const start = from + Math.floor((ms - from) / cols.step) * cols.step;
      if (made.ms[made.ms.length - 1] === start) widen(made, fresh, at);
      else COLUMNS.forEach((name) => made[name].push(name === "ms" ? start : fresh[name][at]));
      const last = made.ms.length - 1;
      made.counts = made.counts && made.counts.last === last ? { last, n: made.counts.n + 1 } : { last, n: 1 };
    });
    return made;
  }

  function widen(made, fresh, at) {
    const last = made.ms.length - 1;
    const { n } = made.counts;
    made.value[last] = (made.value[last] * n + fresh.value[at]) / (n + 1);
    made.low[last] = Math.min(made.low[last], fresh.low[at]);
    made.high[last] = Math.max(made.high[last], fresh.high[at]);
    made.quality[last] = Math.max(made.quality[last], fresh.quality[at]);
  }

  function since(cols, from) {
    const first = cols.ms.findIndex((ms) => ms + cols.step >= from);
    return first <= 0 ? cols : { ...cols, ...pick((name) => cols[name].slice(first)) };
  }

  function pick(columnOf) {
    return Object.fromEntries(COLUMNS.map((name) => [name, columnOf(name)]));
  }

  parktwin.historyData = { whole, tails, stop, query };
})((window.parktwin = window.parktwin || {}));
