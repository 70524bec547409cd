/* Figures and bars: numbers with names. */
(function (parktwin) {
  "use strict";

  const { el, svg, say, text, attr, toggle, part, keyed } = parktwin.dom;
  const { teach, colourOf, empty } = parktwin.panels;

  /* The number, its unit smaller, what it is of; a quality that is not good is said. */
  function number(node, value, of) {
    const said = typeof value === "object" && value !== null ? value : { value };
    text(part(node, "value", () => el("span", "value")), parktwin.i18n.number(said.value, said.digits || 0));
    text(part(node, "of", () => el("span", "of")), of === undefined ? "" : `/${parktwin.i18n.number(of, 0)}`);
    const none = said.value === null || said.value === undefined;
    text(part(node, "unit", () => el("span", "unit")), none ? "" : said.unit);
    toggle(node, "doubtful", said.quality && said.quality !== "good");
    return node;
  }

  function item(node, said, context, parts) {
    parktwin.explain.mark(node, context, "items", said.key);
    number(part(node, "num", () => el("div", "num")), said.value, said.of);
    say(part(node, "label", () => el("div", "label")), said.label);
    if (parts.note !== false) note(part(node, "note", () => el("div", "note")), said);
    parktwin.actions.bind(node, parktwin.actions.of(said, context));
    attr(node, "aria-label", node._action ? `${parktwin.i18n.say(said.label)} ${node._parts.num.textContent}` : null);
  }

  function note(node, said) {
    colourOf(node, said.note_level);
    toggle(node, "risky", said.note_level);
    say(node, said.note);
  }

  function drawLevels(box, items, context) {
    box.className = "levels";
    keyed(box, items, (one) => one.key, () => el("div", "item"), (node, one) => {
      colourOf(node, one.level);
      toggle(node, "zero", !one.value.value);
      item(node, one, context, { note: Boolean(one.note) });
    });
  }

  function levelOf(one) {
    return one.level || one.value.level;
  }

  function drawGrid(box, items, context) {
    box.className = "grid";
    keyed(box, items, (one) => one.key, () => el("div", "item"), (node, one) => {
      colourOf(node, levelOf(one));
      item(node, one, context, {});
      toggle(node._parts.num, "risky", levelOf(one) && one.value.value);
    });
  }

  function drawBig(box, items, context) {
    box.className = "big";
    keyed(box, items, (one) => one.key, (_, index) => el("div", index ? "also" : "main"), (node, one, index) => {
      if (index) also(node, one, context);
      else main(node, one, context);
    });
  }

  function main(node, one, context) {
    parktwin.explain.mark(node, context, "items", one.key);
    if (one.spark) spark(part(node, "spark", () => sparkNode()), one.spark, one.target);
    const row = part(node, "row", () => el("div", "row"));
    const num = number(part(row, "num", () => el("div", "num")), one.value, one.of);
    colourOf(num, levelOf(one));
    if (one.target !== undefined) {
      say(part(row, "target", () => el("span", "note")), { key: "ui.target", args: { value: { value: one.target, digits: 1, unit: one.value.unit } } });
    } else {
      say(part(node, "label", () => el("div", "label")), one.label);
    }
    if (one.note) mainNote(part(node, "note", () => el("div", "note")), one);
    parktwin.actions.bind(row, parktwin.actions.of(one, context));
  }

  function mainNote(node, one) {
    colourOf(node, one.note_level);
    toggle(node, "risky", one.note_level);
    const sign = part(node, "sign", () => el("span", "shape"));
    parktwin.panels.levelShape(sign, parktwin.palette.isRisk(one.note_level) ? one.note_level : null);
    sign.hidden = !parktwin.palette.isRisk(one.note_level);
    say(part(node, "said", () => el("span")), one.note);
  }

  function also(node, one, context) {
    parktwin.explain.mark(node, context, "items", one.key);
    say(part(node, "label", () => el("span", "label")), one.label);
    number(part(node, "num", () => el("span", "also-num")), one.value, one.of);
    parktwin.actions.bind(node, parktwin.actions.of(one, context));
  }

  function sparkNode() {
    const line = svg("path", { class: "line" });
    const goal = svg("line", { class: "goal", x1: 0, x2: 100 });
    return svg("svg", { class: "spark", viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" }, goal, line);
  }

  /* A line without axes; gaps stay gaps, the target is dashed. */
  function spark(node, values, target) {
    const known = values.filter((each) => each !== null);
    const all = target === undefined ? known : [...known, target];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const y = (each) => (high === low ? 15 : 28 - ((each - low) / (high - low)) * 26);
    const step = 100 / Math.max(1, values.length - 1);
    let pen = "M";
    const d = values.map((each, at) => {
      if (each === null) {
        pen = "M";
        return "";
      }
      const said = `${pen}${(at * step).toFixed(2)} ${y(each).toFixed(2)}`;
      pen = "L";
      return said;
    }).join("");
    attr(node.lastChild, "d", d || "M0 0");
    node.firstChild.style.display = target === undefined ? "none" : "";
    if (target !== undefined) ["y1", "y2"].forEach((name) => attr(node.firstChild, name, y(target).toFixed(2)));
  }

  const SUPERVISION = { "sup-r": "sup-red", "sup-y": "sup-yellow", "sup-g": "sup-green" };

  function drawClasses(box, items, context) {
    box.className = "classes dense";
    keyed(box, items, (one) => one.key, () => el("div", "class"), (node, one) => {
      const lamp = part(parktwin.explain.mark(node, context, "items", one.key), "lamp", () => el("i", "lamp"));
      lamp.style.background = `var(--${SUPERVISION[one.level] || "off"})`;
      say(part(node, "label", () => el("span")), one.label);
      number(part(node, "num", () => el("span", "class-num")), one.value, one.of);
      parktwin.actions.bind(node, parktwin.actions.of(one, context));
    });
  }

  const FORMS = { levels: drawLevels, grid: drawGrid, big: drawBig, classes: drawClasses };

  teach("figure", (node, content, context) => {
    const box = part(node, "box", () => el("div"));
    (FORMS[content.form] || drawGrid)(box, content.items, context);
  });

  /* One bar of parts with their names below. */
  function drawStack(box, rows, context) {
    box.className = "stack-bar";
    const bar = part(box, "bar", () => el("div", "stacked"));
    keyed(bar, rows, (one) => one.key, () => el("i"), (node, one) => {
      parktwin.explain.mark(node, context, "rows", one.key).className = `tone${one.tone || 0}`;
      colourOf(node, one.level);
      node.style.flexGrow = one.value;
      node.hidden = !one.value;
      parktwin.actions.bind(node, parktwin.actions.of(one, context));
      attr(node, "aria-label", node._action ? parktwin.i18n.say(one.label) : null);
    });
    keyed(part(box, "names", () => el("div", "stack-names")), rows, (one) => one.key, () => el("span", "", el("span"), el("b")), (node, one) => {
      say(parktwin.explain.mark(node, context, "rows", one.key).firstChild, one.label);
      text(node.lastChild, parktwin.i18n.number(one.value, 0));
      parktwin.actions.bind(node, parktwin.actions.of(one, context));
    });
  }

  function drawShares(box, rows, context, ranked) {
    box.className = ranked ? "shares ranks" : "shares";
    keyed(box, rows, (one) => one.key, () => el("div", "share"), (node, one) => {
      colourOf(parktwin.explain.mark(node, context, "rows", one.key), one.level);
      say(part(node, "name", () => el("span", "name")), one.label);
      attr(node._parts.name, "title", parktwin.i18n.say(one.label));
      if (!ranked) say(part(node, "sub", () => el("span", "sub")), one.sub);
      if (ranked) track(node, one);
      say(part(node, "val", () => el("span", "val value")), one.right || { value: one.value, unit: one.unit, digits: 0 });
      toggle(node._parts.val, "risky", one.level);
      if (!ranked) track(node, one);
      parktwin.actions.bind(node, parktwin.actions.of(one, context));
    });
  }

  function track(node, one) {
    const bar = part(node, "track", () => el("span", "track", el("i")));
    bar.firstChild.style.width = `${Math.max(0.5, 100 * Math.min(1, one.share)).toFixed(1)}%`;
    const tick = part(bar, "tick", () => el("b"));
    tick.hidden = !one.tick;
    if (one.tick) tick.style.left = `${(100 * one.tick).toFixed(1)}%`;
  }

  teach("bars", (node, content, context) => {
    const box = part(node, "box", () => el("div"));
    if (content.form === "stack") drawStack(box, content.rows, context);
    else drawShares(box, content.rows, context, content.form === "rank");
    empty(node, content, content.rows.length);
  });

  parktwin.figures = { number, spark };
})((window.parktwin = window.parktwin || {}));
