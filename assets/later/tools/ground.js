/* Lengths and areas on the ground: WGS 84, the mid-latitude formula and the sinusoidal projection, as models/inside.py has them. */
(function (parktwin) {
  "use strict";

  const AXIS_M = 6378137;
  const ECCENTRICITY_2 = 0.00669437999014;
  const RADIANS = Math.PI / 180;
  const SIDES = 128;

  /* Metres to the east and to the north that a degree has at a latitude. */
  function perDegree(lat) {
    const bent = 1 - ECCENTRICITY_2 * Math.sin(lat * RADIANS) ** 2;
    return [(AXIS_M * Math.cos(lat * RADIANS) * RADIANS) / Math.sqrt(bent), (AXIS_M * (1 - ECCENTRICITY_2) * RADIANS) / bent ** 1.5];
  }

  function between([lon1, lat1], [lon2, lat2]) {
    const [east, north] = perDegree((lat1 + lat2) / 2);
    return Math.hypot((lon2 - lon1) * east, (lat2 - lat1) * north);
  }

  /* Degrees clockwise from north. */
  function bearing([lon1, lat1], [lon2, lat2]) {
    const [east, north] = perDegree((lat1 + lat2) / 2);
    return (Math.atan2((lon2 - lon1) * east, (lat2 - lat1) * north) / RADIANS + 360) % 360;
  }

  function steps(places) {
    return places.slice(1).map((each, at) => between(places[at], each));
  }

  const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);

  function along(places) {
    return sum(steps(places));
  }

  /* Square metres inside a ring that is not closed. */
  function area(places) {
    if (places.length < 3) return 0;
    const [lon0, lat0] = places[0];
    const flat = places.map(([lon, lat]) => [(lon - lon0) * perDegree(lat)[0], (lat - lat0) * perDegree((lat + lat0) / 2)[1]]);
    return Math.abs(sum(flat.map(([x, y], at) => {
      const [nextX, nextY] = flat[(at + 1) % flat.length];
      return x * nextY - nextX * y;
    }))) / 2;
  }

  /* The place so many metres from another, in a direction in degrees. */
  function from([lon, lat], metres, degrees) {
    const up = metres * Math.cos(degrees * RADIANS);
    const first = lat + up / perDegree(lat)[1];
    const [east, north] = perDegree((lat + first) / 2);
    return [lon + (metres * Math.sin(degrees * RADIANS)) / east, lat + up / north];
  }

  function ring(centre, metres) {
    return Array.from({ length: SIDES }, (_, at) => from(centre, metres, (360 * at) / SIDES));
  }

  /* 86.4 m, 532 m, 12.35 km. */
  function length(metres) {
    if (metres >= 1000) return { value: metres / 1000, digits: 2, unit: "km" };
    return { value: metres, digits: metres < 100 ? 1 : 0, unit: "m" };
  }

  /* 840 m², 3.25 ha, 1.42 km². */
  function ground(m2) {
    if (m2 >= 1e6) return { value: m2 / 1e6, digits: 2, unit: "km²" };
    return m2 >= 1e4 ? { value: m2 / 1e4, digits: 2, unit: "ha" } : { value: m2, digits: 0, unit: "m²" };
  }

  parktwin.ground = { between, bearing, steps, along, area, from, ring, length, ground };
})((window.parktwin = window.parktwin || {}));
