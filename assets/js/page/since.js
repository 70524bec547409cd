/* "Since you last looked": whoever comes back is told what has changed meanwhile, alarms first, and led to it. */
(function (parktwin) {
  "use strict";

  const AWAY_MS = 10 * 60 * 1000; // who was away for less has seen it
  const KEPT = "parktwin.seen"; // while login is off there is only the browser to remember
  const KEEP_MS = 60000;

  function kept() {
    try {
      return window.localStorage.getItem(KEPT);
    } catch (error) {
      return null;
    }
  }

  function keep() {
    try {
      if (!document.hidden) window.localStorage.setItem(KEPT, new Date(parktwin.ages.now()).toISOString());
    } catch (error) {
      window.console.warn(error);
    }
  }

  function start(config) {
    const last = config.login ? config.last_visit : kept();
    if (!config.login) {
      keep();
      setInterval(keep, KEEP_MS);
    }
    const desk = parktwin.url.state.mode === "desk" && !parktwin.url.state.at;
    if (last && desk && parktwin.ages.now() - Date.parse(last) > AWAY_MS) tell(last);
  }

  async function tell(last) {
    const screen = parktwin.shell.screenNamed("since");
    if (!screen || parktwin.url.state.path === screen.path) return;
    try {
      const frame = await parktwin.dom.fetchJson(`/api/v1/screens/since/frame?since=${encodeURIComponent(last)}`);
      const n = Object.fromEntries(frame.panels.since_counts.items.map((each) => [each.key, each.value.value]));
      if (!Object.values(n).some(Boolean)) return;
      parktwin.strip.notice("since", { key: "since.notice", args: { at: { at: last }, raised: n.raised, worse: n.worse, over: n.over, deeds: n.deeds } }, { key: "since.show" }, () => {
        parktwin.strip.notice("since", null);
        parktwin.url.set({ path: screen.path, params: { since: last }, sel: null, at: null });
      }, { label: { key: "since.later" }, onClick: () => parktwin.strip.notice("since", null) });
    } catch (error) {
      window.console.warn(error);
    }
  }

  parktwin.since = { start };
})((window.parktwin = window.parktwin || {}));
