/* deck.gl layers for much at once: lines, walls and marks, each as one mesh. deck.gl's own draw every thing as an instance and project it
   anew, which without graphics hardware costs ten times as much: here places are projected once, and the view is one matrix. */
(function (parktwin) {
  "use strict";

  const WORLD = 512; // deck.gl's world is so wide
  const EARTH_M = 40030228.88;
  const UNIFORMS = `layout(std140) uniform bulkUniforms {
    mat4 view;
    vec2 pixel;
    float scale;
    float width;
    float dash;
    float gap;
  } bulk;
  `;
  const TYPES = { view: "mat4x4<f32>", pixel: "vec2<f32>", scale: "f32", width: "f32", dash: "f32", gap: "f32" };
  const bulk = { name: "bulk", vs: UNIFORMS, fs: UNIFORMS, uniformTypes: TYPES };
  const PLAIN = `#version 300 es
    precision highp float;
    in vec4 vColor;
    out vec4 fragColor;
    void main(void) {
      fragColor = vColor;
    }`;
  const DASHED = `#version 300 es
    precision highp float;
    in vec4 vColor;
    in float vAlong;
    out vec4 fragColor;
    void main(void) {
      if (bulk.dash > 0.0 && mod(vAlong, bulk.dash + bulk.gap) > bulk.dash) discard;
      fragColor = vColor;
    }`;

  /* ``lines``: both ends at each vertex, the side it lies on, and whether it is the far end. As wide on the screen wherever it is. */
  const LINES = `#version 300 es
    in vec3 heres;
    in vec3 theres;
    in vec2 sides;
    in vec4 colors;
    out vec4 vColor;
    out float vAlong;
    vec4 before(vec4 place, vec4 other) {
      return place.w > 0.01 ? place : other + (place - other) * (0.01 - other.w) / (place.w - other.w);
    }
    void main(void) {
      vec4 there = bulk.view * vec4(theres, 1.0);
      vec4 here = before(bulk.view * vec4(heres, 1.0), there);
      there = before(there, here);
      vec2 way = (there.xy / there.w - here.xy / here.w) / bulk.pixel;
      vec2 across = vec2(-way.y, way.x) / max(length(way), 0.001) * sides.x * bulk.width / 2.0;
      gl_Position = here + vec4(across * bulk.pixel * here.w, 0.0, 0.0);
      vAlong = sides.y * length(way);
      vColor = colors;
    }`;

  const WALLS = `#version 300 es
    in vec3 positions;
    in vec4 colors;
    out vec4 vColor;
    void main(void) {
      gl_Position = bulk.view * vec4(positions, 1.0);
      vColor = colors;
    }`;

  /* ``frames``: the corner's place round the mark, and its place in the sheet of pictures, both in pixels. */
  const MARKS = `#version 300 es
    in vec3 positions;
    in vec4 frames;
    out vec2 vPlace;
    void main(void) {
      gl_Position = bulk.view * vec4(positions, 1.0);
      gl_Position.xy += frames.xy * bulk.scale * bulk.pixel;
      vPlace = frames.zw;
    }`;
  const PICTURES = `#version 300 es
    precision highp float;
    uniform sampler2D sheet;
    in vec2 vPlace;
    out vec4 fragColor;
    void main(void) {
      fragColor = texture(sheet, vPlace / vec2(textureSize(sheet, 0)));
      if (fragColor.a < 0.01) discard;
    }`;

  const KINDS = {
    lines: { vs: LINES, fs: DASHED, layout: [["heres", "float32x3"], ["theres", "float32x3"], ["sides", "float32x2"], ["colors", "unorm8x4"]] },
    walls: { vs: WALLS, fs: PLAIN, layout: [["positions", "float32x3"], ["colors", "unorm8x4"]] },
    marks: { vs: MARKS, fs: PICTURES, layout: [["positions", "float32x3"], ["frames", "float32x4"]] },
  };
  const WIDE = { positions: 3, frames: 4, colors: 4 }; // numbers to a vertex
  let classes = null;

  /* A layer of a kind; made when deck.gl has come. */
  function layer(kind, props) {
    if (!classes) classes = { Bulk: made(), Ground: ground() };
    return kind === "ground" ? new classes.Ground(props) : new classes.Bulk({ kind, ...props });
  }

  const HATCHED = PLAIN.replace("fragColor = vColor;", "if (mod(gl_FragCoord.x + gl_FragCoord.y, 9.0) > 1.5) discard;\n      fragColor = vColor;");

  /* deck.gl's polygons, but that a pixel is its colour and nothing more is asked of it; ``hatched``: slanting lines only. */
  function ground() {
    class Ground extends window.deck.SolidPolygonLayer {
      getShaders(type) {
        return { ...super.getShaders(type), fs: this.props.hatched ? HATCHED : PLAIN };
      }
    }
    Ground.layerName = "Ground";
    Ground.defaultProps = { hatched: false };
    return Ground;
  }

  /* ``mesh``: attributes by name, corners, and for one that changes in place ``starts(number)``: a thing's first vertex, and which
     attributes are ``living``. A new mesh replaces all; with a new ``version`` the things ``touched`` (null: all) are written over. */
  function made() {
    class Bulk extends window.deck.Layer {
      _getAttributeManager() {
        return null;
      }

      getShaders() {
        const { vs, fs } = KINDS[this.props.kind];
        return super.getShaders({ vs, fs, modules: [window.deck.project32, bulk] });
      }

      initializeState() {
        this.setState({ model: null, buffers: {} });
      }

      updateState(params) {
        super.updateState(params);
        const { props, oldProps } = params;
        if (props.mesh !== oldProps.mesh) this._load();
        else if (props.version !== oldProps.version) this._renew();
      }

      _load() {
        this._forget();
        const { device } = this.context;
        const { attributes, corners } = this.props.mesh;
        const { layout } = KINDS[this.props.kind];
        const buffers = Object.fromEntries(layout.map(([name]) => [name, device.createBuffer({ data: attributes[name] })]));
        buffers.corners = device.createBuffer({ usage: window.luma.Buffer.INDEX, data: corners });
        const { corners: indexBuffer, ...rest } = buffers;
        const model = corners.length ? new window.luma.Model(device, {
          ...this.getShaders(), id: this.props.id, topology: "triangle-list", isInstanced: false, indexBuffer, attributes: rest,
          vertexCount: corners.length, bufferLayout: layout.map(([name, format]) => ({ name, format })),
        }) : null;
        this.setState({ model, buffers });
      }

      /* Some things of the mesh look otherwise now: what may change of them is written over, in its place. */
      _renew() {
        const { mesh: { attributes, starts, living }, touched } = this.props;
        const { buffers } = this.state;
        const vertices = attributes[living[0]].length / WIDE[living[0]];
        living.forEach((name) => {
          const write = (from, to) => buffers[name].write(attributes[name].subarray(WIDE[name] * from, WIDE[name] * to), WIDE[name] * from * attributes[name].BYTES_PER_ELEMENT);
          if (touched) touched.forEach((at) => write(starts(at), starts(at + 1)));
          else write(0, vertices);
        });
        this.setNeedsRedraw();
      }

      _forget() {
        const { model, buffers } = this.state;
        if (model) model.destroy();
        Object.values(buffers).forEach((each) => each.destroy());
      }

      finalizeState(context) {
        super.finalizeState(context);
        this._forget();
      }

      draw() {
        const { model } = this.state;
        const { sheet, scale, width, dash, kind } = this.props;
        if (!model || (kind === "marks" && !sheet)) return;
        const { viewport } = this.context;
        const near = kind === "marks" ? viewport.focalDistance : 1; // marks far away are smaller, lines are not
        const pixel = [(2 * near) / viewport.width, (2 * near) / viewport.height];
        const picture = kind === "marks" ? { sheet } : {};
        model.shaderInputs.setProps({ bulk: { view: seenFrom(viewport), pixel, scale, width, dash: dash[0], gap: dash[1], ...picture } });
        model.draw(this.context.renderPass);
      }
    }
    Bulk.layerName = "Bulk";
    Bulk.defaultProps = { sheet: { type: "image", value: null, async: true }, scale: 1, width: 1, dash: [0, 0], mesh: null, touched: null, version: 0, kind: "walls" };
    return Bulk;
  }

  let middle = null;

  /* Where the meshes have their origin: the middle of the park, in the world; and how high a metre is there. */
  function origin() {
    if (!middle) {
      const [west, south, east, north] = parktwin.scene.config.park.bounds;
      const [x, y] = parktwin.features.world((west + east) / 2, (south + north) / 2);
      middle = { x, y, metre: WORLD / EARTH_M / Math.cos((((south + north) / 2) * Math.PI) / 180) };
    }
    return middle;
  }

  /* A place as deck.gl's world has it, from the origin: small numbers, which the graphics system keeps exactly. */
  function place(lon, lat, metres) {
    const [x, y] = parktwin.features.world(lon, lat);
    const { x: left, y: top, metre } = origin();
    return [(x - left) * WORLD, (top - y) * WORLD, metres * metre];
  }

  /* The view's matrix, moved to the origin while numbers are still long. */
  function seenFrom({ viewProjectionMatrix: m }) {
    const { x, y } = origin();
    const [left, up] = [x * WORLD, (1 - y) * WORLD];
    const moved = Array.from(m);
    for (let row = 0; row < 4; row += 1) moved[12 + row] = m[row] * left + m[4 + row] * up + m[12 + row];
    return moved;
  }

  /* Corners of quads 0 1 2 3 as two triangles each. */
  function quads(count) {
    const corners = new Uint32Array(6 * count);
    for (let at = 0; at < count; at += 1) [0, 1, 2, 2, 1, 3].forEach((corner, turn) => { corners[6 * at + turn] = 4 * at + corner; });
    return corners;
  }

  /* Paths as a mesh of lines: [{ path: [[lon, lat, metres]…], colour }]. */
  function lines(paths) {
    const count = paths.reduce((sum, { path }) => sum + path.length - 1, 0);
    const attributes = { heres: new Float32Array(12 * count), theres: new Float32Array(12 * count), sides: new Float32Array(8 * count), colors: new Uint8Array(16 * count) };
    let vertex = 0;
    const put = (here, there, side, end, colour) => {
      attributes.heres.set(here, 3 * vertex);
      attributes.theres.set(there, 3 * vertex);
      attributes.sides.set([side, end], 2 * vertex);
      attributes.colors.set(colour, 4 * vertex);
      vertex += 1;
    };
    paths.forEach(({ path, colour }) => {
      const placed = path.map(([lon, lat, metres]) => place(lon, lat, metres || 0));
      for (let at = 1; at < placed.length; at += 1) {
        const [from, to] = [placed[at - 1], placed[at]];
        put(from, to, 1, 0, colour);
        put(from, to, -1, 0, colour);
        put(to, from, -1, 1, colour);
        put(to, from, 1, 1, colour);
      }
    });
    return { attributes, corners: quads(count) };
  }

  /* Upright walls along rings as a mesh: [{ ring, height, colour }], each wall as light as it faces the light. */
  function walls(rings) {
    const count = rings.reduce((sum, { ring }) => sum + ring.length - 1, 0);
    const attributes = { positions: new Float32Array(12 * count), colors: new Uint8Array(16 * count) };
    let wall = 0;
    rings.forEach(({ ring, height, colour }) => {
      const turn = Math.sign(area(ring));
      for (let at = 1; at < ring.length; at += 1) {
        const [[ax, ay], [bx, by]] = [ring[at - 1], ring[at]];
        attributes.positions.set([...place(ax, ay, 0), ...place(bx, by, 0), ...place(ax, ay, height), ...place(bx, by, height)], 12 * wall);
        const shade = parktwin.deckPaint.facing((by - ay) * turn, (ax - bx) * turn);
        const lit = [...colour.slice(0, 3).map((each) => each * shade), colour[3]];
        for (let corner = 0; corner < 4; corner += 1) attributes.colors.set(lit, 16 * wall + 4 * corner);
        wall += 1;
      }
    });
    return { attributes, corners: quads(count) };
  }

  function area(ring) {
    return ring.reduce((sum, [x, y], at) => {
      const [nx, ny] = ring[(at + 1) % ring.length];
      return sum + x * ny - nx * y;
    }, 0);
  }

  /* Marks at places [[lon, lat, metres]…] as a mesh; what they look like is set by ``picture``. */
  function marks(count, placeOf) {
    const attributes = { positions: new Float32Array(12 * count), frames: new Float32Array(16 * count) };
    for (let at = 0; at < count; at += 1) {
      const placed = place(...placeOf(at));
      for (let corner = 0; corner < 4; corner += 1) attributes.positions.set(placed, 12 * at + 3 * corner);
    }
    return { attributes, corners: quads(count), starts: (at) => 4 * at, living: ["frames"] };
  }

  /* The picture of one mark: a part of the sheet, shown as large as it is there by ``ratio``. */
  function picture({ attributes: { frames } }, at, { x, y, width, height }, ratio) {
    const [half, high] = [width / 2 / ratio, height / 2 / ratio];
    frames.set([-half, -high, x, y + height, half, -high, x + width, y + height, -half, high, x, y, half, high, x + width, y], 16 * at);
  }

  parktwin.deckBulk = { layer, lines, walls, marks, picture, quads, place, origin };
})((window.parktwin = window.parktwin || {}));
