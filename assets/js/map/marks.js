/* Marks on the map, each drawn once into a small picture: quiet symbols, and the shapes of the levels. */
(function (parktwin) {
  "use strict";

  const sprites = new Map();
  const { LEVELS } = parktwin.icons;

  function blank(half) {
    const ratio = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(2 * half * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.translate(half, half);
    return { canvas, pen, half };
  }

  function cached(key, make) {
    if (!sprites.has(key)) sprites.set(key, make());
    return sprites.get(key);
  }

  /* Paints a symbol of the sprite round the origin, ``radius`` being half its width. */
  function trace(pen, symbol, radius, style) {
    const found = parktwin.icons.path(symbol);
    if (!found) return;
    const scale = (2 * radius) / found.size;
    pen.save();
    pen.scale(scale, scale);
    pen.translate(-found.size / 2, -found.size / 2);
    if (style.fill) {
      pen.fillStyle = style.fill;
      pen.fill(found.path);
    }
    if (style.stroke) {
      pen.strokeStyle = style.stroke;
      pen.lineWidth = style.width / scale;
      pen.setLineDash((style.dash || []).map((each) => each / scale));
      pen.lineJoin = "round";
      pen.stroke(found.path);
    }
    pen.restore();
  }

  const QUIET = {
    offline: () => ({ stroke: parktwin.palette.colour("off"), width: 1 }),
    nodata: () => ({ stroke: parktwin.palette.colour("tone3"), width: 1 }),
    stale: () => ({ stroke: parktwin.palette.colour("off"), width: 1, dash: [2, 1.5] }),
    repair: () => ({ stroke: parktwin.palette.colour("ink2"), width: 1 }),
  };

  function quietStyle(mark, state) {
    if (QUIET[state]) return QUIET[state]();
    const colour = parktwin.palette.mark(mark.tone);
    if (mark.symbol === "dot") return { fill: parktwin.palette.colour("mark") };
    if (mark.symbol === "ring") return { fill: parktwin.palette.colour("ground"), stroke: parktwin.palette.colour("tone1"), width: 1.5 };
    return { stroke: colour, width: 1.1, fill: parktwin.palette.colour("ground") };
  }

  /* A mark at rest, offline, stale, without data or under approved repair (hatched). */
  function quiet(mark, state, radius) {
    return cached(`${mark.symbol}|${mark.tone}|${state}|${radius.toFixed(1)}`, () => {
      const made = blank(radius + 2);
      const style = quietStyle(mark, state);
      trace(made.pen, mark.symbol, QUIET[state] ? Math.max(radius, 1.8) : radius, style);
      if (state === "repair") hatch(made.pen, radius);
      return made;
    });
  }

  function hatch(pen, radius) {
    pen.strokeStyle = parktwin.palette.colour("ink2");
    pen.lineWidth = 1;
    pen.beginPath();
    for (let at = -2 * radius; at < 2 * radius; at += 2.5) {
      pen.moveTo(at - radius, radius);
      pen.lineTo(at + radius, -radius);
    }
    pen.globalCompositeOperation = "source-atop";
    pen.stroke();
  }

  /* A level's shape; ``halo``: the soft ground that makes it found from five metres. */
  function alarm(state, radius, halo) {
    return cached(`!${state}|${radius.toFixed(1)}|${halo}`, () => {
      const made = blank(halo ? radius * 2.3 : radius + 2);
      const colour = parktwin.palette.colour(state);
      if (halo) disc(made.pen, radius * 2.2, colour, 0.22);
      const scale = radius / 7;
      made.pen.scale(scale, scale);
      made.pen.translate(-8, -8);
      paintLevel(made.pen, new Path2D(LEVELS[state]), state, colour);
      return made;
    });
  }

  function paintLevel(pen, path, state, colour) {
    pen.fillStyle = state === "blue" ? parktwin.palette.colour("ground") : colour;
    pen.strokeStyle = state === "blue" ? colour : parktwin.palette.colour("ground");
    pen.lineWidth = state === "blue" ? 2.6 : 1.2;
    pen.stroke(path);
    pen.fill(path);
    if (state === "blue") pen.stroke(path);
  }

  function disc(pen, radius, colour, alpha) {
    pen.globalAlpha = alpha;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(0, 0, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.globalAlpha = 1;
  }

  function stamp(pen, sprite, x, y) {
    const size = 2 * sprite.half;
    pen.drawImage(sprite.canvas, x - sprite.half, y - sprite.half, size, size);
  }

  function forget() {
    sprites.clear();
  }

  parktwin.marks = { quiet, alarm, stamp, trace, forget };
})((window.parktwin = window.parktwin || {}));
