/* Requests that somebody else decides: rows with what can be done with each, and a form for a new one. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, keyed, button } = parktwin.dom;
  const { teach, empty } = parktwin.panels;
  let begun = null; // a request that was begun elsewhere: { panel, page, fields }

  teach("requests", (node, content, context) => {
    const may = parktwin.url.state.mode === "desk" && !parktwin.url.state.at;
    if (content.form) form(part(node, "form", () => Object.assign(el("form", "request-form"), { noValidate: true })), content.form, may && parktwin.people.may(content.form));
    keyed(part(node, "rows", () => el("ul", "requests")), content.rows, (row) => row.key, makeRow, (each, row) => fill(each, row, may));
    empty(node, content, content.rows.length);
    if (begun && begun.panel === context.panel) take(node._parts.form);
  });

  function makeRow() {
    return el("li", "", el("div", "", el("b"), el("span", "quiet")), el("div", "quiet"), el("div", "request-right", el("b"), el("span", "quiet")), el("div", "acts"));
  }

  function fill(node, row, may) {
    const [what, by, right, acts] = node.children;
    attr(node, "data-id", row.key);
    say(what.firstChild, row.title);
    say(what.lastChild, row.sub);
    attr(what, "title", what.lastChild.textContent);
    say(by, row.by);
    attr(by, "title", by.textContent);
    say(right.firstChild, row.right);
    say(right.lastChild, row.right_sub);
    keyed(acts, may ? row.acts.filter(parktwin.people.may) : [], (one) => one.key, () => button("act-button", null, (event) => decide(event.currentTarget._act, event.currentTarget)), (one, act) => {
      one._act = act;
      say(one, act.label);
    });
  }

  async function decide(act, from) {
    const why = act.note ? await parktwin.acting.reason(from.parentNode) : "";
    if (act.note && !why) return;
    from.disabled = true;
    await send(act.post, why ? { ...act.body, note: why } : act.body, null);
    from.disabled = false;
  }

  /* What is refused is said at the field that it is about, else above the page. */
  async function send(where, body, from) {
    const done = parktwin.strip.wait();
    try {
      await parktwin.dom.fetchJson(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      parktwin.strip.notice("asked", null);
      return true;
    } catch (error) {
      const at = from && fieldOf(from, error.field);
      if (at) parktwin.fields.blame(at, error.said || error.message).focus();
      else parktwin.acting.refused(error, "asked");
      return false;
    } finally {
      done();
    }
  }

  function fieldOf(node, name) {
    const field = node._fields.find((each) => each.name === name || (each.also || []).includes(name));
    return field && node.elements[field.name];
  }

  /* What is typed stays while the panel is drawn anew. */
  function form(node, said, may) {
    node.hidden = !may;
    keyed(node, [...said.fields, { name: "go", type: "go" }], (field) => field.name, (field) => (field.type === "go" ? go(node) : makeField(field)), (each, field) => {
      if (field.type === "go") say(each, said.label);
      else dress(each, field);
    });
    node._post = said.post;
    node._fields = said.fields;
  }

  function makeField(field) {
    const input = field.type === "choice" ? el("select") : field.type === "time" ? parktwin.fields.moment() : Object.assign(el("input"), { type: "text", autocomplete: "off" });
    if (field.type === "number") input.inputMode = "decimal";
    input.name = field.name;
    return el("label", "", el("span", "quiet"), input);
  }

  function dress(node, field) {
    const [name, input] = node.children;
    say(name, field.label);
    if (field.type === "time") parktwin.fields.hint(input);
    if (field.type === "choice") keyed(input, field.options, (one) => one.value, (one) => Object.assign(el("option"), { value: one.value }), (each, one) => say(each, one.label));
    attr(input, "aria-required", field.optional ? null : "true");
  }

  function go(node) {
    const act = Object.assign(el("button", "act-button"), { type: "submit" });
    node.addEventListener("submit", async (event) => {
      event.preventDefault();
      const wrong = node._fields.map((field) => checked(field, node.elements[field.name])).find(Boolean);
      if (wrong) return void wrong.focus();
      const body = Object.fromEntries(node._fields.map((field) => [field.name, valueOf(field, node.elements[field.name].value.trim())]));
      act.disabled = true;
      if (await send(node._post, body, node)) node.reset();
      act.disabled = false;
    });
    return act;
  }

  /* The field, where what is typed cannot be: what the page can see itself needs no call. */
  function checked(field, input) {
    const typed = input.value.trim();
    const wrong = !typed ? (field.optional ? null : { key: "ask.needed" }) : (CHECKS[field.type] || (() => null))(typed);
    parktwin.fields.blame(input, wrong);
    return wrong ? input : null;
  }

  const CHECKS = {
    time: (typed) => (parktwin.fields.read(typed) === null ? parktwin.fields.wrongMoment() : null),
    number: (typed) => (Number.isFinite(Number(typed)) ? null : { key: "ask.number" }),
  };

  function valueOf(field, typed) {
    if (field.type === "time") return new Date(parktwin.fields.read(typed)).toISOString();
    if (field.type === "number") return typed === "" ? null : Number(typed);
    return typed;
  }

  /* Begin a request about what is shown elsewhere: its form is opened with what is known of it. */
  function begin(ask) {
    begun = ask;
    const screen = parktwin.shell.screenNamed(ask.screen);
    if (parktwin.screen.here === screen) parktwin.panels.redraw();
    else parktwin.url.set({ path: screen.path, params: {}, at: null });
  }

  function take(node) {
    const { page, fields } = begun;
    begun = null;
    parktwin.pages.choose("main", page, 0);
    node.reset();
    for (const name in fields) node.elements[name].value = fields[name];
    const next = [...node.elements].find((each) => each.tagName === "INPUT" && !each.value);
    if (next) next.focus();
  }

  parktwin.requests = { begin };
})((window.parktwin = window.parktwin || {}));
