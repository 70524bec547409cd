/* Values grow old by the page's own timer, measured against the server's clock. */
(function (parktwin) {
  "use strict";

  const STALE_PERIODS = 3;
  const KEPT_OFFSETS = 20;
  const running = new Map();
  const listeners = new Set();
  const offsets = [];
  let offset = 0;
  let past = null;

  /* Every message of the server names its moment; the quickest of the last ones is nearest to the truth. */
  function heard(iso) {
    const at = Date.parse(iso);
    if (!Number.isFinite(at)) return;
    offsets.push(at - Date.now());
    if (offsets.length > KEPT_OFFSETS) offsets.shift();
    offset = Math.max(...offsets);
  }

  function now() {
    return Date.now() + offset;
  }

  /* The moment that the page shows: now, or the past one that was chosen. */
  function shown() {
    return past === null ? now() : past;
  }

  function look(iso) {
    past = iso ? Date.parse(iso) : null;
  }

  function runs(said) {
    if (said === null || typeof said !== "object") return false;
    return said.since !== undefined || said.until !== undefined || Object.values(said.args || {}).some(runs);
  }

  function keep(node, said) {
    if (runs(said)) running.set(node, said);
    else running.delete(node);
  }

  function isStale(meta) {
    if (!meta || !meta.ts || !meta.period_s) return false;
    return shown() - Date.parse(meta.ts) > STALE_PERIODS * meta.period_s * 1000;
  }

  function sayAgain() {
    running.forEach((said, node) => {
      if (node.isConnected) parktwin.dom.text(node, parktwin.i18n.say(said));
      else running.delete(node);
    });
  }

  function tick() {
    if (past === null) sayAgain();
    listeners.forEach((listener) => listener());
    setTimeout(tick, 1000 - (now() % 1000));
  }

  parktwin.ages = { heard, now, shown, look, keep, isStale, start: tick, onTick: (listener) => listeners.add(listener) };
})((window.parktwin = window.parktwin || {}));
