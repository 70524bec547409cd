/* What stands round the map's picture: the park, the moment, what the marks mean, how long a kilometre is, where the data came from. */
(function (parktwin) {
  "use strict";

  const { palette } = parktwin;
  const HEAD = 4.4; // in rem, as all sizes here
  const FOOT = 3.6;
  const SIDE = 19;
  const EDGE = 1.4;
  const LEVELS = ["red", "orange", "yellow", "blue"];

  const say = (said) => parktwin.i18n.say(said);
  const zone = () => parktwin.shell.config.park.zone;

  function font(pen, rem, size, weight) {
    pen.font = `${weight || 400} ${rem * size}px ${palette.colour("face")}`;
  }

  /* Words in a width: cut with an ellipsis where they are too long. */
  function write(pen, words, x, y, most) {
    let shown = words;
    while (most && shown.length > 1 && pen.measureText(shown).width > most) shown = `${shown.slice(0, -2)}…`;
    pen.fillText(shown, x, y);
    return pen.measureText(shown).width;
  }

  /* ``shot``: the map's canvas with its size; ``known``: of the sources. The answer is a canvas. */
  function compose(shot, known) {
    const rem = palette.rem();
    const size = { rem, map: shot, width: shot.width + SIDE * rem, height: shot.height + (HEAD + FOOT) * rem };
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [size.width, size.height].map((each) => Math.round(each * shot.ratio));
    const pen = canvas.getContext("2d");
    pen.scale(shot.ratio, shot.ratio);
    pen.fillStyle = palette.colour("solid");
    pen.fillRect(0, 0, size.width, size.height);
    pen.textBaseline = "middle";
    head(pen, size);
    pen.drawImage(shot.canvas, 0, HEAD * rem, shot.width, shot.height);
    scale(pen, size);
    north(pen, size);
    legend(pen, size);
    foot(pen, size, known);
    return canvas;
  }

  function head(pen, { rem, width }) {
    const { at } = parktwin.url.state;
    const screen = parktwin.shell.screenAt(parktwin.url.state.path);
    const y = (HEAD * rem) / 2;
    pen.textAlign = "right";
    font(pen, rem, 1.25, 400);
    pen.fillStyle = palette.colour(at ? "past" : "ink");
    const when = { at: parktwin.i18n.stamp(at || parktwin.ages.now()), zone: zone() };
    const told = write(pen, say({ key: at ? "picture.then" : "picture.live", args: when }), width - EDGE * rem, y);
    pen.textAlign = "left";
    font(pen, rem, 1.6, 700);
    pen.fillStyle = palette.colour("ink");
    const room = width - told - 3 * EDGE * rem;
    const named = write(pen, say(parktwin.shell.config.park.name), EDGE * rem, y, room);
    font(pen, rem, 1.1);
    pen.fillStyle = palette.colour("ink2");
    if (screen && named < room - 8 * rem) write(pen, say(screen.title), EDGE * rem + named + rem, y, room - named - rem);
  }

  /* The bar of the page, which says how long it is. */
  function scale(pen, { rem, map }) {
    const bar = parktwin.cid.place("scale");
    const length = bar && bar.querySelector("i") ? bar.querySelector("i").getBoundingClientRect().width : 0;
    if (!length) return;
    const [x, y] = [EDGE * rem, HEAD * rem + map.height - 1.4 * rem];
    pen.strokeStyle = palette.colour("bright");
    pen.lineWidth = palette.px(1.5);
    pen.beginPath();
    [[x, y - 0.35 * rem], [x, y], [x + length, y], [x + length, y - 0.35 * rem]].forEach(([left, top], at) => (at ? pen.lineTo(left, top) : pen.moveTo(left, top)));
    pen.stroke();
    font(pen, rem, 0.9);
    pen.fillStyle = palette.colour("bright");
    pen.fillText(bar.querySelector("span").textContent, x + length + 0.5 * rem, y - 0.1 * rem);
  }

  /* North is up, but where somebody has turned the 3-D map. */
  function north(pen, { rem, map }) {
    const { tilt } = parktwin.url.state;
    pen.save();
    pen.translate(map.width - 2.2 * rem, (HEAD + 2.4) * rem);
    pen.rotate(parktwin.map.inSpace && tilt ? (-tilt.bearing * Math.PI) / 180 : 0);
    pen.fillStyle = palette.colour("bright");
    pen.beginPath();
    [[0, -1.3], [0.5, 0.5], [0, 0.15], [-0.5, 0.5]].forEach(([x, y], at) => (at ? pen.lineTo(x * rem, y * rem) : pen.moveTo(x * rem, y * rem)));
    pen.fill();
    pen.textAlign = "center";
    font(pen, rem, 0.85, 700);
    pen.fillText(say({ key: "picture.north" }), 0, 1.15 * rem);
    pen.restore();
  }

  /* Lines of the legend, each [paint or null, words, right]; null is a gap. */
  function lines(rem) {
    const seen = parktwin.scene.seen().filter((each) => each.count && parktwin.tools.standsHere(each)).reverse();
    const marks = seen.map((each) => [(pen, x, y) => swatch(pen, each, x, y, rem), say(each.spec.title), parktwin.i18n.number(each.count, 0)]);
    const levels = LEVELS.map((colour) => [(pen, x, y) => parktwin.marks.stamp(pen, parktwin.marks.alarm(colour, 0.42 * rem, false), x, y), say({ key: `ui.state.${colour}` })]);
    const quiet = ["offline", "stale"].map((state) => [(pen, x, y) => parktwin.marks.stamp(pen, parktwin.marks.quiet({ symbol: "dot", tone: "line" }, state, 0.35 * rem), x, y), say({ key: `ui.state.${state}` })]);
    return [[null, say({ key: "picture.legend" })], ...marks, null, ...levels, ...quiet, ...within()];
  }

  /* As it stands on the map, but of one size. */
  function swatch(pen, { mark, base }, x, y, rem) {
    if (mark.shape === "point") {
      const sprite = mark.symbol === "alarm" ? parktwin.marks.alarm("orange", 0.42 * rem, false) : parktwin.marks.quiet(mark, base, (mark.symbol === "dot" ? 0.2 : 0.5) * rem);
      parktwin.marks.stamp(pen, sprite, x, y);
      return;
    }
    const [fill, stroke] = palette.area(mark.tone);
    pen.strokeStyle = mark.tone === "line" ? palette.colour("tone2") : stroke;
    pen.fillStyle = fill;
    pen.lineWidth = palette.px(mark.shape === "line" ? 2.2 : 1.2);
    pen.setLineDash((mark.dash || "").split(" ").filter(Boolean).map((each) => palette.px(Number(each)) / 2));
    pen.beginPath();
    if (mark.shape === "line") [[-0.6, 0], [0.6, 0]].forEach(([left, top], at) => (at ? pen.lineTo(x + left * rem, y + top) : pen.moveTo(x + left * rem, y + top)));
    else pen.rect(x - 0.6 * rem, y - 0.4 * rem, 1.2 * rem, 0.8 * rem);
    if (mark.shape === "area" && mark.fill) pen.fill();
    pen.stroke();
    pen.setLineDash([]);
  }

  /* What was drawn, and what lies in it. */
  function within() {
    const { shape } = parktwin.drawn;
    const { answer } = parktwin.inside;
    if (!shape) return [];
    const { length_m, area_m2 } = parktwin.shapes.measures(shape);
    const { lengthOf, groundOf } = parktwin.drawPaint;
    const found = shape.kind === "path" || !answer ? [] : answer.layers.filter((each) => each.count).slice(0, 8);
    const people = found.length && answer.people.by_share !== null ? [[null, say({ key: "inside.persons" }), parktwin.i18n.number(answer.people.by_share, 0)]] : [];
    const counts = found.map((each) => [null, say({ zh: each.title_zh, en: each.title_en }), parktwin.i18n.number(each.count, 0)]);
    return [null, [null, say({ key: `inside.title.${shape.kind}` }), area_m2 === null ? lengthOf(length_m) : groundOf(area_m2)], ...people, ...counts];
  }

  function legend(pen, { rem, map, width }) {
    const all = lines(rem);
    const step = Math.min(1.55 * rem, (map.height - rem) / all.length);
    const left = map.width + EDGE * rem;
    font(pen, rem, Math.min(0.95, (0.72 * step) / rem));
    all.forEach((each, at) => {
      if (!each) return;
      const y = HEAD * rem + rem * 0.6 + step * (at + 0.5);
      const [paint, words, right] = each;
      if (paint) paint(pen, left + 0.6 * rem, y);
      pen.fillStyle = palette.colour(paint || at ? "ink2" : "ink");
      const figure = right ? pen.measureText(right).width + rem : 0;
      write(pen, words, left + (paint ? 1.7 * rem : 0), y, width - left - EDGE * rem - figure - (paint ? 1.7 * rem : 0));
      if (!right) return;
      pen.textAlign = "right";
      pen.fillText(right, width - EDGE * rem, y);
      pen.textAlign = "left";
    });
  }

  function foot(pen, { rem, map, width, height }, known) {
    font(pen, rem, 0.85);
    pen.fillStyle = palette.colour("ink2");
    const most = width - 2 * EDGE * rem;
    write(pen, [sourceLine(known), map.missing ? say({ key: "picture.no_tiles" }) : attribution()].filter(Boolean).join("  ·  "), EDGE * rem, height - 2.35 * rem, most);
    pen.fillStyle = palette.colour("ink3");
    const by = { at: parktwin.i18n.stamp(parktwin.ages.now()), zone: zone() };
    write(pen, say({ key: "picture.by", args: by }), EDGE * rem, height - 1.1 * rem, most);
  }

  function attribution() {
    const box = parktwin.map.leaflet.getContainer().querySelector(".leaflet-control-attribution");
    return box ? box.textContent.trim() : "";
  }

  /* Who is heard of and how new the newest word is; live also in which state each connection is. */
  function sourceLine({ freshness, sources }) {
    const items = freshness ? freshness.items : [];
    const heard = items.find((each) => each.key === "sources");
    const newest = items.find((each) => each.key === "newest");
    const said = [];
    if (heard) said.push(say({ key: "ui.sources", args: { n: heard.value.value, of: heard.of } }));
    if (newest && newest.value.ts) said.push(say({ key: "picture.newest", args: { at: parktwin.i18n.stamp(newest.value.ts) } }));
    sources.forEach((each) => said.push(`${each.id} ${say({ key: `picture.source.${each.state}` })}`));
    return said.length ? say({ key: "picture.sources", args: { said: said.join(" · ") } }) : say({ key: "picture.unheard" });
  }

  parktwin.frame = { compose };
})((window.parktwin = window.parktwin || {}));
