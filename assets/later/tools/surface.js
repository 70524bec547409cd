/* What shapes are painted on: a sheet that lies on the flat map, or a canvas over the 3-D one, whichever is seen. */
(function (parktwin) {
  "use strict";

  const FAR = 20; // screens: what the 3-D map would put farther off than this lies behind the eye
  let map = null;
  let sheet = null;
  let canvas = null; // over the 3-D map
  let seen = ""; // the view for which that was painted

  /* ``again`` is called when all has to be painted anew. */
  function start(leaflet, again) {
    map = leaflet;
    map.createPane("pt-draw").style.zIndex = 540;
    sheet = new parktwin.sheet.Sheet(map, "pt-draw");
    map.on("zoomanim", ({ center, zoom }) => sheet.follow(center, zoom));
    map.on("viewreset zoom", () => sheet.followMap());
    map.on("moveend zoomend resize", again);
    new MutationObserver(() => {
      again();
      if (parktwin.map.inSpace) follow(again);
    }).observe(parktwin.shell.root(), { attributeFilter: ["class"] });
  }

  /* The 3-D map moves by itself: each picture of it is looked at. */
  function follow(again) {
    if (!parktwin.map.inSpace) return;
    const { longitude, latitude, zoom, pitch, bearing, width, height } = parktwin.deckView.viewport();
    const view = [longitude, latitude, zoom, pitch, bearing, width, height].join();
    if (view !== seen) again();
    requestAnimationFrame(() => follow(again));
  }

  /* Clears what is seen; from now on ``pen`` paints at ``project([lon, lat])``, null where that is behind the eye. */
  function begin() {
    return parktwin.map.inSpace ? beginSpace() : beginFlat();
  }

  function beginFlat() {
    sheet.begin();
    sheet.followMap();
    const project = ([lon, lat]) => {
      const [wx, wy] = parktwin.features.world(lon, lat);
      return [sheet.x(wx), sheet.y(wy)];
    };
    return { pen: sheet.pen, project };
  }

  function beginSpace() {
    const view = parktwin.deckView.viewport();
    const { width, height } = view;
    seen = [view.longitude, view.latitude, view.zoom, view.pitch, view.bearing, width, height].join();
    if (!canvas) canvas = parktwin.dom.el("canvas", "space-drawn");
    if (!canvas.isConnected) parktwin.cid.place("space").append(canvas); // the 3-D map clears its place when it is given up
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [width * ratio, height * ratio].map(Math.round);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const project = ([lon, lat]) => {
      const at = view.project([lon, lat]);
      return at.slice(0, 2).every((each) => Math.abs(each) < FAR * Math.max(width, height)) ? at.slice(0, 2) : null;
    };
    return { pen, project };
  }

  parktwin.surface = { start, begin, get painted() { return Boolean(sheet && sheet.size); }, get canvas() { return canvas; } };
})((window.parktwin = window.parktwin || {}));
