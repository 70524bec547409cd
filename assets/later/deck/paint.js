/* Colours and light of the 3-D map: those of the 2-D one as numbers. */
(function (parktwin) {
  "use strict";

  const known = new Map();

  /* A colour of the style sheet, or one written as CSS writes it, as [red, green, blue, opacity] of 0 … 255. */
  function rgb(said, opacity = 1) {
    const css = /^[#r]/.test(said) && !/^r[a-z]+$/.test(said) ? said : parktwin.palette.colour(said);
    if (!known.has(css)) known.set(css, parsed(css));
    const [red, green, blue] = known.get(css);
    return [red, green, blue, Math.round(255 * opacity)];
  }

  function parsed(css) {
    if (css.startsWith("#")) return [1, 3, 5].map((at) => parseInt(css.slice(at, at + 2), 16));
    return css.match(/[\d.]+/g).slice(0, 3).map(Number);
  }

  function mix(one, other, share) {
    return one.map((each, at) => each + (other[at] - each) * share);
  }

  /* The colour of a state: its risk, grey where it is silent, else what it is at rest. */
  function ofState(state, rest) {
    if (parktwin.palette.isRisk(state)) return rgb(state);
    return ["offline", "stale", "nodata"].includes(state) ? rgb("off", 0.75) : rest;
  }

  /* How light a face is that looks this way: tops are as the style sheet has them, sides darker, nothing shines. */
  function facing(x, y, up = 0) {
    const length = Math.hypot(x, y, up) || 1;
    return Math.min(1, 0.62 + (0.2 * (-0.6 * x - 0.8 * y) + 0.38 * Math.max(0, up)) / length);
  }

  /* How things are painted over each other. What is not translucent is not mixed with what was there, which costs. */
  const UNDER = { depthCompare: "always", depthWriteEnabled: false }; // lies on the ground: in its order
  const OVER = UNDER; // never hidden behind anything
  const SOLID = { depthCompare: "less-equal", depthWriteEnabled: true, blend: false };

  function under([, , , opacity]) {
    return opacity === 255 ? { ...UNDER, blend: false } : UNDER;
  }

  let fading = null;

  /* A disc that fades towards its rim; where discs meet, the brighter one is seen. Made when deck.gl has come. */
  function soft() {
    if (fading) return fading;
    class Soft extends window.deck.LayerExtension {
      getShaders() {
        return { inject: { "fs:DECKGL_FILTER_COLOR": "float near = 1.0 - length(geometry.uv); color.rgb *= color.a * near * near; color.a = 1.0;" } };
      }
    }
    Soft.extensionName = "Soft";
    fading = new Soft();
    return fading;
  }

  parktwin.deckPaint = { rgb, mix, ofState, facing, soft, under, UNDER, OVER, SOLID };
})((window.parktwin = window.parktwin || {}));
