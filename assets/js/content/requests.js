/* Requests that somebody else decides: rows with what can be done with each, and a form for a new one. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, keyed, button } = parktwin.dom;
  const { teach, empty } = parktwin.panels;

  teach("requests", (node, content) => {
    const may = parktwin.url.state.mode === "desk" && !parktwin.url.state.at;
    if (content.form) form(part(node, "form", () => el("form", "request-form")), content.form, may);
    keyed(part(node, "rows", () => el("ul", "requests")), content.rows, (row) => row.key, makeRow, (each, row) => fill(each, row, may));
    empty(node, content, content.rows.length);
  });

  function makeRow() {
    return el("li", "", el("div", "", el("b"), el("span", "quiet")), el("div", "quiet"), el("div", "request-right", el("b"), el("span", "quiet")), el("div", "acts"));
  }

  function fill(node, row, may) {
    const [what, by, right, acts] = node.children;
    say(what.firstChild, row.title);
    say(what.lastChild, row.sub);
    say(by, row.by);
    say(right.firstChild, row.right);
    say(right.lastChild, row.right_sub);
    keyed(acts, may ? row.acts : [], (one) => one.key, (one) => button("act-button", null, (event) => decide(event.currentTarget._act, event.currentTarget)), (one, act) => {
      one._act = act;
      say(one, act.label);
    });
  }

  async function decide(act, from) {
    const why = act.note ? await parktwin.acting.reason(from.parentNode) : "";
    if (act.note && !why) return;
    from.disabled = true;
    send(act.post, why ? { ...act.body, note: why } : act.body).finally(() => { from.disabled = false; });
  }

  async function send(where, body) {
    const done = parktwin.strip.wait();
    try {
      await parktwin.dom.fetchJson(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      parktwin.strip.notice("asked", null);
      return true;
    } catch (error) {
      parktwin.strip.notice("asked", { key: "acting.refused", args: { why: error.message } }, { key: "ui.close" }, () => parktwin.strip.notice("asked", null));
      return false;
    } finally {
      done();
    }
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
    const input = field.type === "choice" ? el("select") : Object.assign(el("input"), { type: { time: "datetime-local", number: "number" }[field.type] || "text" });
    if (field.type === "number") input.step = "any";
    input.name = field.name;
    return el("label", "", el("span", "quiet"), input);
  }

  function dress(node, field) {
    const [name, input] = node.children;
    say(name, field.label);
    if (field.type === "choice") keyed(input, field.options, (one) => one.value, (one) => Object.assign(el("option"), { value: one.value }), (each, one) => say(each, one.label));
    attr(input, "required", field.optional ? null : "");
  }

  function go(node) {
    const act = Object.assign(el("button", "act-button"), { type: "submit" });
    node.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = Object.fromEntries(node._fields.map((field) => [field.name, valueOf(field, node.elements[field.name].value)]));
      if (await send(node._post, body)) node.reset();
    });
    return act;
  }

  /* Times are typed in the park's zone. */
  function valueOf(field, typed) {
    if (field.type === "time") return new Date(parktwin.i18n.fromLocal(typed)).toISOString();
    if (field.type === "number") return typed === "" ? null : Number(typed);
    return typed.trim();
  }
})((window.parktwin = window.parktwin || {}));
