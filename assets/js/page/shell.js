/* The page itself: starts everything once Dash has made the places, hears its buttons, and answers Dash's clientside callbacks. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, toggle } = parktwin.dom;
  const IDLE_MS = 600000;
  const OTHER_LANGUAGE = { zh: "EN", en: "中文" }; // each language names itself
  let config = null;
  let started = null;
  let lastTouch = Date.now();
  let waiting = null; // open alarms S to C: { colour, n, open }
  let early = []; // names of the buttons that were pressed before everything had come; null from then on

  function screenAt(path) {
    return config.screens.find((each) => each.path === path) || null;
  }

  function screenNamed(key) {
    return config.screens.find((each) => each.key === key);
  }

  function goTo(key) {
    const screen = screenNamed(key);
    if (screen) parktwin.url.go(screen);
  }

  /* Dash has made the shell: all that need not wait for the screen's places begins now. */
  function configured(said) {
    started = begin(said);
    started.catch(failed);
  }

  /* Dash has put a body in its place (first at start, then with every screen). */
  function mounted() {
    if (started) started.then(() => parktwin.screen.mounted(screenAt(parktwin.url.state.path))).catch(failed);
  }

  async function begin(said) {
    config = said;
    parktwin.i18n.configure(config);
    const words = parktwin.i18n.use(parktwin.url.state.lang);
    const symbols = parktwin.icons.load(config.assets.symbols);
    parktwin.people.start(config);
    parktwin.live.on("build", newBuild);
    parktwin.wall.start();
    parktwin.wartime.start();
    parktwin.live.start(config.build);
    parktwin.actions.start();
    const first = screenAt(parktwin.url.state.path);
    parktwin.map.prepare(config, first ? first.layers : []);
    const map = parktwin.map.start();
    await Promise.all([words, symbols, map]);
    parktwin.ages.start();
    listen();
    parktwin.screen.enter(screenAt(parktwin.url.state.path));
    parktwin.wind.start();
    parktwin.sound.start();
    parktwin.strip.start();
    parktwin.inbox.start();
    parktwin.since.start(config);
    mode();
    language();
    parktwin.time.start();
    parktwin.kiosk.start();
    parktwin.history.start();
    parktwin.tools.start();
    parktwin.space.start();
    const waiting = early;
    early = null;
    waiting.forEach(press);
  }

  function failed(error) {
    window.console.error(error);
    parktwin.strip.notice("start", { key: "ui.error.start" });
  }

  function listen() {
    parktwin.url.onChange(changed);
    parktwin.i18n.onChange(language);
    parktwin.ages.onTick(clock);
    ["pointerdown", "keydown", "wheel"].forEach((name) => document.addEventListener(name, () => { lastTouch = Date.now(); }, { passive: true }));
    document.addEventListener("keydown", (event) => event.key === "Escape" && escape());
  }

  /* What is on top closes first. */
  function escape() {
    if (parktwin.drawer.close() || parktwin.search.close() || parktwin.layers.close() || parktwin.history.close()) return;
    parktwin.url.set({ sel: null });
  }

  function changed(state, before) {
    if (state.lang !== before.lang) parktwin.i18n.use(state.lang).catch(failed);
    if (state.mode !== before.mode) mode();
    nav();
  }

  function root() {
    return document.querySelector(".pt");
  }

  function mode() {
    ["desk", "wall", "kiosk"].forEach((each) => toggle(root(), `mode-${each}`, parktwin.url.state.mode === each));
    parktwin.marks.forget();
    parktwin.map.repaint();
  }

  function language() {
    parktwin.cid.store("lang", parktwin.i18n.lang);
    say(parktwin.cid.place("park"), config.park.name);
    text(parktwin.cid.place("lang"), OTHER_LANGUAGE[parktwin.i18n.lang]);
    document.title = parktwin.i18n.say(config.park.name);
    nav();
    clock();
    parktwin.panels.redraw();
    parktwin.map.repaint();
    [parktwin.strip, parktwin.sound, parktwin.time, parktwin.layers, parktwin.search, parktwin.detail, parktwin.drawer, parktwin.screen].forEach((each) => each.redraw());
  }

  const COLOURS = { S: "red", A: "red", B: "orange", C: "yellow" };

  /* How many alarms S to C are open, beside the desk's name, in the colour of the worst; on every screen, at every moment. */
  function counts(open) {
    const worst = Object.keys(COLOURS).find((level) => open[level]);
    waiting = worst ? { colour: COLOURS[worst], n: Object.keys(COLOURS).reduce((sum, level) => sum + (open[level] || 0), 0), open } : null;
    nav();
  }

  function count(link, key) {
    const badge = parktwin.dom.part(link, "count", () => el("b", "count"));
    const unread = key === "messages" ? parktwin.inbox.unread : 0;
    badge.hidden = !unread && (key !== "alarms" || !waiting);
    if (badge.hidden) return;
    if (unread) {
      parktwin.panels.colourOf(badge, "blue");
      text(badge, unread > 999 ? "999+" : unread);
      attr(badge, "title", parktwin.i18n.say({ key: "inbox.unread", args: { n: unread } }));
      return;
    }
    parktwin.panels.colourOf(badge, waiting.colour);
    text(badge, waiting.n > 999 ? "999+" : waiting.n);
    attr(badge, "title", Object.keys(COLOURS).filter((level) => waiting.open[level]).map((level) => `${level} ${waiting.open[level]}`).join(" · "));
  }

  function nav() {
    const here = screenAt(parktwin.url.state.path);
    say(parktwin.cid.place("title"), here ? here.title : "");
    parktwin.dom.keyed(parktwin.cid.place("screens"), config.screens, (each) => each.key, (each) => {
      const link = el("a", "", el("span"));
      link.addEventListener("click", (event) => follow(event, each));
      return link;
    }, (link, each) => {
      say(link.firstChild, each.title);
      attr(link, "href", parktwin.url.addressOf(each));
      attr(link, "aria-current", each === here ? "page" : null);
      count(link, each.key);
    });
  }

  function follow(event, screen) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    parktwin.url.go(screen);
  }

  function clock() {
    const box = parktwin.cid.place("clock");
    const now = parktwin.ages.now();
    text(parktwin.dom.part(box, "hour", () => el("span", "hour")), parktwin.i18n.when(now, parktwin.i18n.SECOND));
    text(parktwin.dom.part(box, "day", () => el("span", "day")), parktwin.i18n.date(now));
  }

  /* The server's code has changed: an unwatched page takes the new one by itself, a desk is asked. */
  function newBuild() {
    const idle = parktwin.url.state.mode !== "desk" || Date.now() - lastTouch > IDLE_MS;
    if (idle) window.location.reload();
    else parktwin.strip.notice("build", { key: "ui.new_build" }, { key: "ui.reload" }, () => window.location.reload());
  }

  /* Phrases of the shell, by the catalogue's key that is the name of their id. */
  function phrases(lang, ids) {
    return ids.map((id) => (lang ? parktwin.i18n.say({ key: id.name }) : window.dash_clientside.no_update));
  }

  const PRESSED = {
    search: () => parktwin.search.toggle(),
    layers: () => parktwin.layers.toggle(),
    zoom_in: () => parktwin.map.zoom(0.5),
    zoom_out: () => parktwin.map.zoom(-0.5),
    home: () => parktwin.map.home(true),
    tools: () => parktwin.tools.menu(),
    views: () => parktwin.tools.views(),
    space: () => parktwin.space.toggle(),
    lang: () => parktwin.url.set({ lang: parktwin.url.state.lang === "zh" ? "en" : "zh" }, { replace: true }),
    wall: () => parktwin.url.set({ mode: "wall", sel: null }),
    sound: () => parktwin.sound.toggle(),
    kiosk: () => parktwin.url.set({ mode: "kiosk", sel: null }),
    sign_out: () => parktwin.people.signOut(),
  };

  function press(name) {
    if (early) early.push(name);
    else PRESSED[name]();
  }

  /* In the very event of the press: what is typed next must find its field. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-press]");
    if (button) press(button.dataset.press);
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    parktwin: {
      configured, mounted, phrases,
      detailed: (said) => { if (said) parktwin.detail.answered(said); },
      listed: (said) => { if (said) parktwin.drawer.answered(said); },
    },
  });

  parktwin.shell = {
    goTo, screenAt, screenNamed, root, counts, nav, IDLE_MS,
    get config() { return config; },
    get lastTouch() { return lastTouch; },
  };
})((window.parktwin = window.parktwin || {}));
