/* Forms of requests: fields that a content declares, sent to the address that it names; what is typed stays while the
   panel is drawn anew. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, keyed, button } = parktwin.dom;
  const KINDS = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "-_+="]; // nothing that reads like another
  const LENGTH = 14;

  /* ``said``: label, post, fields, and perhaps a sentence, more of the body, choices that fields name, what is shown once.
     ``sent`` is told of a success. */
  function form(node, said, sent) {
    const rows = [...(said.said ? [{ name: " said", type: "said" }] : []), ...said.fields, { name: " go", type: "go" }, ...(said.link ? [{ name: " link", type: "link" }] : [])];
    keyed(node, rows, (field) => field.name, (field) => make(node, field), (each, field) => dress(each, field, said));
    Object.assign(node, { noValidate: true, _said: said, _sent: sent }); // what is wrong is said at the field, in the page's language
  }

  function make(node, field) {
    if (field.type === "said") return el("p", "request-said");
    if (field.type === "go") return go(node);
    if (field.type === "link") return attr(el("a", "act-button form-link"), "download", "");
    if (field.type === "several") return el("fieldset", "", el("legend", "quiet"), el("div", "several"));
    const input = Object.assign(makeInput(field), { name: field.name });
    if (field.value !== undefined && field.type !== "choice") input.value = field.value;
    if (field.type === "file") return el("label", "", el("span", "quiet"), picker(input));
    const box = field.make ? el("span", "with-make", input, button("act-button", null, () => Object.assign(input, { type: "text", value: random() }))) : input;
    return el("label", "", el("span", "quiet"), box);
  }

  /* A browser speaks its own language about files; the page speaks the viewer's. */
  function picker(input) {
    const named = el("span", "quiet");
    const tell = () => say(named, input.files.length ? input.files[0].name : { key: "ask.file.none" });
    input.addEventListener("change", tell);
    return Object.assign(el("span", "file-pick", input, el("span", "act-button"), named), { _tell: tell });
  }

  function makeInput({ type, accept }) {
    if (type === "choice") return el("select");
    if (type === "file") return Object.assign(el("input"), { type, accept });
    if (type === "time") return parktwin.fields.moment();
    const input = Object.assign(el("input"), { type: type === "password" ? type : "text", autocomplete: type === "password" ? "new-password" : "off" });
    if (type === "number") input.inputMode = "decimal";
    return input;
  }

  function dress(each, field, said) {
    if (field.type === "said") return void say(each, said.said);
    if (field.type === "go") return void say(each, said.label);
    if (field.type === "link") return void attr(say(each, said.link.label), "href", `${said.link.href}?lang=${parktwin.i18n.lang}`);
    const [name, box] = each.children;
    say(name, field.label);
    if (field.type === "several") return void several(box, field);
    const input = field.make || field.type === "file" ? box.firstChild : box;
    if (field.make) say(box.lastChild, field.make);
    if (field.type === "choice") choice(input, field, said.choices);
    if (field.type === "time") parktwin.fields.hint(input);
    if (field.type === "file") {
      say(box.children[1], { key: "ask.file.choose" });
      box._tell();
    }
    attr(input, "aria-required", field.optional || field.type === "choice" ? null : "true");
  }

  function choice(input, field, choices) {
    const fresh = !input.children.length;
    keyed(input, field.options || choices[field.choices], (one) => one.value, (one) => Object.assign(el("option"), { value: one.value, defaultSelected: one.value === field.value }), (each, one) => say(each, one.label));
    if (fresh && field.value !== undefined) input.value = field.value;
  }

  function several(box, field) {
    keyed(box, field.options, (one) => one.value, (one) => el("label", "", Object.assign(el("input"), { type: "checkbox", name: field.name, value: one.value }), el("span")), (each, one) => say(each.lastChild, one.label));
  }

  function go(node) {
    const act = Object.assign(el("button", "act-button first"), { type: "submit" });
    node.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { _said: said, _sent: sent } = node;
      const wrong = said.fields.map((field) => checked(field, node.elements[field.name])).find(Boolean);
      if (wrong) return void wrong.focus();
      const body = { ...said.body, ...Object.fromEntries(said.fields.map((field) => [field.name, valueOf(node, field)])) };
      act.disabled = true;
      const answer = await (fileOf(node) ? sendFile(said.post, fileOf(node), node) : send(said.post, body, node));
      act.disabled = false;
      if (!answer) return;
      clear(node);
      parktwin.once.show((said.once || []).map((one) => ({ ...one, value: answer[one.name] || body[one.name] })));
      if (sent) sent();
    });
    return act;
  }

  const CHECKS = {
    time: (typed) => (parktwin.fields.read(typed) === null ? parktwin.fields.wrongMoment() : null),
    number: (typed) => (Number.isFinite(Number(typed)) ? null : { key: "ask.number" }),
  };

  /* The field, where what is typed cannot be: what the page can see itself needs no call. */
  function checked(field, input) {
    if (field.type === "several") return null;
    const typed = input.value.trim(); // of a file: where it lies
    const wrong = !typed ? (field.optional || field.type === "choice" ? null : { key: "ask.needed" }) : (CHECKS[field.type] || (() => null))(typed);
    parktwin.fields.blame(input, wrong);
    return wrong ? input : null;
  }

  /* Nothing that was typed stays in the page. */
  function clear(node) {
    node.reset();
    node._said.fields.filter((field) => field.type === "password").forEach((field) => Object.assign(node.elements[field.name], { type: "password", value: "" }));
  }

  function valueOf(node, field) {
    if (field.type === "several") return [...node.querySelectorAll(`[name="${field.name}"]:checked`)].map((each) => each.value);
    const typed = node.elements[field.name].value;
    if (field.type === "file") return null;
    if (field.type === "time") return new Date(parktwin.fields.read(typed)).toISOString();
    if (field.type === "number") return typed.trim() === "" ? null : Number(typed);
    return field.type === "password" ? typed : typed.trim();
  }

  /* A file stands alone in its form: it is what is sent, and the form's one field is what a refusal is about. */
  function fileOf(node) {
    const field = node._said.fields.find((each) => each.type === "file");
    return field ? node.elements[field.name].files[0] : null;
  }

  function sendFile(where, file, from) {
    return post(`${where}?name=${encodeURIComponent(file.name)}`, file.type || "application/octet-stream", file, from);
  }

  function send(where, body, from) {
    return post(where, "application/json", JSON.stringify(body), from);
  }

  /* The answer, nothing where it was refused: that is said at the field that it is about, else above the page. */
  async function post(where, type, body, from) {
    const done = parktwin.strip.wait();
    try {
      const answer = await parktwin.dom.fetchJson(where, { method: "POST", headers: { "Content-Type": type }, body });
      parktwin.strip.notice("asked", null);
      return answer;
    } catch (error) {
      const field = from && fieldOf(from, error.field);
      if (field) parktwin.fields.blame(field, error.said || error.message).focus();
      else parktwin.acting.refused(error, "asked");
      return null;
    } finally {
      done();
    }
  }

  function fieldOf(node, name) {
    const field = node._said.fields.find((each) => each.type !== "several" && (each.name === name || (each.also || []).includes(name)));
    return field && node.elements[field.name];
  }

  function below(most) {
    const free = Math.floor(2 ** 32 / most) * most; // else the first ones would come a little more often
    const [n] = crypto.getRandomValues(new Uint32Array(1));
    return n < free ? n % most : below(most);
  }

  /* A password for once: of every kind, in any order. */
  function random() {
    const all = KINDS.join("");
    const signs = Array.from({ length: LENGTH }, (_, at) => { const kind = KINDS[at] || all; return kind[below(kind.length)]; });
    for (let at = signs.length - 1; at > 0; at -= 1) {
      const other = below(at + 1);
      [signs[at], signs[other]] = [signs[other], signs[at]];
    }
    return signs.join("");
  }

  parktwin.forms = { form, send };
})((window.parktwin = window.parktwin || {}));
