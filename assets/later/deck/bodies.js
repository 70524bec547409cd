/* Round bodies as one mesh that is written over in place: tanks that stand, lie or are balls, lighter up to their level; and posts. */
(function (parktwin) {
  "use strict";

  const SIDES = 16;
  const EMPTY = 0.45; // how light a body is above its level
  const HATCH = 0.65; // every other side of one under repair
  const STAND = [[1, 0], [1, 0.94], [0.8, 0.97], [0, 1]]; // distance from the axis and height, as shares
  const BALL = Array.from({ length: 9 }, (_, at) => [Math.sin((at / 8) * Math.PI), 0.5 - 0.5 * Math.cos((at / 8) * Math.PI)]);
  const ENDS = [[0, -1], [0.6, -0.97], [1, -0.88], [1, 0.88], [0.6, 0.97], [0, 1]]; // of one that lies: along its axis

  /* A mesh for so many bodies, each with room for so many vertices. */
  function room(sizes) {
    const starts = new Uint32Array(sizes.length + 1);
    sizes.forEach((size, at) => { starts[at + 1] = starts[at] + size; });
    const total = starts[sizes.length];
    const attributes = { positions: new Float32Array(3 * total), colors: new Uint8Array(4 * total) };
    return { attributes, corners: parktwin.deckBulk.quads(total / 4), starts: (at) => starts[at], living: ["positions", "colors"] };
  }

  /* Writes faces one after the other: four corners in metres from a place, with the way each looks. */
  function writer({ attributes: { positions, colors } }, start, { lon, lat }) {
    const [east, north] = parktwin.deckBulk.place(lon, lat, 0);
    const { metre } = parktwin.deckBulk.origin();
    let vertex = start;
    return (corners, colour) => corners.forEach(([x, y, z, nx, ny, nz]) => {
      const shade = parktwin.deckPaint.facing(nx, ny, nz);
      positions.set([east + x * metre, north + y * metre, z * metre], 3 * vertex);
      colors.set([colour[0] * shade, colour[1] * shade, colour[2] * shade, 255], 4 * vertex);
      vertex += 1;
    });
  }

  /* A profile with a step at the level, so that what is below and above are faces of their own. */
  function stepped(profile, level) {
    const at = profile.findIndex(([, z]) => z >= level);
    if (at <= 0) return [profile[0], ...profile];
    const [[r1, z1], [r2, z2]] = [profile[at - 1], profile[at]];
    const share = (level - z1) / (z2 - z1 || 1);
    return [...profile.slice(0, at), [r1 + (r2 - r1) * share, level], ...profile.slice(at)];
  }

  function colourAt(look, middle, side) {
    const share = (middle > look.level ? EMPTY : 1) * (look.hatched && side % 2 ? HATCH : 1);
    return look.colour.map((each) => each * share);
  }

  /* Turned round an upright axis. */
  function upright(profile, body, look, put) {
    const steps = stepped(profile, Math.max(0, look.level));
    const [half, high] = [body.width / 2, body.height];
    for (let side = 0; side < SIDES; side += 1) {
      const turns = [side, side + 1].map((each) => (each / SIDES) * 2 * Math.PI).map((turn) => [Math.cos(turn), Math.sin(turn)]);
      for (let at = 1; at < steps.length; at += 1) {
        const [[r1, z1], [r2, z2]] = [steps[at - 1], steps[at]];
        const up = (r1 - r2) * half;
        const out = (z2 - z1) * high || 1e-6;
        const corner = ([cos, sin], r, z) => [cos * r * half, sin * r * half, z * high, cos * out, sin * out, up];
        put([corner(turns[0], r1, z1), corner(turns[1], r1, z1), corner(turns[0], r2, z2), corner(turns[1], r2, z2)], colourAt(look, (z1 + z2) / 2, side));
      }
    }
  }

  /* Turned round a level axis: the sides are cut so that two of their edges lie at the level. */
  function lying(body, look, put) {
    const [half, high, long] = [body.width / 2, body.height, body.length / 2];
    const edge = Math.acos(1 - 2 * Math.min(1, Math.max(0, look.level))); // from the lowest point up to the level
    const below = Math.min(SIDES - 2, Math.max(2, 2 * Math.round((edge / Math.PI) * SIDES / 2)));
    const turn = (side) => (side <= below ? -edge + (2 * edge * side) / below : edge + (2 * (Math.PI - edge) * (side - below)) / (SIDES - below));
    for (let side = 0; side < SIDES; side += 1) {
      const turns = [turn(side), turn(side + 1)].map((each) => [Math.sin(each), -Math.cos(each)]);
      for (let at = 1; at < ENDS.length; at += 1) {
        const [[r1, x1], [r2, x2]] = [ENDS[at - 1], ENDS[at]];
        const corner = ([sin, cos], r, x) => [x * long, sin * r * half, (0.5 + 0.5 * cos * r) * high, (r1 - r2) * half, sin * (x2 - x1) * long, cos * (x2 - x1) * long];
        put([corner(turns[0], r1, x1), corner(turns[1], r1, x1), corner(turns[0], r2, x2), corner(turns[1], r2, x2)], colourAt({ ...look, level: side < below ? 1 : 0 }, 0.5, side));
      }
    }
  }

  const SHAPES = {
    horizontal: { faces: ENDS.length - 1, draw: lying },
    sphere: { faces: BALL.length, draw: (...said) => upright(BALL, ...said) },
    vertical: { faces: STAND.length, draw: (...said) => upright(STAND, ...said) },
  };

  function shapeOf(features, at) {
    return SHAPES[features.kind[at]] || SHAPES.vertical;
  }

  /* How a body looks in its state: its colour, and how far it is full; below 0 nobody knows. */
  function lookOf(features, at) {
    const row = features.rows[at];
    const full = row ? row[features.mark.fill_by] : undefined;
    const state = features.state(at);
    return { colour: parktwin.deckPaint.ofState(state, parktwin.deckPaint.rgb("tone1")).slice(0, 3), level: full === undefined ? -1 : full, hatched: state === "repair" };
  }

  function draw(features, mesh, at) {
    const body = { width: features.width_m[at] || 1, height: features.height_m[at] || 1, length: features.length_m[at] || 1 };
    shapeOf(features, at).draw(body, lookOf(features, at), writer(mesh, mesh.starts(at), { lon: features.lon[at], lat: features.lat[at] }));
  }

  const meshes = new Map(); // key of a layer -> its mesh, and of which features it is

  /* The round bodies of a layer; ``changed``: numbers of those that look otherwise than before, null: all. */
  function round(features, spec, version, changed) {
    const before = meshes.get(features.spec.key);
    const mesh = before && before.of === features.id ? before.mesh : room(features.id.map((_, at) => 4 * SIDES * shapeOf(features, at).faces));
    const fresh = !before || before.mesh !== mesh;
    (fresh || !changed ? features.id.map((_, at) => at) : changed).forEach((at) => draw(features, mesh, at));
    meshes.set(features.spec.key, { mesh, of: features.id });
    return { mesh, version, touched: changed, parameters: parktwin.deckPaint.SOLID };
  }

  /* Posts with a flat top, [{ lon, lat, foot, radius, height, colour }] in metres. */
  function posts(found, sides) {
    const mesh = room(found.map(() => 8 * sides));
    found.forEach(({ lon, lat, foot, radius, height, colour }, at) => {
      const put = writer(mesh, mesh.starts(at), { lon, lat });
      for (let side = 0; side < sides; side += 1) {
        const [[ax, ay], [bx, by]] = [side, side + 1].map((each) => (each / sides) * 2 * Math.PI).map((turn) => [radius * Math.cos(turn), radius * Math.sin(turn)]);
        put([[ax, ay, foot, ax, ay, 0], [bx, by, foot, bx, by, 0], [ax, ay, foot + height, ax, ay, 0], [bx, by, foot + height, bx, by, 0]], colour);
        put([[0, 0, foot + height, 0, 0, 1], [0, 0, foot + height, 0, 0, 1], [ax, ay, foot + height, 0, 0, 1], [bx, by, foot + height, 0, 0, 1]], colour);
      }
    });
    return mesh;
  }

  parktwin.deckBodies = { round, posts };
})((window.parktwin = window.parktwin || {}));
