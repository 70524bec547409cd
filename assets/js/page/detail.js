/* What was picked: the number, the trend, where it comes from, what one can do. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, keyed, part, clear } = parktwin.dom;
  const CONTEXT = { screen: "detail", panel: "detail" }; // whose figures its numbers are
  let picked = null; // what the page shows or waits for, as text
  let content = null;
  let located = false; // what is picked now
  let still = false; // the address has said where to look

  function box() {
    return parktwin.cid.place("detail");
  }

  function wanted() {
    const { sel, at } = parktwin.url.state;
    return sel ? { layer: sel.layer, id: sel.id, at } : null;
  }

  /* The address changed: ask for what it selects, and only once. */
  function refresh(state, before) {
    const next = wanted();
    const said = JSON.stringify(next);
    if (said === picked) return;
    const other = !same(next);
    picked = said;
    parktwin.map.select(next);
    if (other) parktwin.live.leave("detail");
    if (!next) {
      close();
      return;
    }
    if (other) waiting(next);
    if (other) still = sentWith(state, before);
    parktwin.cid.store("pick", next);
    if (next.at) parktwin.live.leave("detail");
    else parktwin.live.watch("detail", { layer: next.layer, id: next.id }, (frame) => !frame.error && frame.panels.detail && show(frame.panels.detail));
  }

  /* An address that says where to look is shown from there, also when what it selects lies elsewhere. */
  function sentWith(state, before) {
    const { view } = state;
    return Boolean(view) && JSON.stringify(view) !== JSON.stringify(before ? before.view : null);
  }

  function same(next) {
    const before = picked ? JSON.parse(picked) : null;
    return Boolean(next && before && next.layer === before.layer && next.id === before.id);
  }

  function close() {
    content = null;
    clear(box());
    delete box()._parts;
    parktwin.dom.toggle(parktwin.shell.root(), "detailed", false);
  }

  function waiting(next) {
    close();
    frame();
    say(box()._parts.title, next.id);
    attr(box(), "aria-busy", "true");
    located = false;
  }

  function frame() {
    parktwin.dom.toggle(parktwin.shell.root(), "detailed", true);
    const crumbs = part(box(), "crumbs", () => el("nav", "crumbs"));
    part(box(), "close", closeButton);
    part(box(), "title", () => el("h2"));
    part(box(), "parts", () => el("div", "parts"));
    part(box(), "acts", () => el("div", "acts"));
    return crumbs;
  }

  function closeButton() {
    const button = parktwin.dom.button("close", { key: "ui.close" }, () => parktwin.url.set({ sel: null }));
    button.append(el("span", "icon", parktwin.icons.svg("close")));
    return button;
  }

  /* The answer of the pick callback; one that was overtaken by another click is passed over. */
  function answered(said) {
    const now = wanted();
    const { layer, id, at } = said.picked;
    if (!now || now.layer !== layer || now.id !== id || now.at !== (at || null)) return;
    if (said.content.error) failed();
    else show(said.content);
  }

  function failed() {
    frame();
    attr(box(), "aria-busy", null);
    say(box()._parts.title, { key: "ui.error.detail" });
  }

  function show(said) {
    content = said;
    const crumbs = frame();
    attr(box(), "aria-busy", null);
    attr(box(), "aria-label", parktwin.i18n.say(said.title));
    keyed(crumbs, said.crumbs, (_, index) => index, () => el("span", "", el("button")), (node, one, index) => crumb(node, one, index, said.crumbs.length));
    const numbered = said.parts[0] && said.parts[0].kind === "figure" && said.parts[0].form === "big";
    box()._parts.title.hidden = Boolean(numbered);
    say(parktwin.explain.mark(box()._parts.title, CONTEXT, "title"), said.title);
    parktwin.explain.plate(box(), CONTEXT);
    keyed(box()._parts.parts, said.parts, (one, index) => `${index}${one.kind}${one.form || ""}${one.point || ""}`, () => el("section", "part"), drawPart);
    acts(said.actions);
    parktwin.acting.show(box(), said.alarm || null);
    if (said.place && !located) locate(said.place);
  }

  function drawPart(node, one, index) {
    const context = parktwin.explain.inside(CONTEXT, "parts", index);
    parktwin.panels.titled(node, one, context);
    parktwin.panels.draw(part(node, "body", () => el("div", "part-body")), one, context);
  }

  function crumb(node, one, index, count) {
    const [button] = node.children;
    say(button, one.text);
    parktwin.actions.bind(button, index < count - 1 ? parktwin.actions.of(one) : null);
    button.disabled = index === count - 1 || !one.pick;
    if (index < count - 1 && node.childNodes.length === 1) node.append(" ›");
  }

  function acts(actions) {
    const desk = parktwin.url.state.mode === "desk";
    const may = actions.filter((one) => !one.ask || (desk && parktwin.people.may(one)));
    keyed(box()._parts.acts, may, (one) => one.key + (one.href ? "+" : ""), (one) => el(one.href ? "a" : "button", "act-button"), (node, one) => {
      say(node, one.label);
      if (one.href) {
        attr(node, "href", parktwin.panels.safeAddress(one.href));
        attr(node, "download", one.key === "export" ? "" : null);
      }
      parktwin.actions.bind(node, one.href ? null : parktwin.actions.of(one));
    });
  }

  function locate(place) {
    located = true;
    parktwin.map.selectPlace(place);
    if (!still && !parktwin.map.sees(place)) parktwin.map.flyTo({ ...place, zoom: Math.min(place.zoom, Math.max(parktwin.map.view().z, 15)) });
  }

  /* Something selected may have moved, or may only now be on the map. */
  function moved() {
    if (content && content.place) parktwin.map.selectPlace(content.place);
  }

  function redraw() {
    if (content) {
      const said = content;
      close();
      show(said);
    }
  }

  parktwin.url.onChange(refresh);
  parktwin.detail = { answered, refresh, redraw, moved, get content() { return content; } };
})((window.parktwin = window.parktwin || {}));
