/* Where a program stands in for graphics hardware, the browser makes the page wait until each picture is painted and fetched. Here the page
   goes on meanwhile: a picture is painted out of sight, asked for, and laid on a canvas of ours when it is there. */
(function (parktwin) {
  "use strict";

  const POLL_MS = 8;
  const PROGRAMS = /swiftshader|llvmpipe|softpipe|software|basic render/i;
  let known = null;

  /* Whether there is no graphics hardware. */
  function wanted() {
    if (known === null) {
      const pen = document.createElement("canvas").getContext("webgl2");
      const said = pen.getExtension("WEBGL_debug_renderer_info");
      known = PROGRAMS.test(pen.getParameter(said ? said.UNMASKED_RENDERER_WEBGL : pen.RENDERER));
      const loser = pen.getExtension("WEBGL_lose_context");
      if (loser) loser.loseContext();
    }
    return known;
  }

  class Slide {
    /* ``canvas``: what is seen; its rows come from the graphics system upside down, and the style sheet turns them. */
    constructor(canvas, onLaid) {
      this.pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
      this.onLaid = onLaid;
      this.busy = false;
      this.again = null;
    }

    /* Paints with ``paint``, or as soon as the picture before is there; of several that wait only the last is painted.
       ``whole``: whether a picture so wide is one to be seen. */
    take(gl, paint, whole) {
      if (this.busy) {
        this.again = () => this.take(gl, paint, whole);
        return;
      }
      paint();
      const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
      if (!whole(width)) return;
      this.busy = true;
      this._reserve(gl, 4 * width * height);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, 0);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      const done = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl.flush();
      this._wait(gl, done, () => this._lay(gl, width, height));
    }

    /* Room for a picture, anew for each: what is read from it is its own, and nobody waits. */
    _reserve(gl, bytes) {
      if (!this.store) this.store = gl.createBuffer();
      if (!this.held || this.held.length !== bytes) this.held = new Uint8ClampedArray(bytes);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.store);
      gl.bufferData(gl.PIXEL_PACK_BUFFER, bytes, gl.STREAM_READ);
    }

    _wait(gl, done, then) {
      setTimeout(() => {
        if (gl.isContextLost()) return;
        if (gl.getSyncParameter(done, gl.SYNC_STATUS) !== gl.SIGNALED) {
          this._wait(gl, done, then);
          return;
        }
        gl.deleteSync(done);
        then();
      }, POLL_MS);
    }

    _lay(gl, width, height) {
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.store);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, this.held);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      const { canvas } = this.pen;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      this.pen.putImageData(new ImageData(this.held, width, height), 0, 0);
      this.busy = false;
      this.onLaid();
      const next = this.again;
      this.again = null;
      if (next) next();
    }
  }

  parktwin.deckSoft = { wanted, Slide };
})((window.parktwin = window.parktwin || {}));
