/* The time bar: live or any past moment, with the alarms marked on it. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed } = parktwin.dom;
  const HOUR = 3600000;
  const SPANS = { day: 24 * HOUR, week: 168 * HOUR };
  const PREVIEW_MS = 250;
  const NEAR_LIVE = 0.004; // of the bar: let go here and one is live again
  let span = "day";
  let timeline = null;
  let dragging = null;
  let previewed = 0;
  let later = 0;

  function box() {
    return parktwin.cid.place("timebar");
  }

  function start() {
    const live = el("button", "to-live");
    live.addEventListener("click", () => parktwin.url.set({ at: null }));
    const spans = el("button", "span");
    spans.addEventListener("click", otherSpan);
    const date = el("button", "to-date");
    date.addEventListener("click", askDate);
    box().append(live, spans, makeRail(), date);
    Object.assign(box(), { _live: live, _span: spans, _date: date });
    parktwin.url.onChange(redraw);
    parktwin.ages.onTick(() => dragging === null && layKnob());
    redraw();
  }

  function makeRail() {
    const knob = attr(attr(el("div", "knob", el("span", "when")), "role", "slider"), "tabindex", "0");
    const rail = el("div", "rail", el("div", "base"), el("div", "ticks"), el("div", "alarms"), knob);
    rail.addEventListener("pointerdown", grab);
    rail.addEventListener("pointermove", (event) => dragging !== null && dragTo(event));
    ["pointerup", "pointercancel"].forEach((name) => rail.addEventListener(name, drop));
    knob.addEventListener("keydown", keys);
    Object.assign(box(), { _rail: rail, _knob: knob });
    return rail;
  }

  /* The bar ends now; it begins a day or a week before, or earlier where the moment shown is older. */
  function range() {
    const end = parktwin.ages.now();
    const { at } = parktwin.url.state;
    const begin = end - SPANS[span];
    return [at && Date.parse(at) < begin ? Date.parse(at) - (end - Date.parse(at)) * 0.08 : begin, end];
  }

  function share(ms) {
    const [begin, end] = range();
    return Math.min(1, Math.max(0, (ms - begin) / (end - begin)));
  }

  function label(at) {
    return parktwin.i18n.clock(at);
  }

  function redraw() {
    if (!box() || !box()._rail) return;
    const { at } = parktwin.url.state;
    say(box()._live, { key: at ? "ui.to_live" : "ui.live" });
    say(box()._span, { key: `ui.span.${span}` });
    if (box()._date.tagName === "BUTTON") say(box()._date, { key: at ? "ui.pick_moment" : "ui.drag" });
    layTicks();
    layMarks();
    layKnob();
  }

  function layTicks() {
    const [begin, end] = range();
    const step = end - begin > 400 * HOUR ? 168 * HOUR : end - begin > 40 * HOUR ? 6 * HOUR : HOUR;
    const offset = parktwin.i18n.offsetAt(end);
    const ticks = [];
    for (let at = Math.ceil((begin + offset) / step) * step; at < end + offset; at += step) ticks.push(at - offset);
    keyed(box()._rail.children[1], ticks, (_, index) => index, () => el("i", "tick"), (tick, at) => {
      tick.className = (at + offset) % (24 * HOUR) === 0 ? "tick day" : "tick";
      tick.style.left = `${(100 * share(at)).toFixed(2)}%`;
    });
  }

  function marks(content) {
    timeline = content;
    if (box() && box()._rail) layMarks();
  }

  function layMarks() {
    const [begin] = range();
    const seen = ((timeline && timeline.marks) || []).filter((each) => Date.parse(each.at) >= begin);
    const loud = seen.filter((each) => each.level !== "yellow");
    const worst = (seen.length > 60 ? loud : seen).slice().reverse().sort((a, b) => parktwin.palette.rank(a.level) - parktwin.palette.rank(b.level));
    keyed(box()._rail.children[2], worst, (_, index) => index, () => el("i", "alarm"), (node, each) => {
      attr(parktwin.explain.mark(node, { screen: "strip", panel: "timeline" }, "marks", timeline.marks.indexOf(each), "at"), "data-colour", each.level);
      node.style.left = `${(100 * share(Date.parse(each.at))).toFixed(2)}%`;
    });
  }

  function layKnob() {
    const { at } = parktwin.url.state;
    const shown = dragging !== null ? dragging : at ? Date.parse(at) : null;
    const knob = box()._knob;
    knob.style.left = `${(100 * (shown === null ? 1 : share(shown))).toFixed(3)}%`;
    text(knob.firstChild, shown === null ? "" : label(new Date(shown).toISOString()));
    const [begin, end] = range();
    Object.entries({ "aria-valuemin": begin, "aria-valuemax": end, "aria-valuenow": shown === null ? end : shown }).forEach(([name, value]) => attr(knob, name, Math.round(value / 1000)));
    attr(knob, "aria-valuetext", shown === null ? parktwin.i18n.say({ key: "ui.live" }) : parktwin.i18n.stamp(shown));
    attr(knob, "aria-label", parktwin.i18n.say({ key: "ui.timebar" }));
  }

  function momentAt(event) {
    const { left, width } = box()._rail.getBoundingClientRect();
    const [begin, end] = range();
    const where = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return where > 1 - NEAR_LIVE ? null : begin + where * (end - begin);
  }

  function grab(event) {
    box()._rail.setPointerCapture(event.pointerId);
    dragTo(event);
  }

  function dragTo(event) {
    const at = momentAt(event);
    dragging = at === null ? parktwin.ages.now() : at;
    layKnob();
    preview(at);
  }

  function drop(event) {
    if (dragging === null) return;
    const at = momentAt(event);
    dragging = null;
    clearTimeout(later);
    go(at, false);
  }

  /* While dragging, the screen follows a few times a second, without steps in the history. */
  function preview(at) {
    clearTimeout(later);
    const rest = PREVIEW_MS - (Date.now() - previewed);
    if (rest > 0) {
      later = setTimeout(() => preview(at), rest);
      return;
    }
    previewed = Date.now();
    go(at, true);
  }

  function go(at, replace) {
    const moment = at === null || at >= parktwin.ages.now() ? null : new Date(Math.round(at / 1000) * 1000).toISOString().replace(".000Z", "Z");
    parktwin.url.set({ at: moment }, { replace });
  }

  const STEPS = { ArrowLeft: -60000, ArrowRight: 60000, PageUp: -HOUR, PageDown: HOUR };

  function keys(event) {
    const { at } = parktwin.url.state;
    const from = at ? Date.parse(at) : parktwin.ages.now();
    if (event.key in STEPS) go(from + STEPS[event.key], false);
    else if (event.key === "Home") go(range()[0], false);
    else if (event.key === "End") go(null, false);
    else return;
    event.preventDefault();
  }

  function otherSpan() {
    span = span === "day" ? "week" : "day";
    redraw();
  }

  /* Any past moment, typed in the park's time: Enter or leaving the field goes there, Escape does not. */
  function askDate() {
    const button = box()._date;
    const input = dateInput();
    const typed = el("span", "typed", input);
    let open = true;
    const close = (at) => {
      if (!open) return;
      open = false;
      if (at !== null) go(at, false);
      typed.replaceWith(button);
      redraw();
    };
    input.addEventListener("blur", () => close(parktwin.fields.read(input.value)));
    input.addEventListener("keydown", (event) => {
      const at = parktwin.fields.read(input.value);
      if (event.key === "Escape") {
        event.stopPropagation();
        close(null);
      } else if (event.key === "Enter" && at === null) parktwin.fields.blame(input, parktwin.fields.wrongMoment());
      else if (event.key === "Enter") close(at);
    });
    button.replaceWith(typed);
    input.focus();
    input.select();
  }

  function dateInput() {
    const { at } = parktwin.url.state;
    const input = parktwin.fields.moment();
    input.value = parktwin.fields.write(at ? Date.parse(at) : parktwin.ages.now() - HOUR);
    return attr(input, "aria-label", parktwin.i18n.say({ key: "ui.pick_moment" }));
  }

  parktwin.time = { start, redraw, marks, label };
})((window.parktwin = window.parktwin || {}));
