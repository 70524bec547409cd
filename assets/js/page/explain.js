/* Where a figure comes from: a quiet sign beside what the pointer or the focus is on, a key, and the answer in the drawer. */
(function (parktwin) {
  "use strict";

  const { attr, button, part, toggle } = parktwin.dom;
  const AWAY_MS = 400;
  const ROWS = 200;
  let sign = null; // the one that follows the pointer
  let over = null; // the figure that it stands at
  let away = 0;

  /* What a node shows: a path in the content of a panel; the end of it in a part of a content is told by the context. */
  function mark(node, context, ...steps) {
    if (!context || !context.screen) return node;
    const path = [...(context.path || []), ...steps].map((step) => String(step).replace(/~/g, "~0").replace(/\//g, "~1"));
    node._figure = { screen: context.screen, panel: context.panel, path: path.join("/") };
    return node;
  }

  /* The context of a part of a content. */
  function inside(context, ...steps) {
    return context && context.screen ? { ...context, path: [...(context.path || []), ...steps] } : context;
  }

  function of(node) {
    for (let each = node; each && each !== document; each = each.parentNode) {
      if (each._figure) return each;
    }
    return null;
  }

  function pathAt(node) {
    const found = of(node);
    return found ? found._figure.path : "";
  }

  function atDesk() {
    return parktwin.url.state.mode === "desk";
  }

  /* Every plate has a sign of its own, for the keyboard and for figures that nothing else leads to. */
  function plate(node, context) {
    const why = part(node, "why", () => button("why", null, () => open(context.screen, context.panel)));
    why.textContent = "?";
    name(why);
  }

  function name(why) {
    const said = parktwin.i18n.say({ key: "explain.ask" });
    attr(attr(why, "aria-label", said), "title", said);
  }

  function follow(event) {
    if (event.pointerType === "touch" || !atDesk()) return;
    const node = event.target === sign ? over : of(event.target);
    window.clearTimeout(away);
    if (node && !parktwin.cid.place("drawer").contains(node)) stand(node);
    else away = window.setTimeout(hide, AWAY_MS);
  }

  function stand(node) {
    if (!sign) {
      sign = button("why floats", null, () => over && openAt(over));
      sign.textContent = "?";
      sign.tabIndex = -1;
      parktwin.shell.root().append(sign);
    }
    over = node;
    name(sign);
    const { right, top } = node.getBoundingClientRect();
    sign.style.left = `${Math.min(right, window.innerWidth - sign.offsetWidth / 2)}px`;
    sign.style.top = `${top}px`;
    toggle(sign, "shown", true);
  }

  function hide() {
    over = null;
    if (sign) toggle(sign, "shown", false);
  }

  function openAt(node) {
    const { screen, panel, path } = node._figure;
    hide();
    open(screen, panel, path);
  }

  /* What has the focus, else what the pointer is on. */
  function ask() {
    if (!atDesk()) return;
    const node = of(document.activeElement) || over;
    if (node) openAt(node);
  }

  function open(screen, panel, path, back) {
    if (!atDesk()) return;
    parktwin.drawer.host(parktwin.lineage.view(parktwin.drawer.asking(screen, panel), path || "", back));
  }

  /* One page of an answer; a figure that is not explained by itself is with its whole panel. */
  async function fetchPage(asked, figure, cursor, signal) {
    const query = new URLSearchParams({ ...asked.params, limit: ROWS });
    if (figure) query.set("figure", figure);
    if (cursor) query.set("cursor", cursor);
    if (asked.at) query.set("at", asked.at);
    try {
      return await parktwin.dom.fetchJson(`/api/v1/explain/${asked.screen}/${asked.panel}?${query}`, { signal });
    } catch (error) {
      if (error.code === "unknown_figure") return fetchPage(asked, "", cursor, signal);
      throw error;
    }
  }

  function start() {
    document.addEventListener("pointerover", follow);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    parktwin.url.onChange((state) => state.mode !== "desk" && hide());
  }

  start();
  parktwin.explain = { mark, inside, plate, pathAt, ask, open, fetchPage };
})((window.parktwin = window.parktwin || {}));
