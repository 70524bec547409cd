/* What stands round the large trend: its points, the spans to choose from, what can be taken away, what the picture means. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed, part } = parktwin.dom;
  const SPANS_S = [900, 3600, 28800, 86400, 604800, 2592000];
  const UNITS_S = [["d", 86400], ["h", 3600], ["min", 60]];
  const FORMS = { csv: "CSV", xlsx: "Excel" };

  /* A length of time in the greatest unit of which it is a whole number. */
  function lasting(seconds) {
    const [name, size] = UNITS_S.find(([, each]) => seconds >= each && seconds % each === 0) || ["s", 1];
    return { key: `ui.unit.${name}`, args: { n: parktwin.i18n.number(seconds / size) } };
  }

  /* What one point of a drawn line stands for. */
  function resolution({ step, source_s }) {
    const span = lasting(source_s);
    if (!step) return source_s ? { key: "trend.resolution.beyond", args: { span } } : { key: "trend.resolution.raw" };
    const band = { key: "trend.resolution.band", args: { span: lasting(step / 1000) } };
    return source_s ? { key: "trend.resolution.both", args: { band, span } } : band;
  }

  function resolutions(all) {
    return [...new Set(all.filter(({ cols }) => cols).map(({ cols }) => parktwin.i18n.say(resolution(cols))))].join(" · ");
  }

  const PARTS = [
    ["head", () => el("header", "trend-head")],
    ["close", closeButton],
    ["bar", () => el("div", "trend-bar")],
    ["plot", () => attr(attr(el("div", "trend-plot"), "role", "application"), "tabindex", "0")],
    ["foot", () => el("footer", "trend-foot")],
  ];

  /* ``held``: the state of the address, the series, the span in sight, and what the frame's parts do. */
  function draw(box, held) {
    attr(attr(box, "role", "dialog"), "aria-label", parktwin.i18n.say({ key: "trend.name" }));
    const [top, , rail, , bottom] = PARTS.map(([name, make]) => part(box, name, make));
    head(top, held);
    bar(rail, held);
    foot(bottom, held);
    attr(box._parts.close, "aria-label", parktwin.i18n.say({ key: "ui.close" }));
  }

  function closeButton() {
    const button = parktwin.dom.button("close", { key: "ui.close" }, () => parktwin.history.close());
    button.append(el("span", "icon", parktwin.icons.svg("close")));
    return button;
  }

  function head(node, held) {
    say(part(node, "name", () => el("h2")), { key: "trend.name" });
    keyed(part(node, "chips", () => el("ul", "trend-points")), held.all, ({ id }) => id, (each) => makeChip(each.id, held), (node, each) => chip(node, each, held));
    const finder = part(node, "finder", () => {
      const made = parktwin.historyFinder.make((id) => parktwin.history.set({ points: [...held.state().points, id] }));
      made.box._finder = made;
      return made.box;
    })._finder;
    parktwin.historyFinder.redraw(finder, held.all.length >= parktwin.history.MOST);
  }

  function makeChip(id, held) {
    const away = parktwin.dom.button("away", null, () => {
      const { points } = parktwin.history.read();
      parktwin.history.set({ points: points.filter((each) => each !== id) });
    });
    text(away, "×");
    return attr(el("li", "trend-point", el("i", "swatch"), parktwin.dom.button("name", null, () => held.choose(id)), el("span", "sub"), away), "data-point", id);
  }

  function chip(node, each, held) {
    const [swatch, name, sub, away] = node.children;
    const called = each.meta ? parktwin.historyPicture.nameOf(each) : each.id;
    swatch.style.background = each.colour;
    attr(text(name, called), "aria-pressed", String(held.chosen() === each.id));
    say(sub, each.failed ? { key: "trend.failed" } : each.meta ? each.id : "");
    attr(node, "data-failed", each.failed);
    attr(away, "aria-label", parktwin.i18n.say({ key: "trend.remove", args: { name: `${called} ${each.id}` } }));
  }

  function bar(node, held) {
    const state = held.state();
    const spans = attr(part(node, "spans", () => el("div", "spans")), "role", "group");
    keyed(spans, SPANS_S, (each) => each, makeSpan, (button, each) => {
      say(button, { key: `trend.range.${each}` });
      attr(button, "aria-pressed", String(state.live_s === each));
    });
    part(node, "between", () => between(held));
    fillBetween(node._parts.between, held);
    knowledge(part(node, "knowledge", () => attr(el("div", "spans"), "role", "group")), state);
    keyed(part(node, "files", () => el("div", "files")), [...Object.keys(FORMS), "png"], (each) => each, (form) => makeFile(form, held), (link, form) => {
      if (FORMS[form]) attr(link, "href", held.address(form));
      else say(link, { key: "trend.picture" });
    });
  }

  function makeSpan(seconds) {
    return parktwin.dom.button("chip", null, () => parktwin.history.set({ live_s: seconds, from: null, to: null }));
  }

  /* The span in sight, to be read and to be typed, in the park's time. */
  function between(held) {
    const boxes = ["from", "to"].map((name) => {
      const input = Object.assign(parktwin.fields.moment(), { name });
      input.addEventListener("change", () => typed(fields, held));
      return el("span", "typed", input);
    });
    const fields = boxes.map((each) => each.firstChild);
    return Object.assign(el("div", "between", boxes[0], el("span", "", "–"), boxes[1]), { _fields: fields });
  }

  function typed(fields, held) {
    const [from, to] = fields.map((input) => parktwin.fields.read(input.value));
    [from, to].forEach((ms, index) => parktwin.fields.blame(fields[index], ms === null ? parktwin.fields.wrongMoment() : null));
    if (from !== null && to !== null && from < to) held.wish(from, to);
  }

  function fillBetween(node, held) {
    const { from, to } = held.span();
    [[from, "trend.from"], [to, "trend.to"]].forEach(([ms, key], index) => {
      const input = parktwin.fields.hint(node._fields[index]);
      attr(input, "aria-label", parktwin.i18n.say({ key }));
      const shown = parktwin.fields.write(ms, true);
      if (document.activeElement !== input && !input._wrong && input.value !== shown) input.value = shown;
    });
  }

  function knowledge(node, state) {
    node.hidden = !parktwin.url.state.at;
    keyed(node, ["known", "latest"], (each) => each, (each) => parktwin.dom.button("chip", null, () => parktwin.history.set({ knowledge: each })), (button, each) => {
      say(button, { key: `trend.knowledge.${each}.short` });
      attr(button, "aria-pressed", String(state.knowledge === each));
    });
  }

  function makeFile(form, held) {
    if (FORMS[form]) return attr(el("a", "chip", FORMS[form]), "download", "");
    return parktwin.dom.button("chip", null, () => held.picture());
  }

  function foot(node, held) {
    attr(part(node, "resolution", () => el("span", "resolution")), "aria-live", "polite");
    text(node._parts.resolution, resolutions(held.all) || parktwin.i18n.say({ key: held.all.length ? "" : "trend.none" }));
    const seen = (quality) => held.all.some(({ cols }) => cols && cols.quality.includes(quality));
    mark(part(node, "uncertain", () => el("span", "mark uncertain")), "trend.mark.uncertain", seen(parktwin.series.UNCERTAIN));
    mark(part(node, "bad", () => el("span", "mark bad")), "trend.mark.bad", seen(parktwin.series.BAD));
    say(part(node, "trouble", () => attr(el("span", "trouble"), "role", "status")), held.trouble());
    say(part(node, "hint", () => el("span", "hint")), { key: "trend.hands" });
  }

  function mark(node, key, seen) {
    node.hidden = !seen;
    say(node, { key });
  }

  parktwin.historyFrame = { draw, resolutions };
})((window.parktwin = window.parktwin || {}));
