/* What lies under a pixel of the 3-D map, reckoned without asking the graphics system: words and risks, marks, bodies, ground. */
(function (parktwin) {
  "use strict";

  const NEAR_PX = 9;
  const ON_BODY_PX = 1; // a mark that stands on a tank takes no more of the tank than it covers
  const LINE_PX = 5;

  function hit(point) {
    const viewport = parktwin.deckView.viewport();
    const above = tagged(point, viewport) || risk(point, viewport);
    if (above) return above;
    const met = body(point, viewport);
    const reach = met && met.features.mark.width_by ? ON_BODY_PX : NEAR_PX;
    return mark(point, reach, viewport) || met || flat(point, viewport);
  }

  function tagged({ x, y }, viewport) {
    return [...parktwin.deckAbove.poles].reverse().find((one) => {
      const [px, py] = viewport.project([one.lon, one.lat, one.top]);
      return Math.abs(x - px) <= one.half && Math.abs(y - (py - one.lift)) <= one.high / 2;
    }) || null;
  }

  function risk({ x, y }, viewport) {
    return [...parktwin.deckAbove.risks].reverse().find((one) => {
      const [px, py] = viewport.project([one.lon, one.lat, one.z]);
      return Math.hypot(px - x, py - y) <= one.radius + 2;
    }) || null;
  }

  /* The nearest quiet mark within reach. */
  function mark({ x, y }, reach, viewport) {
    const [lon, lat] = viewport.unproject([x, y]);
    const around = 80 * parktwin.deckView.metres() + 60; // metres; a mark may stand on a roof
    const [east, north] = parktwin.deckRelief.degrees(lat).map((each) => each * around);
    let best = null;
    parktwin.scene.marks().forEach((features) => {
      const half = parktwin.deckSigns.radius(features.mark) * parktwin.points.nearness(features.count);
      const hushed = parktwin.points.crowded(features);
      for (let at = 0; at < features.id.length; at += 1) {
        if (hushed && features.state(at) === features.base) continue;
        if (Math.abs(features.lon[at] - lon) > east || Math.abs(features.lat[at] - lat) > north) continue;
        const away = distance(features, at, x, y, viewport) - half;
        if (away <= reach && (!best || away < best.away)) best = { features, at, away };
      }
    });
    return best;
  }

  function distance(features, at, x, y, viewport) {
    const [lon, lat] = [features.lon[at], features.lat[at]];
    const [px, py] = viewport.project([lon, lat, parktwin.deckRelief.height(lon, lat)]);
    return Math.hypot(px - x, py - y);
  }

  function body({ x, y }, viewport) {
    const met = parktwin.deckRelief.met((metres) => viewport.unproject([x, y], { targetZ: metres }));
    return met && met.features.spec.picks ? met : null;
  }

  function flat({ x, y }, viewport) {
    const [lon, lat] = viewport.unproject([x, y]);
    const reach = LINE_PX * parktwin.deckView.metres() * parktwin.deckRelief.degrees(lat)[1];
    for (const features of parktwin.scene.flat().filter((each) => each.spec.picks).reverse()) {
      const at = parktwin.areas.hit(features, lon, lat, features.mark.shape === "line" ? reach : 0);
      if (at >= 0) return { features, at };
    }
    return null;
  }

  parktwin.deckLook = { hit };
})((window.parktwin = window.parktwin || {}));
