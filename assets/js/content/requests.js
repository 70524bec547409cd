/* Requests that somebody else decides, and things that are kept by hand: rows with what can be done with each, and a form for a new one. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, keyed, button, toggle } = parktwin.dom;
  const { teach, empty, colourOf, levelShape } = parktwin.panels;

  let begun = null; // a request that was begun elsewhere: { screen, page, panel, fields }

  teach("requests", (node, content, context) => {
    const may = parktwin.url.state.mode === "desk" && !parktwin.url.state.at;
    if (content.form) {
      const form = part(node, "form", () => el("form", "request-form"));
      form.hidden = !(may && parktwin.people.may(content.form));
      parktwin.forms.form(form, { ...content.form, choices: content.choices });
    }
    if (content.search || content.fields || content.filters) parktwin.filters.bar(part(node, "bar", () => el("div", "ledger-bar")), content);
    node._choices = content.choices;
    keyed(part(node, "rows", () => el("ul", "requests")), content.rows, (row) => row.key, makeRow, (each, row) => fill(each, row, may, context, node));
    empty(node, content, content.rows.length);
    if (begun && begun.panel === context.panel) take((node._parts || {}).form);
  });

  function makeRow() {
    return el("li", "", el("div", "", el("b"), el("span", "quiet")), el("div", "quiet"), el("div", "request-right", el("b"), el("span", "quiet")), el("div", "acts"));
  }

  function fill(node, row, may, context, panel) {
    const [what, by, right, acts] = node.children;
    parktwin.explain.mark(node, context, "rows", row.key);
    attr(node, "data-id", row.key);
    if (row.pick) parktwin.actions.bind(what, parktwin.actions.of(row, context));
    graded(node, what.firstChild, row);
    say(what.lastChild, row.sub);
    attr(what, "title", what.lastChild.textContent);
    say(by, row.by);
    attr(by, "title", by.textContent);
    say(toggle(parktwin.panels.colourOf(right.firstChild, row.level), "risky", row.level), row.right);
    say(right.lastChild, row.right_sub);
    if (!may || !row.acts.some((one) => one.key === node._open)) close(node);
    keyed(acts, may ? row.acts.filter(parktwin.people.may) : [], (one) => one.key, (one) => button("act-button", null, (event) => decide(event.currentTarget._act, event.currentTarget, node, panel)), (one, act) => {
      one._act = act;
      say(one, act.label);
      attr(one, "data-act", act.key);
      attr(one, "aria-expanded", act.fields ? String(node._open === act.key) : null);
    });
  }

  /* A row that has a level says so by shape, word and colour. */
  function graded(node, title, row) {
    if (row.badge === undefined) return void say(title, row.title);
    colourOf(node, row.level || null);
    levelShape(part(title, "shape", () => el("span", "shape")), row.level || null).hidden = !row.level;
    say(part(title, "badge", () => el("span", "badge")), row.badge);
    say(part(title, "said", () => el("span")), row.title);
  }

  /* What needs something said opens a form below its row; what is open closes. */
  function decide(act, from, row, panel) {
    if (!act.fields) return void ask(act, from);
    const again = row._open === act.key;
    close(row);
    if (again) return;
    row._open = act.key;
    attr(from, "aria-expanded", "true");
    const form = part(row, "form", () => el("form", "request-form inner"));
    parktwin.forms.form(form, { ...act, choices: panel._choices }, () => row._open === act.key && close(row)); // not what was opened meanwhile
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close(row);
    });
    form.querySelector("input, select, button").focus();
  }

  function close(row) {
    delete row._open;
    if (!row._parts || !row._parts.form) return;
    row._parts.form.remove();
    delete row._parts.form;
    row.querySelectorAll("[aria-expanded]").forEach((each) => attr(each, "aria-expanded", "false"));
  }

  async function ask(act, from) {
    const why = act.note ? await parktwin.acting.reason(from.parentNode) : "";
    if (act.note && !why) return;
    from.disabled = true;
    parktwin.forms.send(act.post, why ? { ...act.body, note: why } : act.body).finally(() => { from.disabled = false; });
  }

  /* Begin a request about what is shown elsewhere: its form is opened with what is known of it; without ``fields`` the
     requests are shown as they stand. */
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
    if (!fields) return;
    node.reset();
    for (const name in fields) node.elements[name].value = fields[name];
    const next = [...node.elements].find((each) => each.tagName === "INPUT" && !each.value);
    if (next) next.focus();
  }

  parktwin.requests = { begin };
})((window.parktwin = window.parktwin || {}));
