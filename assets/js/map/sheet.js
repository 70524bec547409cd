/* One canvas lying on the map: it remembers the view it was painted for and follows the map until it is painted anew. */
(function (parktwin) {
  "use strict";

  const MARGIN = 0.12; // of the map's size, painted beyond each edge so that small drags show no bare ground

  class Sheet {
    constructor(map, pane) {
      this.map = map;
      this.canvas = parktwin.dom.el("canvas", "pt-sheet leaflet-zoom-animated");
      this.pen = this.canvas.getContext("2d");
      map.getPane(pane).append(this.canvas);
    }

    /* Takes the map's present view and clears; from now on things are painted at ``at(world)``. */
    begin() {
      const size = this.map.getSize();
      const ratio = window.devicePixelRatio || 1;
      this.margin = size.multiplyBy(MARGIN).round();
      this.size = size.add(this.margin.multiplyBy(2));
      const width = Math.round(this.size.x * ratio);
      const height = Math.round(this.size.y * ratio);
      if (this.canvas.width !== width || this.canvas.height !== height) this._resize(width, height);
      this.zoom = this.map.getZoom();
      this.center = this.map.getCenter();
      this.origin = this.map.project(this.center, this.zoom).subtract(this.size.divideBy(2));
      this.scale = this.map.options.crs.scale(this.zoom);
      this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.pen.clearRect(0, 0, this.size.x, this.size.y);
      return this;
    }

    _resize(width, height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.width = `${this.size.x}px`;
      this.canvas.style.height = `${this.size.y}px`;
    }

    x(worldX) {
      return worldX * this.scale - this.origin.x;
    }

    y(worldY) {
      return worldY * this.scale - this.origin.y;
    }

    /* Where the canvas lies when the map shows ``center`` at ``zoom``. */
    follow(center, zoom) {
      if (!this.size) return;
      const scale = this.map.getZoomScale(zoom, this.zoom);
      const corner = this.map.project(this.map.unproject(this.origin, this.zoom), zoom);
      L.DomUtil.setTransform(this.canvas, corner.subtract(this.map._getNewPixelOrigin(center, zoom)), scale);
    }

    followMap() {
      this.follow(this.map.getCenter(), this.map.getZoom());
    }

    /* A place on the map's container, in pixels of this sheet. */
    fromContainer(point) {
      const at = this.map.project(this.map.containerPointToLatLng(point), this.zoom);
      return at.subtract(this.origin);
    }

    remove() {
      this.canvas.remove();
    }
  }

  parktwin.sheet = { Sheet };
})((window.parktwin = window.parktwin || {}));
