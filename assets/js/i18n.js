/* Words, numbers and times in the viewer's language and the park's time zone. */
(function (parktwin) {
  "use strict";

  const LOCALES = { zh: "zh-CN", en: "en-GB" };
  const catalogues = {};
  const formats = new Map();
  const listeners = new Set();
  let lang = "zh";
  let zone = "Asia/Shanghai";
  let addresses = {};

  function configure(config) {
    zone = config.park.zone;
    addresses = config.locale;
  }

  async function use(next) {
    if (!catalogues[next]) catalogues[next] = await parktwin.dom.fetchJson(addresses[next]);
    lang = next;
    document.documentElement.lang = LOCALES[lang];
    listeners.forEach((listener) => listener(lang));
  }

  function format(kind, options) {
    const key = lang + kind + JSON.stringify(options);
    if (!formats.has(key)) formats.set(key, new Intl[kind](LOCALES[lang], options));
    return formats.get(key);
  }

  function number(value, digits) {
    if (value === null || value === undefined || !Number.isFinite(Number(value))) return "—";
    const most = digits === undefined ? 2 : digits;
    return format("NumberFormat", { minimumFractionDigits: digits || 0, maximumFractionDigits: most }).format(value);
  }

  function when(iso, options) {
    return format("DateTimeFormat", { timeZone: zone, hourCycle: "h23", ...options }).format(new Date(iso));
  }

  const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };
  const MINUTE = { hour: "2-digit", minute: "2-digit" };
  const SECOND = { ...MINUTE, second: "2-digit" };

  function sameDay(iso, other) {
    return when(iso, DAY) === when(other, DAY);
  }

  /* Hour and minute; the date stands before it when it is not the day one looks at. */
  function clock(iso, precise) {
    const time = when(iso, precise ? SECOND : MINUTE);
    return sameDay(iso, parktwin.ages.shown()) ? time : `${when(iso, { month: "2-digit", day: "2-digit" })} ${time}`;
  }

  function date(iso) {
    const day = lang === "zh" ? { month: "long", day: "numeric", weekday: "short" } : { weekday: "short", day: "numeric", month: "short" };
    return when(iso, day);
  }

  function stamp(iso) {
    return when(iso, { ...DAY, ...SECOND });
  }

  const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

  /* Two units at most: 2 h 5 min, 4 min, 12 s. */
  function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const at = UNITS.findIndex(([, size]) => whole >= size);
    if (at < 0) return unitWord(0, "s");
    const [name, size] = UNITS[at];
    const first = unitWord(Math.floor(whole / size), name);
    const rest = UNITS[at + 1];
    const more = rest && at < 2 ? Math.floor((whole % size) / rest[1]) : 0;
    return more ? `${first} ${unitWord(more, rest[0])}` : first;
  }

  function unitWord(count, name) {
    return fill(phrase(`ui.unit.${name}`), { n: String(count) });
  }

  /* 2:19:08, as in tables. */
  function stopwatch(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    return shown.map((each, index) => (index ? String(each).padStart(2, "0") : String(each))).join(":");
  }

  function age(seconds) {
    return seconds < 10 ? unitWord(number(Math.max(0, seconds), 1), "s") : duration(seconds);
  }

  function phrase(key) {
    const found = catalogues[lang] && catalogues[lang][key];
    return found === undefined ? key : found;
  }

  function knows(key) {
    return Boolean(catalogues[lang] && catalogues[lang][key] !== undefined);
  }

  function fill(pattern, args) {
    return pattern.replace(/\{(\w+)\}/g, (_, name) => (name in args ? say(args[name]) : ""));
  }

  /* English counts one of a thing otherwise than many: "{key}.one" is used where it exists and an argument n is 1. */
  function counted(key, args) {
    return args && args.n === 1 && knows(`${key}.one`) ? `${key}.one` : key;
  }

  function say(said) {
    if (said === null || said === undefined) return "";
    if (typeof said === "string") return said;
    if (typeof said === "number") return number(said);
    if (Array.isArray(said)) return said.map(say).join(lang === "zh" ? "、" : ", ");
    if (said.key !== undefined) return fill(phrase(counted(said.key, said.args)), said.args || {});
    if (said.zh !== undefined || said.en !== undefined) return said[lang] || said.zh || said.en || "";
    if (said.at) return clock(said.at);
    if (said.since) return duration((parktwin.ages.shown() - Date.parse(said.since)) / 1000);
    if (said.until) return duration((Date.parse(said.until) - parktwin.ages.shown()) / 1000);
    if ("value" in said) return measured(said);
    return "";
  }

  function measured(said) {
    const shown = typeof said.value === "object" && said.value !== null ? say(said.value) : number(said.value, said.digits);
    if (!said.unit || shown === "—") return shown;
    return said.unit === "%" && lang === "zh" ? `${shown}%` : `${shown} ${said.unit}`;
  }

  const QUARTER_MS = 900000; // an offset never changes within a quarter of an hour
  const MOST_OFFSETS = 10000;
  const offsets = new Map();

  /* Offset of the park's time zone at a moment, in milliseconds. */
  function offsetAt(ms) {
    const quarter = Math.floor(ms / QUARTER_MS);
    if (offsets.size > MOST_OFFSETS) offsets.clear();
    if (!offsets.has(quarter)) offsets.set(quarter, findOffset(quarter * QUARTER_MS));
    return offsets.get(quarter);
  }

  function findOffset(ms) {
    const parts = format("DateTimeFormat", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(ms);
    const get = (type) => Number(parts.find((each) => each.type === type).value);
    return Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second")) - Math.floor(ms / 1000) * 1000;
  }

  /* For an input of local time: there and back. */
  function toLocal(ms) {
    return new Date(ms + offsetAt(ms)).toISOString().slice(0, 19);
  }

  function fromLocal(text) {
    const naive = Date.parse(`${text}Z`);
    return naive - offsetAt(naive - offsetAt(naive));
  }

  parktwin.i18n = {
    configure, use, say, number, measured, clock, date, stamp, when, duration, stopwatch, age, knows, toLocal, fromLocal, offsetAt,
    get lang() { return lang; },
    onChange: (listener) => listeners.add(listener),
    SECOND, MINUTE,
  };
})((window.parktwin = window.parktwin || {}));
