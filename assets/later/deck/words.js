/* Words in the 3-D map: names with a halo, counts, and tags on a pole. Which names have room is decided when the view has come to rest. */
(function (parktwin) {
  "use strict";

  const NAME_LIMIT = 160;
  const AIR = 0.5; // of the letters' size, kept free round each name
  const POLE_PX = 30;
  const STOREYS = 4; // a pole that would put its tag on another's grows so many times
  const SHARP = 2; // letters of the texture are so many times as large as shown
  const [BARE, HALOED] = [2, 3]; // room between letters of the texture: tells the two kinds apart
  const BLUR = 0.25; // how far from its edge a letter fades, as a share of full
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const widths = new Map();

  function size() {
    return Math.max(11, parktwin.palette.rem() * 0.75);
  }

  function width(said, px) {
    const key = `${px}|${said}`;
    if (!widths.has(key)) {
      if (widths.size > 4000) widths.clear();
      pen.font = `400 ${px}px ${parktwin.palette.colour("face")}`;
      widths.set(key, pen.measureText(said).width);
    }
    return widths.get(key);
  }

  /* What no word may lie on, in pixels of the map. */
  function room() {
    const boxes = [...document.querySelectorAll(parktwin.tags.ABOVE)].map((node) => node.getBoundingClientRect()).filter((box) => box.width)
      .map((box) => [box.left, box.top, box.right, box.bottom]);
    return {
      hold: (box) => boxes.push(box),
      free: (box) => !boxes.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]),
    };
  }

  /* Names that have room, the important first; ``project`` says where on the screen a place is, null where it is not. */
  function names(project, held) {
    const px = size();
    const found = [];
    for (const features of parktwin.scene.labelled()) {
      const colour = parktwin.deckPaint.rgb(features.spec.key === "enterprises" ? "ink2" : "ink3");
      for (let at = 0; at < features.id.length && found.length < NAME_LIMIT; at += 1) {
        const one = name(features, at, { px, below: beside(features, at, px), colour }, project, held);
        if (one) found.push(one);
      }
    }
    return found;
  }

  /* How far below its place a name stands, in pixels: under a mark, on an area, over a body. */
  function beside(features, at, px) {
    const { mark } = features;
    if (mark.shape !== "point") return 0;
    if (!mark.width_by || !parktwin.deckScene.near()) return parktwin.palette.px(mark.size_px) + px;
    const { tilt: { pitch } } = parktwin.deckView.view();
    const half = (features.width_m[at] || 0) / 2 / parktwin.deckView.metres();
    return -(half * Math.cos((pitch * Math.PI) / 180) + px);
  }

  function name(features, at, { px, below, colour }, project, held) {
    const [lon, lat] = [features.lon[at], features.lat[at]];
    const z = parktwin.deckRelief.height(lon, lat);
    const place = project(lon, lat, z);
    const said = place && parktwin.scene.shortName(features, at);
    if (!said) return null;
    const half = width(said, px) / 2 + px * AIR;
    const [x, y] = [place[0], place[1] + below];
    const box = [x - half, y - px * (0.7 + AIR), x + half, y + px * (0.7 + AIR)];
    if (!held.free(box)) return null;
    held.hold(box);
    return { said, lon, lat, z, colour, offset: [0, below] };
  }

  /* Beside the mark of an enterprise: how many alarms it stands for. */
  function counts(groups) {
    const away = parktwin.palette.px(9) * 1.4;
    return groups.map((one) => ({ ...one, said: String(one.count), colour: parktwin.deckPaint.rgb("ink"), offset: [away, 0], anchor: "start" }));
  }

  /* Each tag on a pole over its mark, as high as it must be to have room. */
  function tags(found, project, held, metres) {
    const px = Math.max(12, parktwin.palette.rem() * 0.8125);
    const pole = parktwin.palette.px(POLE_PX) * metres;
    return found.filter((one) => one.row.tag).reverse().flatMap((one) => {
      const said = parktwin.scene.tag(one.row);
      const [half, high] = [width(said, px) / 2 + px * 0.5, px * 1.75];
      for (let storey = 1; storey <= STOREYS; storey += 1) {
        const top = one.z + pole * storey;
        const place = project(one.lon, one.lat, top);
        if (!place) return [];
        const lift = high / 2;
        const box = [place[0] - half, place[1] - lift - high / 2, place[0] + half, place[1] - lift + high / 2];
        if (!held.free(box)) continue;
        held.hold(box);
        return [{ ...one, said, top, px, lift, half, high }];
      }
      return [];
    });
  }

  /* Letters for the texture: their halo is half as strong as they are, so that both are told apart by strength. Those of tags have none. */
  function renderer({ fontSize, fontFamily, fontWeight, buffer }) {
    const halo = buffer === HALOED ? Math.ceil(fontSize / 6) : 0;
    const font = `${fontWeight} ${fontSize}px ${fontFamily}`;
    const measure = (letter) => {
      pen.font = font;
      const said = pen.measureText(letter === undefined ? "国" : letter);
      const [ascent, descent] = [Math.ceil(said.fontBoundingBoxAscent), Math.ceil(said.fontBoundingBoxDescent)];
      if (letter === undefined) return { advance: 0, width: 0, ascent, descent };
      return { advance: said.width, width: Math.ceil(said.width) + 2 * halo, ascent: ascent + halo, descent: descent + halo };
    };
    return { measure, draw: (letter) => ({ data: drawn(letter, font, measure(letter), halo) }) };
  }

  function drawn(letter, font, box, halo) {
    Object.assign(pen.canvas, { width: box.width, height: box.ascent + box.descent });
    Object.assign(pen, { font, textBaseline: "alphabetic", lineJoin: "round", lineWidth: 2 * halo, strokeStyle: "rgba(0, 0, 0, .5)" });
    if (halo) pen.strokeText(letter, halo, box.ascent);
    pen.globalCompositeOperation = "destination-out";
    pen.fillText(letter, halo, box.ascent);
    pen.globalCompositeOperation = "lighter";
    pen.fillText(letter, halo, box.ascent);
    return pen.getImageData(0, 0, box.width, box.ascent + box.descent);
  }

  let single = null;

  /* Letters and their halo in one go: deck.gl draws the letters a second time over the halos of their neighbours, and ours reach no further than between them. */
  function once() {
    if (single) return single;
    single = class Once extends window.deck._MultiIconLayer {
      draw(params) {
        const { model } = this.state;
        const draw = model.draw.bind(model);
        let drawn = false;
        model.draw = (pass) => drawn || (drawn = draw(pass));
        super.draw(params);
        delete model.draw;
      }
    };
    single.layerName = "Once";
    return single;
  }

  function font(px, buffer) {
    const sharp = px * SHARP * (window.devicePixelRatio || 1);
    return {
      fontFamily: parktwin.palette.colour("face"), fontWeight: 400, characterSet: "auto", _getFontRenderer: renderer,
      fontSettings: { sdf: buffer === HALOED, fontSize: Math.round(sharp), buffer, radius: 12, smoothing: BLUR },
    };
  }

  function text(id, found, px, buffer, more) {
    const shift = buffer === HALOED ? -px / 6 : 0; // a letter's halo belongs to its picture, on both sides
    return new window.deck.TextLayer({
      id, data: found, ...font(px, buffer), getSize: px, parameters: parktwin.deckPaint.OVER,
      getText: ({ said }) => said,
      getPosition: ({ lon, lat, z, top }) => [lon, lat, top === undefined ? z : top],
      getColor: ({ colour }) => colour,
      getTextAnchor: ({ anchor }) => anchor || "middle",
      getPixelOffset: ({ offset: [x, y] }) => [x + shift, y],
      ...more,
    });
  }

  /* deck.gl's layers of all words; none where there is nothing to say, for an empty texture is none. */
  function layers(shown, poles) {
    const px = size();
    const { rgb, OVER } = parktwin.deckPaint;
    const ground = rgb("ground");
    return [
      shown.length && text("names", shown, px, HALOED, { outlineWidth: 8, outlineColor: ground, _subLayerProps: { characters: { type: once() } } }),
      new window.deck.LineLayer({
        id: "poles", data: poles, parameters: OVER, getWidth: parktwin.palette.px(1.2), widthUnits: "pixels",
        getSourcePosition: ({ lon, lat, z }) => [lon, lat, z],
        getTargetPosition: ({ lon, lat, top }) => [lon, lat, top],
        getColor: ({ row }) => rgb(row.state),
      }),
      poles.length && text("tags", poles.map((one) => ({ ...one, colour: rgb("ink"), offset: [0, -one.lift] })), poles[0].px, BARE, {
        background: true, backgroundPadding: [poles[0].px / 2, poles[0].px * 0.25],
        getBackgroundColor: rgb("ground", 0.93), getBorderColor: ({ row }) => rgb(row.state), getBorderWidth: Math.max(1, parktwin.palette.px(1.2)),
      }),
    ];
  }

  parktwin.deckWords = { room, names, counts, tags, layers };
})((window.parktwin = window.parktwin || {}));
