/* What lies above everything in the 3-D map: what is at risk, words, and the ring round what is selected. */
(function (parktwin) {
  "use strict";

  const GROUP_PX = 9;
  const RING_PX = 15;
  let made = { risks: [], poles: [], layers: [] };

  /* For the view as it is now. */
  function make() {
    const view = parktwin.deckView.viewport();
    const box = parktwin.deckView.size();
    const project = (lon, lat, z) => {
      const [x, y] = view.project([lon, lat, z]);
      return x > 0 && y > 0 && x < box.width && y < box.height ? [x, y] : null;
    };
    const held = parktwin.deckWords.room();
    const risks = standing([...alone(), ...grouped()], project, held);
    const poles = parktwin.deckWords.tags(risks.filter((one) => one.row), project, held, parktwin.deckView.metres());
    const names = [...parktwin.deckWords.counts(risks.filter((one) => one.count)), ...parktwin.deckWords.names(project, held)];
    const marks = parktwin.deckBulk.layer("marks", { id: "risks", ...parktwin.deckSigns.risks(risks) });
    made = { risks, poles, layers: [marks, ...parktwin.deckWords.layers(names, poles), ring()].filter(Boolean) };
  }

  function alone() {
    const { isRisk, px } = parktwin.palette;
    return parktwin.scene.alarmed().flatMap((features) => features.rows.flatMap((row, at) => {
      if (!row || !isRisk(row.state)) return [];
      const alarm = features.mark.symbol === "alarm";
      const radius = px(alarm ? features.mark.size_px * (row.tag ? 0.75 : 0.6) : Math.max(4, features.mark.size_px));
      return [{ features, at, row, state: row.state, radius, halo: alarm && Boolean(row.tag) }];
    }));
  }

  /* From afar one mark for each enterprise. */
  function grouped() {
    return parktwin.scene.grouped().map((one) => ({ ...one, radius: parktwin.palette.px(GROUP_PX), halo: false }));
  }

  /* Each where it stands, the worst last so that it lies on top. */
  function standing(found, project, held) {
    const { rank } = parktwin.palette;
    const told = (one) => Boolean(one.row && one.row.tag);
    return found.sort((a, b) => rank(a.state) - rank(b.state) || told(a) - told(b)).map((one) => {
      const [lon, lat] = [one.features.lon[one.at], one.features.lat[one.at]];
      const z = parktwin.deckRelief.height(lon, lat);
      const place = project(lon, lat, z);
      if (place) held.hold([place[0] - one.radius, place[1] - one.radius, place[0] + one.radius, place[1] + one.radius]);
      return { ...one, lon, lat, z };
    });
  }

  function ring() {
    const one = parktwin.scene.selection;
    if (!one) return null;
    return new window.deck.ScatterplotLayer({
      id: "selection", data: [one], parameters: parktwin.deckPaint.OVER, billboard: true, filled: false, stroked: true, radiusUnits: "pixels", lineWidthUnits: "pixels",
      getPosition: ({ lon, lat }) => [lon, lat, parktwin.deckRelief.height(lon, lat)],
      getRadius: parktwin.palette.px(RING_PX), getLineWidth: parktwin.palette.px(1.5), getLineColor: parktwin.deckPaint.rgb("ink"),
    });
  }

  parktwin.deckAbove = { make, layers: () => made.layers, get risks() { return made.risks; }, get poles() { return made.poles; } };
})((window.parktwin = window.parktwin || {}));
