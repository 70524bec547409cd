/* Above the quiet map: names, alarms in the shape of their level, their tags, one mark per enterprise from afar. */
(function (parktwin) {
  "use strict";

  const CLUSTER_REACH = 4;
  const LABEL_LIMIT = 160;
  const AIR = 0.5; // of the letters' size, kept free round each name
  const widths = new Map();

  class Tags {
    constructor(map, pane, scene) {
      this.map = map;
      this.scene = scene; // { points(), labelled(), grouped(), selected() }
      this.sheet = new parktwin.sheet.Sheet(map, pane);
      this.hits = [];
      this.pending = 0;
    }

    repaint() {
      if (!this.pending) this.pending = requestAnimationFrame(() => this._work());
    }

    _work() {
      this.pending = 0;
      this.sheet.begin();
      this.sheet.followMap();
      this.hits = [];
      this.furniture = obstacles(this.sheet);
      this.boxes = [...this.furniture];
      const alarms = this._alarms();
      this._hold(alarms);
      const tagged = alarms.filter((one) => one.row.tag).map((one) => this._placeTag(one)).filter(Boolean);
      this._labels();
      this._groups();
      this._selected();
      alarms.forEach((one) => this._paintAlarm(one));
      tagged.forEach((one) => this._paintTag(one));
    }

    _seen(x, y) {
      return x > -20 && y > -20 && x < this.sheet.size.x + 20 && y < this.sheet.size.y + 20;
    }

    /* Everything at risk, the worst last so that it lies on top. */
    _alarms() {
      const found = [];
      for (const features of this.scene.points()) {
        features.rows.forEach((row, at) => {
          if (!row || !parktwin.palette.isRisk(row.state)) return;
          const x = this.sheet.x(features.wx[at]);
          const y = this.sheet.y(features.wy[at]);
          if (this._seen(x, y)) found.push({ features, at, row, x, y, radius: this._alarmRadius(features, row) });
        });
      }
      return found.sort((a, b) => parktwin.palette.rank(a.row.state) - parktwin.palette.rank(b.row.state) || Boolean(a.row.tag) - Boolean(b.row.tag));
    }

    _alarmRadius(features, row) {
      const size = features.mark.symbol === "alarm" ? features.mark.size_px * (row.tag ? 0.75 : 0.6) : Math.max(4, features.mark.size_px);
      return parktwin.palette.px(size);
    }

    _hold(alarms) {
      alarms.forEach((one) => {
        this.hits.push({ ...one, left: one.x - one.radius, top: one.y - one.radius, right: one.x + one.radius, bottom: one.y + one.radius });
        this.boxes.push([one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius]);
      });
    }

    _paintAlarm(one) {
      const halo = one.features.mark.symbol === "alarm" && Boolean(one.row.tag);
      parktwin.marks.stamp(this.sheet.pen, parktwin.marks.alarm(one.row.state, one.radius, halo), one.x, one.y);
    }

    _font(size, weight) {
      this.sheet.pen.font = `${weight || 400} ${size}px ${parktwin.palette.colour("face")}`;
      return this.sheet.pen.font;
    }

    _width(said) {
      const key = `${this.sheet.pen.font}|${said}`;
      if (!widths.has(key)) {
        if (widths.size > 4000) widths.clear();
        widths.set(key, this.sheet.pen.measureText(said).width);
      }
      return widths.get(key);
    }

    _free(box) {
      return free(box, this.boxes);
    }

    /* A tag stands at the first of eight places round its mark that is free. */
    _placeTag(one) {
      const size = Math.max(12, parktwin.palette.rem() * 0.8125);
      this._font(size);
      const said = parktwin.scene.tag(one.row);
      const width = this._width(said) + size;
      const height = size * 1.75;
      const away = one.radius + size * 0.55;
      for (const [sx, sy] of [[1, -1], [1, 1], [-1, -1], [-1, 1], [1, -2.6], [1, 2.6], [-1, -2.6], [-1, 2.6]]) {
        const left = sx > 0 ? one.x + away : one.x - away - width;
        const top = sy < 0 ? one.y + sy * away - height * 0.75 : one.y + sy * away - height * 0.25;
        const box = [left, top, left + width, top + height];
        if (!this._free(box)) continue;
        this.boxes.push(box);
        this.hits.push({ ...one, left, top, right: box[2], bottom: box[3] });
        return { ...one, said, box, size, corner: [sx > 0 ? left : left + width, sy < 0 ? top + height : top] };
      }
      return null;
    }

    _paintTag(one) {
      const { pen } = this.sheet;
      const [left, top, right, bottom] = one.box;
      pen.strokeStyle = parktwin.palette.colour(one.row.state);
      pen.lineWidth = Math.max(1, parktwin.palette.px(1.2));
      pen.beginPath();
      pen.moveTo(one.x, one.y);
      pen.lineTo(one.corner[0], one.corner[1]);
      pen.globalCompositeOperation = "destination-over";
      pen.stroke();
      pen.globalCompositeOperation = "source-over";
      pen.fillStyle = "rgba(15, 21, 27, .93)";
      pen.fillRect(left, top, right - left, bottom - top);
      pen.strokeRect(left, top, right - left, bottom - top);
      this._font(one.size);
      pen.fillStyle = parktwin.palette.colour("ink");
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillText(one.said, left + one.size / 2, (top + bottom) / 2 + 0.5);
    }

    /* Names with a halo, important layers first; a name that would lie on another is left out. */
    _labels() {
      const { pen } = this.sheet;
      const size = Math.max(11, parktwin.palette.rem() * 0.75);
      this._font(size);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.lineWidth = size / 3.2;
      pen.strokeStyle = parktwin.palette.colour("ground");
      let painted = 0;
      for (const features of this.scene.labelled()) {
        pen.fillStyle = parktwin.palette.colour(features.spec.key === "enterprises" ? "ink2" : "ink3");
        for (let at = 0; at < features.id.length && painted < LABEL_LIMIT; at += 1) painted += this._label(features, at, size);
      }
    }

    /* Below its mark, or above it where something lies over the map there. */
    _label(features, at, size) {
      const x = this.sheet.x(features.wx[at]);
      if (x < 0 || x > this.sheet.size.x) return 0;
      const middle = this.sheet.y(features.wy[at]);
      if (middle < 0 || middle > this.sheet.size.y) return 0;
      const said = parktwin.scene.shortName(features, at);
      const away = features.mark.shape === "point" ? parktwin.palette.px(features.mark.size_px) + size : 0;
      const half = this._width(said) / 2 + size * AIR;
      const boxOf = (y) => [x - half, y - size * (0.7 + AIR), x + half, y + size * (0.7 + AIR)];
      const y = free(boxOf(middle + away), this.furniture) ? middle + away : middle - away;
      if (!said || !this._free(boxOf(y))) return 0;
      this.boxes.push(boxOf(y));
      this.sheet.pen.strokeText(said, x, y);
      this.sheet.pen.fillText(said, x, y);
      return 1;
    }

    /* From afar one mark per enterprise: the worst state inside and how many. */
    _groups() {
      const { pen } = this.sheet;
      const radius = parktwin.palette.px(9);
      const size = Math.max(11, parktwin.palette.rem() * 0.75);
      for (const group of this.scene.grouped()) {
        const x = this.sheet.x(group.wx);
        const y = this.sheet.y(group.wy);
        if (!this._seen(x, y)) continue;
        this._font(size, 500);
        parktwin.marks.stamp(pen, parktwin.marks.alarm(group.state, radius, false), x, y);
        pen.textAlign = "left";
        pen.textBaseline = "middle";
        pen.lineWidth = size / 3;
        pen.strokeStyle = parktwin.palette.colour("ground");
        pen.fillStyle = parktwin.palette.colour("ink");
        pen.strokeText(String(group.count), x + radius * 1.4, y);
        pen.fillText(String(group.count), x + radius * 1.4, y);
        const reach = radius + CLUSTER_REACH;
        this.hits.push({ features: group.features, at: group.at, group, row: group, left: x - reach, top: y - reach, right: x + reach * 2, bottom: y + reach });
      }
    }

    _selected() {
      const one = this.scene.selected();
      if (!one) return;
      const { pen } = this.sheet;
      const radius = parktwin.palette.px(15);
      pen.strokeStyle = parktwin.palette.colour("ink");
      pen.lineWidth = parktwin.palette.px(1.5);
      pen.beginPath();
      pen.arc(this.sheet.x(one.wx), this.sheet.y(one.wy), radius, 0, 2 * Math.PI);
      pen.stroke();
    }

    hit(containerPoint) {
      if (!this.sheet.size) return null;
      const { x, y } = this.sheet.fromContainer(containerPoint);
      const inside = this.hits.filter((one) => x >= one.left && x <= one.right && y >= one.top && y <= one.bottom);
      return inside.length ? inside[inside.length - 1] : null;
    }

    follow(center, zoom) {
      this.sheet.follow(center, zoom);
    }
  }

  function free(box, others) {
    return !others.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
  }

  const ABOVE = [
    ".plate", ".tool", ".leaflet-control-attribution",
    ...["park", "title", "headline", "freshness", "clock", "wind", "scale", "detail", "screens", "timebar", "pages-left", "pages-right"].map((each) => `.place-${each}`),
  ].join();

  /* What lies over the map, in the sheet's pixels: neither names nor tags are put under it. */
  function obstacles(sheet) {
    const corner = sheet.fromContainer([0, 0]);
    return [...document.querySelectorAll(ABOVE)].map((node) => node.getBoundingClientRect()).filter((box) => box.width)
      .map((box) => [box.left + corner.x, box.top + corner.y, box.right + corner.x, box.bottom + corner.y]);
  }

  parktwin.tags = { Tags, ABOVE };
})((window.parktwin = window.parktwin || {}));
