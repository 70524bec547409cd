/* What lies on the map, whichever way it is drawn: the screen's layers, what is switched on, what has a name, what is selected. */
(function (parktwin) {
  "use strict";

  const GROUP_ZOOM = 13; // below it one mark stands for an enterprise
  const MADE_OF_ALL = ["alarm", "column"]; // symbols that are no mark of their own among the quiet ones
  const layers = new Map(); // key -> Features, of every layer ever shown
  const statics = new Map();
  let config = null;
  let present = []; // keys of the screen's layers, lowest first
  let selection = null;
  let complete = false; // everything that does not move has come

  /* Before there is a map: begin to fetch what the first screen shows. */
  function prepare(said, keys) {
    config = said;
    config.layers.forEach((spec) => layers.set(spec.key, new parktwin.features.Features(spec)));
    keys.forEach((key) => fetchStatic(layers.get(key)));
  }

  const breath = () => new Promise((resolve) => setTimeout(resolve));

  /* The screen's layers: fetch what does not move, in parallel, and have it laid down from the lowest up. */
  async function show(keys, lay) {
    const wanted = config.layers.filter((spec) => keys.includes(spec.key)).map((spec) => spec.key);
    present = wanted;
    complete = false;
    const fetched = wanted.map((key) => [key, fetchStatic(layers.get(key))]);
    for (const [key, coming] of fetched) {
      await coming;
      if (present !== wanted) return;
      lay(key);
      await breath(); // a layer is a task, so that none is long
    }
    complete = true;
  }

  function fetchStatic(features) {
    const address = features.spec.static;
    if (!address) return Promise.resolve();
    if (!statics.has(address)) statics.set(address, parktwin.dom.fetchJson(address).then((columns) => features.load(columns)));
    return statics.get(address);
  }

  function isOn(spec) {
    const { off, on } = parktwin.url.state;
    return spec.visible ? !off.includes(spec.key) : on.includes(spec.key);
  }

  /* All layers of the screen, lowest first. */
  function shown() {
    return present.map((key) => layers.get(key));
  }

  /* Those to be seen at the map's zoom: switched on, and near enough. */
  function seen() {
    const zoom = parktwin.map.zoomLevel();
    return shown().filter((each) => isOn(each.spec) && zoom >= each.mark.min_zoom);
  }

  function points() {
    return seen().filter((each) => each.mark.shape === "point" && each.mark.symbol !== "column");
  }

  /* Layers whose features are a quiet mark each. */
  function marks() {
    return points().filter((each) => !MADE_OF_ALL.includes(each.mark.symbol));
  }

  function flat() {
    return seen().filter((each) => each.mark.shape !== "point");
  }

  /* From afar an alarm of an enterprise is told by the enterprise's mark. */
  function alarmed() {
    if (parktwin.map.zoomLevel() >= GROUP_ZOOM) return points();
    const owners = layers.get("enterprises");
    return points().map((each) => (each.mark.symbol === "alarm" && owners ? without(each, owners) : each));
  }

  function without(features, owners) {
    const rows = features.rows.map((row) => (row && owners.index.has(row.owner) ? null : row));
    return Object.assign(Object.create(Object.getPrototypeOf(features)), features, { rows });
  }

  function labelled() {
    const zoom = parktwin.map.zoomLevel();
    const named = [...flat(), ...points()].filter((each) => each.mark.label && zoom >= each.mark.label_zoom);
    return named.sort((a, b) => (b.spec.key === "enterprises") - (a.spec.key === "enterprises") || a.mark.label_zoom - b.mark.label_zoom);
  }

  function grouped() {
    const owners = layers.get("enterprises");
    if (parktwin.map.zoomLevel() >= GROUP_ZOOM || !owners || !present.includes("enterprises")) return [];
    return owners.rows.flatMap((row, at) => (row && parktwin.palette.isRisk(row.state)
      ? [{ features: owners, at, wx: owners.wx[at], wy: owners.wy[at], state: row.state, count: row.badge || 1 }] : []));
  }

  const LEGAL = /(股份有限公司|有限责任公司|有限公司|\s*(Co\.?,?\s*Ltd\.?|Inc\.?|LLC|Ltd\.?|Corp\.?|Limited))\s*$/i;

  function shortName(features, at) {
    return features.name(at).replace(LEGAL, "").replace(/,$/, "");
  }

  /* What is wrong where a mark is at risk; the level's letter stands beside its colour. */
  function tag(row) {
    return [row.badge, parktwin.i18n.say(row.tag)].filter(Boolean).join(" ");
  }

  function select(picked) {
    const features = picked && layers.get(picked.layer);
    const at = features ? features.index.get(picked.id) : undefined;
    selectPlace(at === undefined ? null : { lon: features.lon[at], lat: features.lat[at] });
  }

  function selectPlace(place) {
    if (!place) {
      selection = null;
      return;
    }
    const [wx, wy] = parktwin.features.world(place.lon, place.lat);
    selection = { wx, wy, lon: place.lon, lat: place.lat };
  }

  parktwin.scene = {
    prepare, show, isOn, shown, marks, flat, alarmed, labelled, grouped, shortName, tag, select, selectPlace, seen,
    get layers() { return layers; },
    get config() { return config; },
    get selection() { return selection; },
    get complete() { return complete; },
  };
})((window.parktwin = window.parktwin || {}));
