/* All points of all layers on one canvas of ours: quiet ones below, painted in slices and repaired in place. */
(function (parktwin) {
  "use strict";

  const SLICE_MS = 8;
  const SLICE_POINTS = 250;
  const CELL = 32;
  const REPAIR_LIMIT = 24; // more changed points than this are cheaper painted all anew …
  const REPAIR_SHARE = 400; // … or than one in so many of those shown: each repair paints its neighbours again
  const HOME_ZOOM = 14.2; // a park as one sees it at first, on the screen of the design
  const CROWD = 10000; // fewer than so many are drawn whenever their layer is
  const APART = 4000; // so many are told apart when the whole park is in view

  class Points {
    constructor(map, pane, visible) {
      this.map = map;
      this.visible = visible; // () => Features of the point layers that are to be seen
      this.front = new parktwin.sheet.Sheet(map, pane);
      this.back = new parktwin.sheet.Sheet(map, pane);
      this.back.canvas.classList.add("spare");
      this.shown = emptyGrid();
      this.dirty = new Map();
      this.job = null;
      this.pending = 0;
    }

    /* Half a mark's width in pixels, growing a little as one comes nearer. */
    radius({ mark, count }) {
      const size = parktwin.palette.px(mark.size_px) * nearness(count);
      return mark.symbol === "dot" ? Math.max(0.9, size * 0.55) : Math.max(2, size);
    }

    /* The view or the layers changed: paint everything, in slices, on the spare sheet, then swap. */
    repaint() {
      this.dirty.clear();
      const grid = emptyGrid();
      this.back.begin();
      this.job = { steps: this._strokes(grid), grid };
      this._wake();
    }

    /* Some points changed their state: repair their places only. */
    touch(features, places) {
      if (this.job || places === null) {
        this.repaint();
        return;
      }
      places.forEach((at) => {
        if (crowded(features)) this._admit(features, at);
        this.dirty.set(`${features.spec.key}|${at}`, [features, at]);
      });
      this._wake();
    }

    _wake() {
      if (!this.pending) this.pending = requestAnimationFrame(() => this._work());
    }

    _work() {
      this.pending = 0;
      if (this.dirty.size > Math.max(REPAIR_LIMIT, this.shown.count / REPAIR_SHARE)) this.repaint();
      if (this.job) this._paintSlice();
      else this._repair();
    }

    _paintSlice() {
      const until = performance.now() + SLICE_MS;
      let step = this.job.steps.next();
      while (!step.done && performance.now() < until) step = this.job.steps.next();
      if (!step.done) {
        this._wake();
        return;
      }
      this.shown = this.job.grid;
      this.job = null;
      this._swap();
    }

    _swap() {
      [this.front, this.back] = [this.back, this.front];
      this.front.followMap();
      this.front.canvas.classList.remove("spare");
      this.back.canvas.classList.add("spare");
      if (this.onPainted) this.onPainted();
    }

    * _strokes(grid) {
      let painted = 0;
      for (const features of this.visible()) {
        const radius = this.radius(features);
        const hushed = crowded(features);
        for (let at = 0; at < features.id.length; at += 1) {
          if (hushed && features.state(at) === features.base) continue;
          const x = this.back.x(features.wx[at]);
          const y = this.back.y(features.wy[at]);
          if (x < 0 || y < 0 || x > this.back.size.x || y > this.back.size.y) continue;
          put(grid, x, y, features, at, radius);
          this._paint(this.back.pen, features, at, x, y, radius);
          painted += 1;
          if (painted % SLICE_POINTS === 0) yield painted;
        }
      }
    }

    /* Where those at rest are not drawn, one is there only as long as something is the matter with it. */
    _admit(features, at) {
      const x = this.front.x(features.wx[at]);
      const y = this.front.y(features.wy[at]);
      take(this.shown, x, y, features, at);
      if (features.state(at) !== features.base) put(this.shown, x, y, features, at, this.radius(features));
    }

    /* Points at risk are painted above everything, by the tags' sheet. */
    _paint(pen, features, at, x, y, radius) {
      const state = features.state(at);
      if (parktwin.palette.isRisk(state)) return;
      parktwin.marks.stamp(pen, parktwin.marks.quiet(features.mark, state, radius), x, y);
    }

    _repair() {
      const until = performance.now() + SLICE_MS;
      for (const [key, [features, at]] of this.dirty) {
        this._repairOne(features, at);
        this.dirty.delete(key);
        if (performance.now() > until) break;
      }
      if (this.dirty.size) this._wake();
    }

    _repairOne(features, at) {
      const pen = this.front.pen;
      const reach = this.radius(features) + 3;
      const x = this.front.x(features.wx[at]);
      const y = this.front.y(features.wy[at]);
      if (x < -reach || y < -reach || x > this.front.size.x + reach || y > this.front.size.y + reach) return;
      pen.save();
      pen.beginPath();
      pen.rect(x - reach, y - reach, 2 * reach, 2 * reach);
      pen.clip();
      pen.clearRect(x - reach, y - reach, 2 * reach, 2 * reach);
      near(this.shown, x, y, reach + 16).forEach((one) => {
        const apart = reach + one.radius + 2; // a stamp is so much larger than its mark
        if (Math.abs(one.x - x) < apart && Math.abs(one.y - y) < apart) this._paint(pen, one.features, one.at, one.x, one.y, one.radius);
      });
      pen.restore();
    }

    /* The nearest point within reach of a place on the map's container. */
    hit(containerPoint, reach) {
      if (!this.front.size) return null;
      const { x, y } = this.front.fromContainer(containerPoint);
      let best = null;
      near(this.shown, x, y, reach + 8).forEach((one) => {
        const distance = Math.hypot(one.x - x, one.y - y) - one.radius;
        if (distance <= reach && (!best || distance < best.distance)) best = { features: one.features, at: one.at, distance };
      });
      return best;
    }

    follow(center, zoom) {
      this.front.follow(center, zoom);
    }
  }

  /* The zoom from which the marks of so many are told apart: four times as many need one zoom more. */
  function restZoom(count) {
    return count > CROWD ? HOME_ZOOM + Math.log2(count / APART) / 2 : HOME_ZOOM;
  }

  /* How much larger one of so many marks is than at rest. */
  function nearness(count) {
    return Math.min(2, Math.max(0.8, 1 + (parktwin.map.zoomLevel() - restZoom(count)) * 0.22));
  }

  /* Quiet when all is well: marks that would run together into patches are drawn only where something is the matter. */
  function crowded(features) {
    return features.count > CROWD && parktwin.map.zoomLevel() < restZoom(features.count);
  }

  function emptyGrid() {
    return { cells: new Map(), count: 0 };
  }

  function cellOf(x, y) {
    return Math.floor(x / CELL) * 100003 + Math.floor(y / CELL);
  }

  function put(grid, x, y, features, at, radius) {
    const cell = cellOf(x, y);
    const one = { x, y, features, at, radius };
    const held = grid.cells.get(cell);
    if (held) held.push(one);
    else grid.cells.set(cell, [one]);
    grid.count += 1;
  }

  function take(grid, x, y, features, at) {
    const held = grid.cells.get(cellOf(x, y)) || [];
    const place = held.findIndex((one) => one.features === features && one.at === at);
    if (place < 0) return;
    held.splice(place, 1);
    grid.count -= 1;
  }

  function near(grid, x, y, reach) {
    const found = [];
    for (let left = Math.floor((x - reach) / CELL); left <= Math.floor((x + reach) / CELL); left += 1) {
      for (let top = Math.floor((y - reach) / CELL); top <= Math.floor((y + reach) / CELL); top += 1) {
        const held = grid.cells.get(left * 100003 + top);
        if (held) found.push(...held);
      }
    }
    return found;
  }

  parktwin.points = { Points, crowded, nearness };
})((window.parktwin = window.parktwin || {}));
