/* All deck.gl layers of the 3-D map, the lowest first: those of the map's layers, and what lies above everything. Only what has changed is made anew. */
(function (parktwin) {
  "use strict";

  const FEW = 400; // changed things up to which only these are told to the graphics system
  const BODY_ZOOM = 15.5; // from here on a round body is itself, before it is a mark
  const RANK = { ground: 0, edge: 0, line: 0, heat: 1, walls: 2, roof: 2, eaves: 2, built: 2, round: 2, column: 3, mark: 4 };
  const FIRM = ["column", "mark"]; // what stands where the ground is, or is drawn for a zoom
  const LIVING = ["column", "heat", "mark", "round"]; // what frames change
  const made = new Map(); // id of a part -> { layer, version, visible, of }
  const stale = new Map(); // key of a layer -> numbers of what changed, null: all of it
  let firm = true; // the ground or the zoom is another: what stands on it stands anew
  let above = true; // what lies above everything is to be made anew

  /* All of a layer has changed (``changed`` null), or some of it; whether that is anything. */
  function touch(key, changed) {
    const before = stale.get(key);
    if (changed === null || before === null) stale.set(key, null);
    else if (changed.length) stale.set(key, new Set([...(before || []), ...changed]));
    else return false;
    return true;
  }

  function news() {
    above = true;
  }

  function everything() {
    above = true;
    firm = true;
  }

  /* Whether bodies are large enough to be seen. */
  function near() {
    return parktwin.map.zoomLevel() >= BODY_ZOOM;
  }

  function layers() {
    const shown = parktwin.scene.shown();
    const seen = new Set(parktwin.scene.seen());
    if (firm) {
      parktwin.deckSigns.make(shown);
      parktwin.deckRelief.rebuild([...seen]);
    }
    const parts = shown.flatMap((features) => partsOf(features, seen.has(features)));
    parts.sort((a, b) => a.rank - b.rank);
    if (above) parktwin.deckAbove.make();
    stale.clear();
    firm = false;
    above = false;
    return [...parts.map(({ layer }) => layer), ...parktwin.deckAbove.layers()];
  }

  function partsOf(features, visible) {
    const { key } = features.spec;
    if (!features.id.length && !features.spec.moving) return [];
    return parktwin.shell.config.deck[key].flatMap((spec) => {
      const other = (spec.role === "round" && !near()) || (spec.role === "mark" && near() && features.mark.width_by);
      const layer = part(`${key}-${spec.role}`, features, spec, visible && !other);
      return layer ? [{ rank: RANK[spec.role], layer }] : [];
    });
  }

  function part(id, features, spec, visible) {
    const before = made.get(id);
    if (!before && !visible) return null;
    const other = !before || before.visible !== visible || before.of !== features.id;
    const stands = firm && FIRM.includes(spec.role);
    const lives = stale.has(features.spec.key) && LIVING.includes(spec.role);
    if (!other && !stands && !lives) return before.layer;
    const version = before ? before.version + 1 : 0;
    const layer = build(id, features, spec, { visible, version, moved: other || stands });
    made.set(id, { layer, version, visible, of: features.id });
    return layer;
  }

  function build(id, features, { "@@type": type, ...spec }, { visible, version, moved }) {
    const { role, dash, ...fixed } = spec;
    const places = stale.get(features.spec.key);
    const changed = places && places.size <= FEW && !moved ? [...places] : null;
    const maker = { mark: parktwin.deckSigns.mark, round: parktwin.deckBodies.round }[role] || parktwin.deckParts[role];
    const props = { id, visible, ...fixed, ...maker(features, spec, version, changed, moved) };
    return window.deck[type] ? new window.deck[type](props) : parktwin.deckBulk.layer(type, props);
  }

  /* The graphics system has gone, and all layers with it. */
  function forget() {
    made.clear();
    parktwin.deckSigns.forget();
    everything();
  }

  parktwin.deckScene = { layers, touch, news, everything, near, forget, get empty() { return !made.size; } };
})((window.parktwin = window.parktwin || {}));
