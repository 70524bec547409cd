/* What can be drawn: a path, a polygon, a circle; as the address carries it, as the server is asked of it, and its measures. */
(function (parktwin) {
  "use strict";

  const PER_DEGREE = 1e6; // about 0.1 m
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const KINDS = { m: "path", p: "polygon", c: "circle" };
  const LEAST = { path: 2, polygon: 3, circle: 1 };
  const MOST = 500; // corners drawn by hand
  const MOST_RADIUS_M = 50000;

  /* Whole numbers, five bits a letter, the lowest first; the sixth bit says that more follow. */
  function pack(number) {
    let left = number < 0 ? -2 * number - 1 : 2 * number;
    let said = "";
    while (left >= 32) {
      said += LETTERS[32 + (left % 32)];
      left = Math.floor(left / 32);
    }
    return said + LETTERS[left];
  }

  function unpack(text) {
    const found = [];
    let number = 0;
    let scale = 1;
    for (const letter of text) {
      const bits = LETTERS.indexOf(letter);
      if (bits < 0) return null;
      number += (bits % 32) * scale;
      scale *= 32;
      if (bits >= 32) continue;
      found.push(number % 2 ? -(number + 1) / 2 : number / 2);
      [number, scale] = [0, 1];
    }
    return scale === 1 ? found : null;
  }

  /* Each place as steps from the one before. */
  function packed(places) {
    let before = [0, 0];
    return places.map((place) => {
      const now = place.map((each) => Math.round(each * PER_DEGREE));
      const said = now.map((each, axis) => pack(each - before[axis])).join("");
      before = now;
      return said;
    }).join("");
  }

  function unpacked(text) {
    const numbers = unpack(text);
    if (!numbers || numbers.length % 2) return [];
    const at = [0, 0];
    return Array.from({ length: numbers.length / 2 }, (_, step) => {
      at[0] += numbers[2 * step];
      at[1] += numbers[2 * step + 1];
      return [at[0] / PER_DEGREE, at[1] / PER_DEGREE];
    });
  }

  function encode({ kind, places, radius_m }) {
    const letter = Object.keys(KINDS).find((each) => KINDS[each] === kind);
    if (kind === "circle") return `${letter}:${places[0].map((each) => each.toFixed(6)).join(",")},${Number(radius_m.toFixed(1))}`;
    return `${letter}:${packed(places)}`;
  }

  /* What an address says; null where it says no shape. */
  function decode(said) {
    const kind = said && said[1] === ":" ? KINDS[said[0]] : null;
    if (!kind) return null;
    return sound(kind === "circle" ? circleOf(said.slice(2)) : { kind, places: unpacked(said.slice(2)) });
  }

  function circleOf(text) {
    const [lon, lat, radius_m] = text.split(",").map(Number);
    return { kind: "circle", places: [[lon, lat]], radius_m };
  }

  function sound(shape) {
    const { kind, places, radius_m } = shape;
    const enough = places.length >= LEAST[kind] && places.length <= MOST;
    const onEarth = places.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 85);
    return enough && onEarth && (kind !== "circle" || (radius_m >= 1 && radius_m <= MOST_RADIUS_M)) ? shape : null;
  }

  /* The question to the server; a path has no inside. */
  function body({ kind, places, radius_m }, layers) {
    const [lon, lat] = places[0];
    if (kind === "circle") return { circle: { lon, lat, radius_m }, layers };
    return { type: "Polygon", coordinates: [[...places, places[0]]], layers };
  }

  /* Places along its edge, for drawing. */
  function outline({ kind, places, radius_m }) {
    return kind === "circle" ? parktwin.ground.ring(places[0], radius_m) : places;
  }

  function measures({ kind, places, radius_m }) {
    const { ground } = parktwin;
    if (kind === "circle") return { radius_m, length_m: 2 * Math.PI * radius_m, area_m2: Math.PI * radius_m ** 2 };
    if (kind === "path") return { length_m: ground.along(places), area_m2: null };
    return { length_m: ground.along([...places, places[0]]), area_m2: ground.area(places) };
  }

  function bounds(shape) {
    return L.latLngBounds(outline(shape).map(([lon, lat]) => [lat, lon]));
  }

  parktwin.shapes = { encode, decode, sound, body, outline, measures, bounds, LEAST, MOST, MOST_RADIUS_M };
})((window.parktwin = window.parktwin || {}));
