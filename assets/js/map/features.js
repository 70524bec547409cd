/* What lies on the map: each layer's columns, and the state of each feature by id. */
(function (parktwin) {
  "use strict";

  const FIXED = ["id", "lon", "lat", "name_zh", "name_en", "owner", "kind", "height_m", "width_m", "length_m"];

  /* World coordinates at zoom 0, in units that a zoom's scale multiplies. */
  function world(lon, lat) {
    const at = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
    return [at.x / 256, at.y / 256];
  }

  /* ``loud``: something at risk has changed since the names, tags and alarms were painted last. */
  class Features {
    constructor(spec) {
      this.spec = spec;
      this.mark = spec.mark;
      this.base = spec.base;
      this.early = spec.moving ? null : new Map(); // states that come before the geometry they belong to
      this.clear();
    }

    clear() {
      FIXED.forEach((name) => { this[name] = []; });
      this.rings = [];
      this.wx = [];
      this.wy = [];
      this.rows = [];
      this.index = new Map();
    }

    get count() {
      return this.index.size;
    }

    /* The unmoving part; states that came before it find their features now. */
    load(columns) {
      const early = this.early || new Map();
      this.early = null;
      FIXED.forEach((name) => { this[name] = columns[name] || columns.id.map(() => null); });
      this.rings = columns.rings || [];
      this.index = new Map(columns.id.map((id, at) => [id, at]));
      this.rows = columns.id.map((id) => early.get(id) || null);
      this.wx = new Float64Array(columns.id.length);
      this.wy = new Float64Array(columns.id.length);
      columns.id.forEach((_, at) => { [this.wx[at], this.wy[at]] = world(columns.lon[at], columns.lat[at]); });
    }

    state(at) {
      const row = this.rows[at];
      return row && row.state ? row.state : this.base;
    }

    name(at) {
      return parktwin.i18n.say({ zh: this.name_zh[at], en: this.name_en[at] });
    }

    /* A whole frame's rows: everything not named is back at rest. Returns the places that changed. */
    replace(columns) {
      if (this.spec.moving) return this._restock(columns);
      if (this.early) this.early.clear();
      const next = new Map(columns.id.map((id, number) => [id, number]));
      const changed = [];
      this.rows.forEach((row, at) => {
        if (row && !next.has(this.id[at])) this._put(this.id[at], null, changed);
      });
      next.forEach((number, id) => this._put(id, rowOf(columns, number), changed));
      return changed;
    }

    patch(change) {
      if (this.spec.moving) return this._patchMoving(change);
      const changed = [];
      change.remove.forEach((id) => this._put(id, null, changed));
      change.upsert.forEach((row) => this._put(row.id, row, changed));
      return changed;
    }

    _put(id, row, changed) {
      if (this.early) this.early.set(id, row);
      const at = this.index.get(id);
      if (at === undefined) return;
      this.loud = this.loud || risky(this.rows[at]) || risky(row);
      this.rows[at] = row;
      changed.push(at);
    }

    _restock(columns) {
      this.clear();
      this.loud = true;
      columns.id.forEach((id, number) => this._append(rowOf(columns, number)));
      return null;
    }

    _patchMoving(change) {
      const rows = new Map(this.rows.map((row) => [row.id, row]));
      change.remove.forEach((id) => rows.delete(id));
      change.upsert.forEach((row) => rows.set(row.id, row));
      this.clear();
      this.loud = true;
      rows.forEach((row) => this._append(row));
      return null;
    }

    _append(row) {
      const shape = row.geometry || (this.mark.shape === "area" ? reachOf(row) : null);
      const at = this.id.length;
      const [lon, lat] = row.geometry ? middle(ringsOf(shape)) : [row.lon, row.lat];
      const said = { ...row, lon, lat };
      FIXED.forEach((name) => this[name].push(said[name] === undefined ? null : said[name]));
      if (shape) this.rings.push(ringsOf(shape));
      [this.wx[at], this.wy[at]] = world(lon, lat);
      this.rows.push(row);
      this.index.set(row.id, at);
    }
  }

  function risky(row) {
    return Boolean(row && parktwin.palette.isRisk(row.state));
  }

  function rowOf(columns, number) {
    const row = {};
    for (const name in columns) {
      if (columns[name][number] !== null) row[name] = columns[name][number];
    }
    return row;
  }

  function ringsOf(shape) {
    if (shape.type === "MultiPolygon") return shape.coordinates.flat();
    return shape.type === "LineString" ? [shape.coordinates] : shape.coordinates;
  }

  const M_PER_DEG = 111320;
  const CORNER_DEG = 5;

  /* The area that a row covers: a circle round its place, or the sector that it looks into (reach of models/geometry.py). */
  function reachOf({ lon, lat, radius_m: radius, direction_deg: direction, fov_deg: fov }) {
    if (!radius) return null;
    const wide = Math.min(360, fov || 360);
    const steps = Math.ceil(wide / CORNER_DEG);
    const squeeze = Math.cos((lat * Math.PI) / 180);
    const rim = Array.from({ length: steps + 1 }, (_, step) => {
      const bearing = (((direction || 0) - wide / 2 + (wide * step) / steps) * Math.PI) / 180;
      return [lon + (radius * Math.sin(bearing)) / (squeeze * M_PER_DEG), lat + (radius * Math.cos(bearing)) / M_PER_DEG];
    });
    const ring = wide === 360 ? rim : [[lon, lat], ...rim, [lon, lat]];
    return { type: "Polygon", coordinates: [ring] };
  }

  function middle(rings) {
    const ring = rings[0] || [[0, 0]];
    const sum = ring.reduce((all, [lon, lat]) => [all[0] + lon, all[1] + lat], [0, 0]);
    return sum.map((each) => each / ring.length);
  }

  parktwin.features = { Features, world };
})((window.parktwin = window.parktwin || {}));
