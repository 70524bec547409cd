/* What whoever looks was told in the app: asked for by the page itself, for a frame is the same for everybody; and how
   much of it is unread, beside the name of its screen. */
(function (parktwin) {
  "use strict";

  const { el, say, attr, part, keyed, button, toggle, fetchJson } = parktwin.dom;
  const WHERE = "/api/v1/messages/mine";
  const AGAIN_MS = 30000;
  const SHOWS = { // where what a message is about is shown
    alarm: (one) => parktwin.url.set({ sel: { layer: "alarms", id: one.subject } }),
    approval: ({ notice }) => {
      const page = notice.split(":")[1]; // the book it stands in
      parktwin.requests.begin({ screen: "alarms", page, panel: `alarm_${page}` });
    },
  };
  const open = new Set(); // elements that show an inbox
  let unread = 0;
  let timer = null;

  parktwin.panels.teach("inbox", (node, content) => {
    node._empty = content.empty;
    node._where = content.where;
    parktwin.filters.bar(part(node, "filters", () => el("div", "ledger-bar")), content);
    open.add(node);
    fill(node);
  });

  async function fill(node) {
    const { at } = parktwin.url.state;
    const wanted = asked();
    try {
      const said = await fetchJson(node._where + wanted);
      if (wanted !== asked()) return; // chosen anew meanwhile: that answer is under way
      draw(node, said);
      if (!at) count(said.unread);
    } catch (error) {
      parktwin.strip.notice("asked", { key: "ui.error.page" });
      window.console.warn(error);
    }
  }

  function asked() {
    const { at, params } = parktwin.url.state;
    const unread = params.show === "unread" ? "1" : null;
    const said = Object.entries({ at, unread, kind: params.kind }).filter(([, value]) => value);
    return said.length ? `?${new URLSearchParams(said)}` : "";
  }

  function draw(node, { messages, unread: left }) {
    const bar = part(node, "bar", () => el("div", "ledger-bar", button("act-button", null, () => read(null))));
    const { at, params } = parktwin.url.state;
    bar.hidden = !left || Boolean(at || params.kind); // all means those of every kind
    say(bar.firstChild, { key: "inbox.read_all", args: { n: left } });
    keyed(part(node, "rows", () => el("ul", "requests inbox")), messages, (one) => one.id, make, fillRow);
    const none = part(node, "none", () => el("p", "empty"));
    none.hidden = messages.length > 0;
    say(none, node._empty);
  }

  function make() {
    return el("li", "", el("div", "", el("b"), el("span", "quiet")), el("div", "request-right", el("b"), el("span", "quiet")), el("div", "acts"));
  }

  function fillRow(row, one) {
    const [what, right, acts] = row.children;
    attr(row, "data-id", one.id);
    toggle(row, "unread", !one.read_at);
    say(what.firstChild, { zh: one.title_zh, en: one.title_en });
    say(what.lastChild, { zh: one.body_zh, en: one.body_en });
    say(right.firstChild, { key: one.read_at ? "message_state.read" : "inbox.new" });
    say(right.lastChild, parktwin.i18n.stamp(one.posted_at));
    const live = !parktwin.url.state.at;
    const names = [...(one.kind in SHOWS ? ["show"] : []), ...(live && !one.read_at ? ["read"] : [])];
    const press = { show: (which) => show(which), read: (which) => read([which.id]) };
    keyed(acts, names, (name) => name, (name) => button("act-button", null, (event) => press[name](event.currentTarget._one)), (act, name) => {
      act._one = one;
      say(act, { key: name === "show" ? `inbox.show.${one.kind}` : `inbox.${name}` });
    });
  }

  function show(one) {
    read([one.id]);
    SHOWS[one.kind](one);
  }

  async function read(ids) {
    const answer = await parktwin.forms.send(`${WHERE}/read`, ids ? { ids } : {});
    if (answer) again();
  }

  function again() {
    [...open].forEach((node) => (node.isConnected ? fill(node) : open.delete(node)));
    if (!open.size) look();
  }

  function count(n) {
    if (unread === n) return;
    unread = n;
    parktwin.shell.nav();
  }

  async function look() {
    try {
      count((await fetchJson(`${WHERE}?unread=1&limit=1`)).unread);
    } catch (error) {
      window.console.warn(error);
    }
  }

  function start() {
    parktwin.live.on("told", again);
    parktwin.live.onState((state) => state === "live" && again());
    timer ??= setInterval(() => !document.hidden && again(), AGAIN_MS);
  }

  parktwin.inbox = { start, get unread() { return unread; } };
})((window.parktwin = window.parktwin || {}));
