/* The parts of a map layer as deck.gl layers: ground, edges, lines, walls and roofs, columns, heat. */
(function (parktwin) {
  "use strict";

  const paint = () => parktwin.deckPaint; // these scripts come in any order
  const bulk = () => parktwin.deckBulk;
  const COLUMN_PX = 56; // height at the limit
  const COLUMN_SIDES = 8;
  const HEAT_M = 120;

  /* A Leaflet style said in deck.gl's words. */
  function lookOf(mark) {
    const style = parktwin.areas.style(mark);
    const line = paint().rgb(style.color, style.opacity);
    const plain = typeof style.fillColor === "string"; // else a pattern of lines
    return { line, fill: plain ? paint().rgb(style.fillColor, style.fillOpacity) : line, width: style.weight, hatched: Boolean(style.fill && !plain) };
  }

  /* One piece for each ring that is not a hole of the ring before: several parts of one feature lie side by side. */
  function pieces(features) {
    return features.rings.flatMap((rings, at) => bundled(rings).map((polygon) => ({ at, polygon })));
  }

  function bundled(rings) {
    const bundles = [];
    rings.forEach((ring) => {
      const around = bundles.find(([outer]) => parktwin.areas.inside(outer, ...ring[0]));
      if (around) around.push(ring);
      else bundles.push([ring]);
    });
    return bundles;
  }

  function lifted(ring, height) {
    return ring.map(([lon, lat]) => [lon, lat, height]);
  }

  function ground(features) {
    const { fill, hatched } = lookOf(features.mark);
    return { data: pieces(features), getPolygon: ({ polygon }) => polygon, getFillColor: fill, hatched, parameters: paint().under(fill) };
  }

  function outlines(features, { dash }, height, colour) {
    const look = lookOf(features.mark);
    const paths = features.rings.flatMap((rings, at) => rings.map((ring) => ({ path: lifted(ring, height(at)), colour: colour || look.line })));
    return { mesh: bulk().lines(paths), width: look.width, dash: (dash || [0, 0]).map(parktwin.palette.px) };
  }

  function edge(features, spec) {
    return { ...outlines(features, spec, () => 0), parameters: paint().UNDER };
  }

  /* A line as high as it is built. */
  function built(features, spec) {
    return { ...outlines(features, spec, (at) => features.height_m[at] || 0), parameters: paint().SOLID };
  }

  function walls(features) {
    const colour = lookOf(features.mark).fill;
    const rings = features.rings.flatMap((each, at) => each.map((ring) => ({ ring, height: features.height_m[at] || 0, colour })));
    return { mesh: bulk().walls(rings), parameters: paint().SOLID };
  }

  function roof(features) {
    const raised = pieces(features).map(({ at, polygon }) => polygon.map((ring) => lifted(ring, features.height_m[at] || 0)));
    return { data: raised, getPolygon: (polygon) => polygon, getFillColor: lookOf(features.mark).fill, parameters: paint().SOLID };
  }

  /* The upper edges, a hand's breadth above the roof so that they are not lost in it. */
  function eaves(features, spec) {
    const colour = paint().mix(paint().rgb("plot-line"), paint().rgb("tone2"), 0.35);
    return { ...outlines(features, spec, (at) => (features.height_m[at] || 0) + 0.15, colour), width: parktwin.palette.px(0.9), parameters: paint().SOLID };
  }

  /* What of a layer has a share to be shown. */
  function shares(features) {
    const said = features.mark.column_by;
    return features.rows.flatMap((row, at) => (row && row[said] > 0 ? [{ at, share: row[said], state: row.state }] : []));
  }

  /* Columns as wide and high on the screen wherever one stands, on what is built there. */
  function column(features) {
    const metres = parktwin.deckView.metres();
    const [wide, high] = [parktwin.palette.px(2.6) * metres, parktwin.palette.px(COLUMN_PX) * metres];
    return { mesh: parktwin.deckBodies.posts(shares(features).map(({ at, share, state }) => {
      const [lon, lat] = [features.lon[at], features.lat[at]];
      return { lon, lat, foot: parktwin.deckRelief.height(lon, lat), radius: wide, height: share * high, colour: paint().ofState(state, paint().rgb("tone1")) };
    }), COLUMN_SIDES), parameters: paint().SOLID };
  }

  function heat(features) {
    return {
      data: shares(features), getRadius: HEAT_M, radiusMaxPixels: parktwin.palette.px(72), extensions: [paint().soft()],
      getPosition: ({ at }) => [features.lon[at], features.lat[at]],
      getFillColor: ({ share, state }) => [...paint().ofState(state, paint().rgb("tone1")).slice(0, 3), 255 * Math.min(0.75, share * 0.6)],
      parameters: { ...paint().UNDER, blend: true, blendColorOperation: "max", blendAlphaOperation: "max" },
    };
  }

  parktwin.deckParts = { ground, edge, line: edge, built, walls, roof, eaves, column, heat };
})((window.parktwin = window.parktwin || {}));
