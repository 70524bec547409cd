/* The answer to "where from?": the number, its formula, its rule, how many answered, and every input, as a view of the drawer. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, part, keyed, toggle } = parktwin.dom;
  const MOST_DIGITS = 5;
  const TIME = /^\d{4}-\d\d-\d\dT/;
  const TYPES = { value: "text number", code: "text" }; // of columns: a value is told with its unit
  const SIGNS = { add: " + ", subtract: " − ", multiply: " × ", divide: " ÷ ", percent: " ÷ ", "=": "=", "!=": "≠", "<=": "≤", ">=": "≥", in: "∈", "not in": "∉" };

  let current = null; // what is shown now

  /* ``path`` may stand above several figures: they are listed, and one of them is shown. */
  function view(asked, path, back) {
    const mine = { asked, live: !asked.at, figures: [], answer: null, failed: false, busy: false };
    const done = parktwin.strip.wait();
    let stop = new AbortController();

    /* What is asked later is what is wanted: an answer that was overtaken is passed over. */
    async function ask(figure, cursor) {
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      mine.busy = true;
      try {
        const answer = await parktwin.explain.fetchPage(mine.asked, figure, cursor, signal);
        if (signal.aborted) return;
        mine.busy = false;
        if (cursor) join(mine.answer, answer);
        else take(answer);
      } catch (error) {
        if (error.name === "AbortError") return;
        mine.failed = error.said || { key: "ui.error.panel" };
      }
      done();
      parktwin.drawer.redraw();
    }

    /* The first answer names the figures and the moment; all that is asked from there on is of that moment. */
    function take(answer) {
      mine.answer = answer;
      if (mine.figures.length) return;
      mine.figures = answer.figures;
      mine.asked = { ...asked, at: answer.at };
      if (answer.figures.length > 1) choose(answer.figures[0].key);
    }

    function choose(key) {
      mine.chosen = key;
      ask(key);
    }

    ask(path);
    current = mine;
    return {
      named: () => parktwin.drawer.named(asked.panel, ...(mine.answer && mine.answer.figures.length === 1 ? mine.answer.figures[0].label : [])),
      left: () => {
        stop.abort();
        if (current === mine) current = null;
        done();
      },
      head(head) {
        say(part(head, "total", () => el("span", "total")), mine.answer ? { key: mine.live ? "explain.as_of" : "explain.at", args: { at: parktwin.i18n.stamp(mine.answer.at) } } : "");
        if (back) say(part(head, "list", () => parktwin.dom.button("chip", null, back)), { key: "explain.list" });
      },
      body(node) {
        draw(node, mine, choose, (cursor) => !mine.busy && ask(mine.chosen || path, cursor));
      },
    };
  }

  /* The rows of a further page behind those that are there. */
  function join(answer, more) {
    Object.keys(more.inputs).forEach((name) => answer.inputs[name].rows.push(...more.inputs[name].rows));
    answer.next = more.next;
  }

  function draw(node, mine, choose, turn) {
    node._kind = "lineage";
    const wrap = part(node, "wrap", () => el("div", "lineage"));
    attr(wrap, "aria-busy", mine.busy ? "true" : null);
    const nav = part(wrap, "figures", () => attr(el("nav", "lineage-figures"), "tabindex", "-1"));
    const one = part(wrap, "one", () => el("div", "lineage-one"));
    nav.hidden = mine.figures.length < 2;
    toggle(wrap, "several", !nav.hidden);
    keyed(nav, mine.figures, (each) => each.key, (each) => parktwin.dom.button("lineage-figure", null, () => choose(each.key)), (button, each) => {
      text(part(button, "label", () => el("span")), each.label.map(parktwin.i18n.say).join(" · "));
      text(part(button, "shown", () => el("b")), number(each));
      say(part(button, "said", () => el("small")), each.said);
      attr(button, "aria-pressed", String(each.key === mine.chosen));
    });
    const shown = mine.answer && mine.answer.figures.length === 1 ? mine.answer.figures[0] : null;
    if (mine.failed) say(part(one, "failed", () => el("p", "empty")), mine.failed);
    else if (shown) drawFigure(one, shown, mine, turn);
  }

  /* A figure as it is shown, with its unit. */
  function number(figure) {
    const { shown, unit } = figure;
    if (typeof shown === "string") return TIME.test(shown) ? parktwin.i18n.clock(shown, true) : shown;
    const places = Number.isFinite(shown) ? Math.min(MOST_DIGITS, (String(shown).split(".")[1] || "").length) : 0;
    return parktwin.i18n.measured({ value: shown, unit, digits: places });
  }

  function drawFigure(node, figure, mine, turn) {
    const { answer } = mine;
    text(part(node, "number", () => el("div", "num lineage-number")), number(figure));
    say(part(node, "said", () => el("p", "lineage-said")), figure.said);
    text(part(node, "symbols", () => el("p", "lineage-symbols")), symbols(figure.formula));
    const facts = [{ label: { key: "explain.coverage" }, value: { key: "explain.n_of_m", args: { n: figure.coverage[0], of: figure.coverage[1] } } }, ...figure.rules.map((no) => rule(answer, no))];
    parktwin.panels.draw(part(node, "facts", () => el("div")), { kind: "facts", rows: facts }, {});
    const names = Object.keys(answer.inputs).filter((name) => answer.inputs[name].total);
    keyed(part(node, "sets", () => el("div")), names, (name) => name, () => el("section", "part"), (section, name) => drawSet(section, answer.inputs[name], mine));
    const told = names.reduce((sum, name) => sum + answer.inputs[name].rows.length, 0);
    const total = names.reduce((sum, name) => sum + answer.inputs[name].total, 0);
    const more = part(node, "more", () => parktwin.dom.button("more can", null, () => turn(more._cursor)));
    more._cursor = answer.next;
    more.hidden = !answer.next;
    say(more, { key: "explain.more", args: { told, total } });
  }

  function rule(answer, no) {
    const found = answer.rules.find((each) => each.no === no) || {};
    return { label: { key: "explain.rule", args: { no } }, value: found.said_zh || found.said_en ? { zh: found.said_zh, en: found.said_en } : no };
  }

  /* The formula in signs: the same in every language. */
  function symbols(formula) {
    const { op, parts } = formula;
    if (op === "const") return parktwin.i18n.number(formula.value);
    if (!parts) return `${op}(${[formula.of, formula.column].filter(Boolean).join(".")}${(formula.where || []).map(condition).join("")})`;
    const inner = parts.map((each) => (each.parts && SIGNS[op] ? `(${symbols(each)})` : symbols(each)));
    if (op === "percent") return `${inner.join(" ÷ ")} × 100 %`;
    return SIGNS[op] ? inner.join(SIGNS[op]) : `${op}(${[...inner, formula.value].filter((each) => each !== undefined).join(", ")})`;
  }

  function condition([column, relation, value], place) {
    const said = value === null ? "∅" : Array.isArray(value) ? `{${value.join(", ")}}` : typeof value === "object" ? symbols(value) : value;
    return `${place ? ", " : " | "}${column} ${SIGNS[relation] || relation} ${said}`;
  }

  /* Inputs as a table: what it is, what it says, who said so, how old, how good; a click leads to the thing. */
  function drawSet(node, set, mine) {
    const odd = set.rows.some((row) => !row.counted);
    const told = set.columns.filter(({ key }) => key !== "unit" || !set.columns.some((each) => each.key === "value"));
    const columns = [
      ...(odd ? [head("counts")] : []),
      head("input"),
      ...told.map(({ key, type, unit }) => ({ key, label: { key: `column.${key}` }, type: TYPES[key] || TYPES[type] || type, unit })),
      head("source"), head("age"), head("quality"),
    ];
    say(part(node, "title", () => el("div", "part-title")), { key: "ui.total", args: { n: set.total } });
    const rows = set.rows.map((row) => cells(row, set, mine));
    parktwin.panels.draw(part(node, "table", () => el("div")), { kind: "table", columns, rows, total: set.total }, {});
  }

  function head(key) {
    return { key: `_${key}`, label: { key: `explain.${key}` }, type: `text input-${key}` };
  }

  function cells(row, set, mine) {
    const said = {
      _counts: { key: row.counted ? "explain.counted" : row.answered ? "explain.uncounted" : "explain.silent" },
      _input: joined({ zh: row.name_zh, en: row.name_en }, row.id),
      _source: joined(parktwin.i18n.knows(`table.${row.table}`) ? { key: `table.${row.table}` } : row.table, row.source),
      _age: age(row, mine),
      _quality: row.quality ? { key: `quality.${row.quality}` } : { key: "quality.none" },
      pick: row.pick,
    };
    set.columns.forEach((column) => { said[column.key] = cell(row, column); });
    return said;
  }

  function joined(...said) {
    return [...new Set(said.map(parktwin.i18n.say))].filter(Boolean).join(" · ");
  }

  function cell(row, { key, type }) {
    if (row[`${key}_zh`] || row[`${key}_en`]) return { zh: row[`${key}_zh`], en: row[`${key}_en`] };
    const said = row[key];
    if (said === null || said === undefined) return null;
    if (type === "time") return { at: said };
    if (key === "value" && typeof said === "number") return parktwin.i18n.measured({ value: said, unit: row.unit });
    return type === "code" ? { key: `${key}.${said}` } : said;
  }

  /* Seconds since it was so: at the moment that is looked at, or by now where that is the present. */
  function age(row, mine) {
    if (!row.ts) return "—";
    const till = mine.live ? parktwin.ages.now() : Date.parse(mine.answer.at);
    return parktwin.i18n.age((till - Date.parse(row.ts)) / 1000);
  }

  /* What is of the present grows old before one's eyes. */
  parktwin.ages.onTick(() => current && current.live && current.answer && parktwin.drawer.redraw());

  parktwin.lineage = { view };
})((window.parktwin = window.parktwin || {}));
