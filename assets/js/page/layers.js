/* The layer tree: what lies on the map, how many, and a switch for each. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, toggle: toggleClass, keyed, part } = parktwin.dom;

  function box() {
    return parktwin.cid.place("layers");
  }

  function toggle() {
    if (close()) return;
    parktwin.search.close();
    box().append(attr(el("div", "tree"), "role", "group"));
    refresh();
    box().querySelector("input").focus();
  }

  function close() {
    if (!box().firstChild) return false;
    box().replaceChildren();
    return true;
  }

  function groups() {
    const shown = parktwin.scene.shown();
    const names = [...new Set(shown.map((each) => each.spec.group))];
    return names.map((name) => ({ name, layers: shown.filter((each) => each.spec.group === name).reverse() }));
  }

  /* Counts and switches as they are now; nothing while the tree is closed. */
  function refresh() {
    const tree = box() && box().querySelector(".tree");
    if (!tree) return;
    keyed(tree, groups(), (group) => group.name, () => el("section", "", el("h3"), el("div")), (node, group) => {
      say(node.firstChild, { key: `group.${group.name}` });
      keyed(node.lastChild, group.layers, (each) => each.spec.key, makeRow, fillRow);
    });
  }

  function makeRow(features) {
    const input = el("input");
    input.type = "checkbox";
    input.addEventListener("change", () => flip(features.spec, input.checked));
    const row = el("label", "", input, el("span", "swatch"), el("span"), el("span", "count"));
    part(row.children[1], "icon", () => parktwin.icons.svg(symbolOf(features.mark)));
    return row;
  }

  function symbolOf(mark) {
    if (mark.shape !== "point") return mark.shape;
    return mark.symbol === "alarm" ? "triangle" : mark.symbol;
  }

  function fillRow(row, features) {
    const on = parktwin.scene.isOn(features.spec);
    row.firstChild.checked = on;
    say(row.children[2], features.spec.title);
    text(row.lastChild, parktwin.i18n.number(features.count, 0));
    const why = on ? unseen(features.mark) : null;
    toggleClass(row, "hidden-now", why);
    const said = why || (on && parktwin.points.crowded(features) ? "ui.layer.crowded" : null);
    attr(row, "title", said ? parktwin.i18n.say({ key: said }) : null);
  }

  /* Why a layer that is on is not to be seen now, as a phrase. */
  function unseen(mark) {
    if (mark.symbol === "column" && !parktwin.map.inSpace) return "ui.layer.space";
    return parktwin.map.zoomLevel() < mark.min_zoom ? "ui.layer.closer" : null;
  }

  function flip(spec, on) {
    const { off, on: added } = parktwin.url.state;
    const without = (keys) => keys.filter((key) => key !== spec.key);
    if (spec.visible) parktwin.url.set({ off: on ? without(off) : [...without(off), spec.key] }, { replace: true });
    else parktwin.url.set({ on: on ? [...without(added), spec.key] : without(added) }, { replace: true });
  }

  parktwin.layers = { toggle, close, refresh, redraw: refresh };
})((window.parktwin = window.parktwin || {}));
