/* Our own symbols: one sprite for the page's icons and for the marks on the map. */
(function (parktwin) {
  "use strict";

  const symbols = new Map();

  async function load(address) {
    const answer = await fetch(address);
    const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
    sprite.querySelectorAll("symbol").forEach((each) => {
      const box = each.getAttribute("viewBox").split(" ").map(Number);
      const paths = [...each.querySelectorAll("path")].map((path) => path.getAttribute("d"));
      symbols.set(each.id, { size: box[2], paths });
    });
    fill(document);
  }

  function svg(name) {
    const found = symbols.get(name) || symbols.get("dot") || { size: 16, paths: [] };
    const shape = { fill: "none", stroke: "currentColor", "stroke-width": found.size / 12, "stroke-linejoin": "round", "stroke-linecap": "round" };
    const paths = found.paths.map((d) => parktwin.dom.svg("path", { d }));
    return parktwin.dom.svg("svg", { viewBox: `0 0 ${found.size} ${found.size}`, "aria-hidden": "true", ...shape }, ...paths);
  }

  function fill(root) {
    root.querySelectorAll("[data-icon]:empty").forEach((each) => each.append(svg(each.dataset.icon)));
  }

  function path(name) {
    const found = symbols.get(name) || symbols.get("dot");
    return found ? { size: found.size, path: new Path2D(found.paths.join(" ")) } : null;
  }

  const LEVELS = {
    red: "M8 1L15 8 8 15 1 8z",
    orange: "M8 1.500L15.200 14.300H.800z",
    yellow: "M2 2h12v12H2z",
    blue: "M8 2.200a5.800 5.800 0 1 0 .01 0z",
    off: "M8 3.500a4.500 4.500 0 1 0 .01 0z",
  };

  /* The level's shape: diamond, triangle, square, open circle. */
  function level(colour) {
    const d = LEVELS[colour] || LEVELS.off;
    const open = colour === "blue" || colour === "off";
    const paint = open ? { fill: "none", stroke: "currentColor", "stroke-width": 2.6 } : { fill: "currentColor" };
    return parktwin.dom.svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, parktwin.dom.svg("path", { d, ...paint }));
  }

  parktwin.icons = { load, svg, fill, path, level, LEVELS };
})((window.parktwin = window.parktwin || {}));
