/* Filters that stand in the address: chips, typed fields and words. Each changes the address and nothing else. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, keyed, button } = parktwin.dom;
  const TYPED_MS = 350;

  /* ``content``: ``filters`` (param, value, label) as chips, of which ``defaults`` hold where the address says nothing;
     ``fields`` (param, type, label, options); ``search``: what words are looked for in. */
  function bar(node, content) {
    node._said = content;
    if (content.filters) chips(part(node, "chips", () => el("div", "chips")), node, content);
    if (content.fields) keyed(part(node, "fields", () => el("div", "filter-fields")), content.fields, (one) => one.param, makeField, dress);
    if (content.search) search(part(node, "search", makeSearch), content.search);
    return node;
  }

  function chips(box, node, content) {
    keyed(box, content.filters, (one) => `${one.param} ${one.value}`, () => button("chip", null, (event) => press(node, event.currentTarget._filter)), (chip, one) => {
      chip._filter = one;
      say(chip, one.label);
      attr(chip, "aria-pressed", String(isOn(content, one)));
    });
  }

  function standard(content, param) {
    return (content.defaults || {})[param];
  }

  function isOn(content, { param, value }) {
    return (parktwin.url.state.params[param] || standard(content, param)) === value;
  }

  function press(node, one) {
    const given = standard(node._said, one.param);
    const off = given === undefined ? isOn(node._said, one) : given === one.value;
    ask({ [one.param]: off ? undefined : one.value });
  }

  /* Another choice begins with its first page. */
  function ask(change, replace) {
    const params = { ...parktwin.url.state.params, before: undefined, after: undefined, ...change };
    Object.keys(params).forEach((name) => !params[name] && delete params[name]);
    parktwin.url.set({ params }, { replace });
  }

  function search(input, said) {
    const hint = parktwin.i18n.say(said);
    input.placeholder = hint;
    attr(input, "aria-label", hint);
    if (document.activeElement !== input) input.value = parktwin.url.state.params.words || "";
  }

  function makeSearch() {
    const input = attr(el("input", "ledger-search"), "type", "search");
    typed(input, () => ({ words: input.value.trim().slice(0, 80) }));
    return input;
  }

  function typed(input, said) {
    let later = 0;
    input.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(() => ask(said(), true), TYPED_MS);
    });
  }

  function makeField(field) {
    const input = makeInput(field.type);
    const said = () => ({ [field.param]: field.type === "time" ? moment(input) : input.value.trim() });
    if (field.type === "text") typed(input, said);
    else input.addEventListener("change", () => choose(said()));
    return el("label", "typed", el("span", "quiet"), input);
  }

  function makeInput(type) {
    if (type === "choice") return el("select");
    return type === "time" ? parktwin.fields.moment() : Object.assign(el("input"), { type: "text", maxLength: 80 });
  }

  /* What cannot be asked for changes nothing. */
  function choose(change) {
    if (!Object.values(change).includes(null)) ask(change);
  }

  /* Null where it is none; that is said at the field. */
  function moment(input) {
    if (!input.value.trim()) return "";
    const ms = parktwin.fields.read(input.value);
    parktwin.fields.blame(input, ms === null ? parktwin.fields.wrongMoment() : null);
    return ms === null ? null : new Date(ms).toISOString();
  }

  function dress(label, field) {
    const [name, input] = label.children;
    say(name, field.label);
    if (field.type === "time") parktwin.fields.hint(input);
    if (field.type === "choice") {
      const any = { value: "", label: field.any || { key: "log.any" } };
      keyed(input, [any, ...field.options], (one) => one.value, (one) => Object.assign(el("option"), { value: one.value }), (each, one) => say(each, one.label));
    }
    const said = parktwin.url.state.params[field.param] || "";
    if (document.activeElement !== input) input.value = field.type === "time" && said ? parktwin.fields.write(Date.parse(said)) : said;
  }

  parktwin.url.onChange((state, before) => {
    if (JSON.stringify([state.sel, state.params]) !== JSON.stringify([before.sel, before.params])) parktwin.panels.redraw();
  });

  parktwin.filters = { bar, ask };
})((window.parktwin = window.parktwin || {}));
