/* Colours and sizes as the style sheet has them, for everything that is drawn on canvas. */
(function (parktwin) {
  "use strict";

  const known = new Map();

  function colour(name) {
    if (!known.has(name)) {
      known.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
    }
    return known.get(name);
  }

  function rem() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  /* Pixels of the design (1920 wide) on this screen. */
  function px(size) {
    return (size * rem()) / 16;
  }

  const AREAS = {
    ground: ["ground", "hair"], land: ["land", "hair2"], plot: ["plot", "plot-line"], unit: ["unit", "plot-line"],
    road: ["road", "road"], water: ["water", "water"], target: ["unit", "tone2"], plan: ["unit", "tone2"], line: ["unit", "tone2"],
  };
  const MARKS = { line: "tone1", unit: "tone2", plan: "mark", target: "tone1", road: "road", water: "tone2", plot: "plot-line" };
  const RISKS = ["blue", "yellow", "orange", "red"];

  parktwin.palette = {
    colour, rem, px, RISKS,
    area: (tone) => (AREAS[tone] || AREAS.unit).map(colour),
    mark: (tone) => colour(MARKS[tone] || "mark"),
    isRisk: (state) => RISKS.includes(state),
    rank: (state) => RISKS.indexOf(state) + 1,
  };
})((window.parktwin = window.parktwin || {}));
