/* The address is the state: screen, moment, language, mode, wall's name, selection, parameters, view, 2-D or 3-D, layers switched. */
(function (parktwin) {
  "use strict";

  const OWN = ["at", "lang", "mode", "wall", "sel", "off", "on", "z", "lat", "lon", "draw", "map", "pitch", "bearing"];
  const WALL_NAME_MAX = 60;
  const DRAWN_MAX = 12000;
  const listeners = new Set();
  let state = read(window.location);

  function words(text) {
    return text ? text.split(",").filter(Boolean) : [];
  }

  function number(text) {
    return text === null || text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
  }

  function read({ pathname, search }) {
    const query = new URLSearchParams(search);
    const params = {};
    query.forEach((value, name) => {
      if (!OWN.includes(name) && value) params[name] = value;
    });
    return {
      path: pathname,
      at: validMoment(query.get("at")),
      lang: query.get("lang") === "en" ? "en" : "zh",
      mode: ["wall", "kiosk"].includes(query.get("mode")) ? query.get("mode") : "desk",
      wall: (query.get("wall") || "").slice(0, WALL_NAME_MAX) || null,
      sel: selection(query.get("sel")),
      off: words(query.get("off")),
      on: words(query.get("on")),
      view: view(number(query.get("z")), number(query.get("lat")), number(query.get("lon"))),
      map: query.get("map") === "3d" ? "3d" : "2d",
      tilt: tilt(number(query.get("pitch")), number(query.get("bearing"))),
      draw: (query.get("draw") || "").slice(0, DRAWN_MAX) || null, // a shape, as later/tools/shapes.js reads it
      params,
    };
  }

  function validMoment(text) {
    return text && Number.isFinite(Date.parse(text)) ? new Date(Date.parse(text)).toISOString().replace(".000Z", "Z") : null;
  }

  function selection(text) {
    const at = text ? text.indexOf(":") : -1;
    return at > 0 ? { layer: text.slice(0, at), id: text.slice(at + 1) } : null;
  }

  function view(z, lat, lon) {
    return z === null || lat === null || lon === null ? null : { z, lat, lon };
  }

  /* How the 3-D map leans and turns, in degrees; null as it does by itself. */
  function tilt(pitch, bearing) {
    return pitch === null && bearing === null ? null : { pitch: Math.min(80, Math.max(0, pitch || 0)), bearing: bearing || 0 };
  }

  function write(next) {
    const query = new URLSearchParams();
    if (next.at) query.set("at", next.at);
    if (next.lang !== "zh") query.set("lang", next.lang);
    if (next.mode !== "desk") query.set("mode", next.mode);
    if (next.wall) query.set("wall", next.wall);
    Object.keys(next.params).sort().forEach((name) => next.params[name] && query.set(name, next.params[name]));
    if (next.sel) query.set("sel", `${next.sel.layer}:${next.sel.id}`);
    if (next.off.length) query.set("off", next.off.join(","));
    if (next.on.length) query.set("on", next.on.join(","));
    if (next.view) {
      query.set("z", next.view.z.toFixed(2));
      query.set("lat", next.view.lat.toFixed(5));
      query.set("lon", next.view.lon.toFixed(5));
    }
    if (next.map === "3d") query.set("map", "3d");
    if (next.map === "3d" && next.tilt) {
      query.set("pitch", next.tilt.pitch.toFixed(0));
      query.set("bearing", next.tilt.bearing.toFixed(0));
    }
    if (next.draw) query.set("draw", next.draw);
    const text = query.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
    return next.path + (text ? `?${text}` : "");
  }

  function tell(before) {
    if (before.path !== state.path) window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    listeners.forEach((listener) => listener(state, before));
  }

  /* Changes part of the state. ``replace``: no step in the history (views, previews). */
  function set(change, options) {
    const before = state;
    const next = { ...state, ...change };
    const address = write(next);
    if (address === write(state)) return;
    state = next;
    if (options && options.replace) window.history.replaceState({}, "", address);
    else window.history.pushState({}, "", address);
    tell(before);
  }

  /* The address of another screen, keeping what belongs to the viewer. */
  function addressOf(screen) {
    const params = Object.fromEntries(screen.params.filter((name) => state.params[name]).map((name) => [name, state.params[name]]));
    return write({ ...state, path: screen.path, params, sel: null });
  }

  function go(screen) {
    const params = Object.fromEntries(screen.params.filter((name) => state.params[name]).map((name) => [name, state.params[name]]));
    set({ path: screen.path, params, sel: null });
  }

  /* What an address says, but as this viewer sees it: in its own mode and language, as its own wall. */
  function visit(address) {
    const { mode, lang, wall } = state;
    set({ ...read(address), mode, lang, wall });
  }

  window.addEventListener("popstate", () => {
    const before = state;
    state = read(window.location);
    listeners.forEach((listener) => listener(state, before));
  });

  parktwin.url = {
    set, go, visit, addressOf,
    get state() { return state; },
    onChange: (listener) => listeners.add(listener),
  };
})((window.parktwin = window.parktwin || {}));
