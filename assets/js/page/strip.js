/* What is always live, whatever moment is shown: the headline, how fresh the data are, and notices. */
(function (parktwin) {
  "use strict";

  const { el, say, text, toggle, part, attr } = parktwin.dom;
  const notices = new Map();
  const loud = new Map(); // S and A alarms cried since somebody looked, by id
  let panels = {};
  let waits = 0;
  let gathered = null; // what is cried within a moment is said together: a thousand sentences would be a frozen page
  const GATHER_MS = 50;

  function start() {
    parktwin.live.watch("strip", {}, take);
    parktwin.live.onState(connection);
    parktwin.live.onState((state) => state === "live" && catchUp());
    parktwin.live.on("alarm", cried);
    parktwin.ages.onTick(() => {
      fresh();
      connection();
      parktwin.panels.agePanels();
    });
    parktwin.url.onChange(redraw);
  }

  function take(frame, whole) {
    if (frame.error) return;
    panels = whole ? frame.panels : { ...panels, ...frame.panels };
    redraw();
    if (frame.panels.timeline) {
      parktwin.time.marks(panels.timeline);
      parktwin.shell.counts(panels.timeline.open);
    }
  }

  function redraw() {
    headline();
    fresh();
    parktwin.wind.take(panels.wind_now);
    drawNotices();
  }

  function of(panel) {
    return { screen: "strip", panel };
  }

  function headline() {
    const box = parktwin.cid.place("headline");
    const { at } = parktwin.url.state;
    say(part(box, "mode", () => el("span", "park-mode")), parktwin.wartime.word());
    const sign = part(box, "sign", () => el("span", "shape"));
    const said = part(box, "said", () => el("span", "said"));
    const sub = part(box, "sub", () => el("span", "sub"));
    const live = part(box, "live", () => el("button", "live"));
    live.hidden = !at;
    sub.hidden = Boolean(at);
    if (at) past(sign, said, live, at);
    else now(sign, said, sub);
  }

  function now(sign, said, sub) {
    const content = panels.headline;
    const colour = content && content.level;
    parktwin.panels.levelShape(sign, colour || null);
    sign.hidden = !colour;
    parktwin.explain.mark(said, of("headline"));
    say(said, content ? content.text : { key: parktwin.live.state === "lost" ? "ui.lost.never" : "ui.connecting" });
    say(sub, content ? content.sub : null);
    attr(said, "title", said.textContent);
    const worst = panels.timeline && panels.timeline.banner && panels.timeline.banner[0];
    parktwin.actions.bind(said, worst ? parktwin.actions.of(worst) : null);
  }

  const COLOURS = { S: "red", A: "red", B: "orange", C: "yellow", D: "blue" };

  function past(sign, said, live, at) {
    sign.hidden = true;
    say(said, { key: "ui.past.showing", args: { at: parktwin.time.label(at) } });
    parktwin.actions.bind(said, null);
    const open = (panels.timeline && panels.timeline.open) || {};
    const worst = Object.keys(COLOURS).find((level) => open[level]);
    live.dataset.colour = worst ? COLOURS[worst] : "none";
    const word = parktwin.i18n.say(worst ? { key: "ui.past.live", args: { n: open[worst], level: worst } } : { key: "ui.past.quiet" });
    text(live, `${word} · ${parktwin.i18n.say({ key: "ui.to_live" })}`);
    live.onclick = () => parktwin.url.set({ at: null });
  }

  function fresh() {
    const box = parktwin.cid.place("freshness");
    const items = panels.freshness ? panels.freshness.items : [];
    const newest = items.find((each) => each.key === "newest");
    const sources = items.find((each) => each.key === "sources");
    const lamp = part(box, "lamp", () => el("i", "lamp"));
    const age = newest && newest.value.ts ? (parktwin.ages.now() - Date.parse(newest.value.ts)) / 1000 : null;
    toggle(lamp, "late", parktwin.live.state !== "live" || age === null || parktwin.ages.isStale(panels.freshness.meta));
    const said = parktwin.explain.mark(part(box, "said", () => el("span")), of("freshness"), "items", "newest");
    say(said, age === null ? { key: "ui.fresh.none" } : { key: "ui.fresh", args: { age: parktwin.i18n.age(age) } });
    const heard = part(box, "sources", () => el("button", "sources"));
    heard.hidden = !sources;
    if (!sources) return;
    parktwin.explain.mark(heard, of("freshness"), "items", "sources");
    say(heard, { key: "ui.sources", args: { n: sources.value.value, of: sources.of } });
    parktwin.actions.bind(heard, parktwin.actions.of(sources, of("freshness")));
  }

  /* The page says when it has lost its source, and how old that is which it still shows. */
  function connection() {
    const lost = parktwin.live.state === "lost";
    toggle(parktwin.shell.root(), "lost", lost && !parktwin.url.state.at);
    const { heardAt } = parktwin.live;
    if (!lost) notice("lost", null);
    else if (heardAt === null) notice("lost", { key: "ui.lost.never" });
    else notice("lost", { key: "ui.lost", args: { at: { at: new Date(heardAt).toISOString() }, age: parktwin.i18n.duration((Date.now() - heardAt) / 1000) } });
  }

  /* An S or A alarm is said at once, those of one unit together; clicking flies there. */
  function cried(alarm) {
    loud.delete(alarm.id);
    if (alarm.open && alarm.stage === "new") loud.set(alarm.id, alarm);
    gathered ??= setTimeout(call, GATHER_MS);
  }

  function call() {
    gathered = null;
    parktwin.sound.call([...loud.keys()]);
    banner();
  }

  /* What was cried before the page came, or while it had lost its source, is cried now. */
  async function catchUp() {
    const before = new Set(loud.keys());
    try {
      const { alarms } = await parktwin.dom.fetchJson("/api/v1/alarms?level=S,A&stage=new&state=open&limit=100");
      const meanwhile = [...loud].filter(([id]) => !before.has(id));
      loud.clear();
      alarms.reverse().filter((each) => each.active).forEach((each) => loud.set(each.id, { ...each, unit_id: each.point || each.owner }));
      meanwhile.forEach(([id, each]) => loud.set(id, each)); // the answer may be older than they are
      call();
    } catch (error) {
      window.console.warn(error);
    }
  }

  function banner() {
    const all = [...loud.values()];
    const last = all[all.length - 1];
    if (!last) {
      notice("alarm", null);
      return;
    }
    const what = { zh: last.name_zh || last.point, en: last.name_en || last.point };
    const beside = all.filter((each) => each.unit_id === last.unit_id).length - 1;
    const units = new Set(all.map((each) => each.unit_id)).size - 1;
    const folded = beside ? { key: "ui.alarm.unit", args: { n: beside } } : "";
    const more = units ? { key: "ui.alarm.units", args: { n: units } } : "";
    const said = { key: "ui.alarm", args: { level: last.level, what, at: { at: last.alarm_at }, more: { zh: parktwin.i18n.say(folded) + parktwin.i18n.say(more), en: parktwin.i18n.say(folded) + parktwin.i18n.say(more) } } };
    const quiet = parktwin.sound.silent ? null : { label: { key: "ui.alarm.silence" }, onClick: () => { parktwin.sound.silence(); banner(); } };
    notice("alarm", said, { key: "ui.alarm.show" }, () => {
      loud.clear();
      parktwin.sound.call([]);
      notice("alarm", null);
      parktwin.url.set({ at: null, sel: { layer: "alarms", id: last.id } });
    }, quiet);
  }

  /* A sentence over the page by its key; null takes it away. */
  function notice(key, said, button, onClick, other) {
    if (said) notices.set(key, { said, button, onClick, other });
    else if (!notices.delete(key)) return;
    drawNotices();
  }

  function drawNotices() {
    const box = parktwin.cid.place("notice");
    const [key, last] = [...notices].pop() || [];
    if (!last) {
      if (box.firstChild) box.replaceChildren();
      box._key = null;
      return;
    }
    if (box._key !== key || !box.firstChild) {
      box._key = key;
      const act = el("button", "act");
      act.addEventListener("click", () => box._do && box._do());
      box.replaceChildren(el("span"), act);
      attr(box, "role", "alert");
    }
    box._do = last.onClick;
    second(box, last.other || null);
    say(box.firstChild, last.said);
    box.lastChild.hidden = !last.button;
    if (last.button) say(box.lastChild, last.button);
  }

  /* What else can be done about a notice, before what mostly is. */
  function second(box, other) {
    if (box.children.length > 2) box.children[1].remove();
    if (!other) return;
    const act = say(el("button", "act"), other.label);
    act.addEventListener("click", other.onClick);
    box.lastChild.before(act);
  }

  /* A wait sign for what takes longer than a blink; call the answer when it is over. */
  function wait() {
    let over = false;
    const begun = setTimeout(() => { waits += 1; showWait(); }, 300);
    return () => {
      if (over) return;
      over = true;
      clearTimeout(begun);
      waits = Math.max(0, waits - 1);
      showWait();
    };
  }

  function showWait() {
    const box = parktwin.cid.place("wait");
    if (!waits) box.replaceChildren();
    else if (!box.firstChild) box.append(el("div", "run"));
    attr(box, "aria-busy", waits ? "true" : null);
  }

  parktwin.strip = { start, redraw, notice, wait, get panels() { return panels; } };
})((window.parktwin = window.parktwin || {}));
