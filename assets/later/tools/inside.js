/* What lies within the drawn shape: who is there first, then layer by layer, the gravest first; asked again while it is live. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, toggle, keyed, part, clear } = parktwin.dom;
  const AGAIN_S = 4;
  const PATIENCE_S = 30; // an answer that takes longer is not waited for
  const LISTED = 30;
  const FORMS = { csv: "CSV", xlsx: "Excel" };
  const open = new Set(); // layers whose things are listed
  let shape = null;
  let answer = null;
  let trouble = null;
  let asking = null; // the question that is on its way
  let asked = ""; // what the answer answers
  let askedAt = 0;

  function box() {
    return parktwin.cid.place("inside");
  }

  /* A path has measures and no inside. */
  function areal() {
    return Boolean(shape && shape.kind !== "path");
  }

  function start() {
    parktwin.drawn.onChange(changed);
    parktwin.url.onChange(() => shape && refresh());
    parktwin.i18n.onChange(redraw);
    parktwin.ages.onTick(tick);
  }

  function changed(next) {
    const other = !next || !shape || (next.kind === "path") !== (shape.kind === "path");
    if (other) close();
    if (next && !shape) open.clear();
    shape = next;
    if (!shape) return;
    answer = null;
    trouble = null;
    refresh();
    draw();
  }

  function close() {
    if (asking) asking.abort();
    [answer, trouble, asking, asked] = [null, null, null, ""];
    clear(box());
    delete box()._parts;
    toggle(parktwin.shell.root(), "drawn", false);
  }

  /* Layers that are on and can be picked from. */
  function layers() {
    const here = (each) => parktwin.scene.isOn(each.spec) && each.spec.picks && parktwin.tools.standsHere(each);
    return parktwin.scene.shown().filter(here).map((each) => each.spec.key);
  }

  function question() {
    return JSON.stringify(parktwin.shapes.body(shape, layers()));
  }

  function tick() {
    const due = performance.now() - askedAt > (asking ? PATIENCE_S : AGAIN_S) * 1000;
    if (areal() && due && !document.hidden && (!parktwin.url.state.at || trouble)) ask();
  }

  /* Asked at once when the shape, the layers or the moment have changed. */
  function refresh() {
    if (!areal() || !parktwin.tools.atDesk()) return;
    if (`${parktwin.url.state.at}${question()}` !== asked) ask();
  }

  function address(more) {
    const { at } = parktwin.url.state;
    const query = new URLSearchParams({ ...(at ? { at } : {}), ...more });
    return `/api/v1/within?${query}`;
  }

  async function ask() {
    if (asking) asking.abort();
    const mine = new AbortController();
    const body = question();
    [asking, asked, askedAt] = [mine, `${parktwin.url.state.at}${body}`, performance.now()];
    try {
      const options = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: mine.signal };
      const said = await parktwin.dom.fetchJson(address({ limit: LISTED }), options);
      if (asking !== mine) return;
      [answer, trouble] = [said, null];
    } catch (error) {
      if (asking !== mine || error.name === "AbortError") return;
      trouble = error.code === "invalid_shape" ? "inside.crossed" : "ui.error.inside";
      if (error.code) answer = null;
    }
    asking = null;
    draw();
  }

  const PARTS = [
    ["head", () => el("header", "inside-head", attr(el("h2"), "tabindex", "-1"), el("p", "sub"))],
    ["close", closeButton],
    ["acts", () => el("div", "acts")],
    ["trouble", () => attr(el("p", "empty"), "role", "alert")],
    ["parts", () => el("div", "parts")],
  ];

  function draw() {
    if (!shape || !parktwin.tools.atDesk()) return;
    toggle(parktwin.shell.root(), "drawn", true);
    const [head, , acts, said, parts] = PARTS.map(([name, make]) => part(box(), name, make));
    attr(attr(box(), "role", "region"), "aria-label", parktwin.i18n.say({ key: `inside.title.${shape.kind}` }));
    heading(head);
    actions(acts);
    said.hidden = !trouble;
    say(said, trouble ? { key: trouble } : "");
    attr(box(), "aria-busy", areal() && !answer && !trouble ? "true" : null);
    if (shape.kind === "path") drawPath(parts);
    else drawAnswer(parts);
  }

  function heading(head) {
    say(head.firstChild, { key: `inside.title.${shape.kind}` });
    const { lengthOf, groundOf } = parktwin.drawPaint;
    const { length_m, area_m2 } = parktwin.shapes.measures(shape);
    const size = area_m2 === null ? lengthOf(length_m) : parktwin.i18n.say({ key: "inside.size", args: { area: groundOf(area_m2), length: lengthOf(length_m) } });
    text(head.children[1], size);
    const field = part(head, "radius", radiusField);
    field.hidden = shape.kind !== "circle";
    const input = field.querySelector("input");
    if (shape.kind === "circle" && document.activeElement !== input) input.value = Number(shape.radius_m.toFixed(1));
    say(field.firstChild, { key: "inside.radius" });
    say(part(head, "moment", () => el("p", "moment")), areal() ? moment() : "");
  }

  function moment() {
    const { at } = parktwin.url.state;
    return at ? { key: "inside.then", args: { at: parktwin.i18n.stamp(at) } } : { key: "inside.live" };
  }

  /* The radius to be typed, in metres. */
  function radiusField() {
    const input = Object.assign(el("input"), { type: "number", min: 1, max: parktwin.shapes.MOST_RADIUS_M, step: "any" });
    input.addEventListener("change", () => {
      const radius_m = Number(input.value);
      if (parktwin.shapes.sound({ ...shape, radius_m })) parktwin.drawn.put({ ...shape, radius_m });
      else input.value = Number(shape.radius_m.toFixed(1));
    });
    return el("label", "radius", el("span"), input, "m");
  }

  function closeButton() {
    const button = parktwin.dom.button("close", { key: "tools.clear" }, () => parktwin.drawn.put(null));
    button.append(el("span", "icon", parktwin.icons.svg("close")));
    return button;
  }

  const ACTS = [
    ["csv", areal], ["xlsx", areal],
    ["closed", () => shape.kind === "path" && shape.places.length > 2],
    ["edit", () => true], ["show", () => true], ["link", () => true],
  ];
  const DOES = {
    csv: () => save("csv"), xlsx: () => save("xlsx"),
    closed: () => parktwin.drawn.put({ ...shape, kind: "polygon" }),
    edit: () => parktwin.edit.begin(),
    show: () => parktwin.map.leaflet.fitBounds(parktwin.shapes.bounds(shape), { padding: [80, 80], animate: false }),
    link: () => parktwin.views.copy(window.location.href),
  };

  function actions(node) {
    keyed(node, ACTS.filter(([, fits]) => fits()), ([name]) => name, ([name]) => attr(parktwin.dom.button("chip", null, DOES[name]), "data-act", name), (button, [name]) => {
      say(button, FORMS[name] || { key: `inside.act.${name}` });
    });
  }

  /* The whole list as a file: the shape is too long for an address, so it is posted and the answer handed over. */
  async function save(form) {
    const done = parktwin.strip.wait();
    try {
      const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: question() };
      const said = await fetch(address({ format: form, lang: parktwin.i18n.lang }), options);
      if (!said.ok) throw new Error(said.statusText);
      parktwin.picture.hand(await said.blob(), `within.${form}`);
    } catch (error) {
      window.console.warn(error);
      trouble = "ui.error.inside";
      draw();
    } finally {
      done();
    }
  }

  function drawPath(node) {
    const { ground, drawPaint } = parktwin;
    const { places } = shape;
    const row = (from, to, at) => ({
      key: at, title: { key: "inside.leg", args: { n: at + 1 } }, sub: `${parktwin.i18n.number(ground.bearing(from, to), 0)}°`,
      right: drawPaint.lengthOf(ground.between(from, to)),
    });
    const legs = places.slice(1).map((each, at) => row(places[at], each, at));
    const straight = drawPaint.lengthOf(ground.between(places[0], places[places.length - 1]));
    const facts = { kind: "facts", rows: [
      { label: { key: "inside.length" }, value: drawPaint.lengthOf(ground.along(places)), note: { key: "inside.legs", args: { n: legs.length } } },
      { label: { key: "inside.straight" }, value: straight, note: `${parktwin.i18n.number(ground.bearing(places[0], places[places.length - 1]), 0)}°` },
    ] };
    sections(node, [["facts", facts], ["legs", { kind: "list", rows: legs, total: legs.length }]]);
  }

  function sections(node, all) {
    keyed(node, all, ([key]) => key, () => el("section", "part"), (each, [, content]) => {
      parktwin.panels.titled(each, content, {});
      parktwin.panels.draw(part(each, "body", () => el("div", "part-body")), content, {});
    });
  }

  function drawAnswer(node) {
    if (!answer) return;
    sections(part(node, "people", () => el("div")), [["people", parktwin.insideTold.people(answer)]]);
    const found = [parktwin.insideTold.premises(answer), ...answer.layers.map(parktwin.insideTold.layer)].filter((each) => each.count);
    keyed(part(node, "layers", () => el("div", "inside-layers")), found, (each) => each.key, (each) => makeGroup(each.key), fillGroup);
    const none = part(node, "none", () => el("p", "empty"));
    none.hidden = found.length > 0;
    say(none, { key: "inside.none" });
  }

  /* How many of a kind, the gravest state, and on demand which. */
  function makeGroup(key) {
    const head = parktwin.dom.button("inside-layer", null, () => {
      if (!open.delete(key)) open.add(key);
      draw();
    });
    head.append(el("span", "shape"), el("span", "name"), el("span", "states"), el("b"));
    return el("section", "", attr(head, "data-layer", key), el("div", "part-body"));
  }

  function fillGroup(node, each) {
    const [head, body] = node.children;
    const [sign, name, states, count] = head.children;
    const shown = open.has(each.key);
    attr(head, "aria-expanded", String(shown));
    parktwin.panels.levelShape(sign, each.worst);
    say(name, each.title);
    say(states, each.states);
    text(count, parktwin.i18n.number(each.count, 0));
    body.hidden = !shown;
    if (shown) parktwin.panels.draw(body, each.list(), {});
  }

  function redraw() {
    if (!shape) return;
    clear(box());
    delete box()._parts;
    draw();
  }

  function focus() {
    if (box()._parts) box()._parts.head.firstChild.focus();
  }

  parktwin.inside = { start, redraw, focus, get answer() { return answer; } };
})((window.parktwin = window.parktwin || {}));
