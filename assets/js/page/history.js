/* The large trend, as the address tells of it: which points, which span, known when. What draws it comes when it is first wanted. */
(function (parktwin) {
  "use strict";

  const MOST = 8; // points side by side
  const OWN = ["trend", "window", "knowledge"];
  const LIVE_S = 3600;
  let coming = null;
  let opener = null; // what opened it, to get the focus back

  /* {points, live_s} or {points, from, to} (milliseconds), and knowledge; null where no trend is open. */
  function read() {
    const { params, mode } = parktwin.url.state;
    if (params.trend === undefined || mode !== "desk") return null;
    const points = [...new Set(params.trend.split(",").filter((id) => id && id !== NONE))].slice(0, MOST);
    return { points, ...span(params.window || ""), knowledge: params.knowledge === "latest" ? "latest" : "known" };
  }

  const NONE = "-"; // open, but without a point

  function span(text) {
    const [from, to] = text.split(",").map((each) => Date.parse(each));
    if (from < to) return { from, to, live_s: null };
    return { from: null, to: null, live_s: Number(text) > 0 ? Number(text) : LIVE_S };
  }

  /* Changes part of what is shown; only adding and taking away points are steps in the history. */
  function set(change, options) {
    const next = { ...read(), ...change };
    const { params } = parktwin.url.state;
    const knowledge = next.knowledge === "latest" ? "latest" : "";
    const trend = next.points.join(",") || NONE;
    parktwin.url.set({ params: { ...params, trend, window: asText(next), knowledge } }, options);
  }

  function asText({ from, to, live_s }) {
    return live_s ? String(live_s) : [from, to].map((ms) => new Date(ms).toISOString().replace(".000Z", "Z")).join(",");
  }

  function has(point) {
    const now = read();
    return Boolean(now && (point === undefined || now.points.includes(point)));
  }

  function open(point, live_s, from) {
    opener = from;
    const now = read();
    if (has(point)) parktwin.historyPanel.focus();
    else if (now) set({ points: [...now.points, point].slice(-MOST) });
    else set({ points: [point], from: null, to: null, live_s, knowledge: "known" });
  }

  function close() {
    if (!read()) return false;
    const params = { ...parktwin.url.state.params };
    OWN.forEach((name) => delete params[name]);
    parktwin.url.set({ params });
    const back = opener && opener.isConnected ? opener : document.querySelector(".enlarge");
    if (back) back.focus();
    opener = null;
    return true;
  }

  function bring() {
    if (!coming) coming = Promise.all(parktwin.shell.config.later.history.map(parktwin.series.script));
    return coming;
  }

  async function refresh() {
    if (!read() && !coming) return;
    try {
      await bring();
      parktwin.historyPanel.show(read());
    } catch (error) {
      coming = null;
      window.console.error(error);
      parktwin.strip.notice("trend", { key: "ui.error.trend" });
    }
  }

  function start() {
    parktwin.url.onChange(refresh);
    refresh();
  }

  parktwin.history = { start, read, set, has, open, close, MOST, get asked() { return opener !== null; } };
})((window.parktwin = window.parktwin || {}));
