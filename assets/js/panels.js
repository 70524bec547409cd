/* Draws contents, and is the only one that does: the closed vocabulary of twin/content.py, snapshot or patch alike. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, toggle, part, keyed, clear } = parktwin.dom;
  const makers = {};
  const shown = new Map(); // plate's panel element -> { content, context }

  /* A kind of content is one function that makes or changes what stands in its element. */
  function teach(kind, update) {
    makers[kind] = update;
  }

  function draw(node, content, context) {
    const kind = content.error ? "error" : content.kind;
    if (node._kind !== kind) {
      clear(node);
      delete node._parts;
      node._kind = kind;
    }
    (makers[kind] || makers.unknown)(node, content, context || {});
  }

  /* A panel's content into its plate: the remark at the right of its name says what it is of, or how old. */
  function put(screen, panel, content) {
    const node = parktwin.cid.element("panel", screen, panel);
    if (!node) return;
    shown.set(node, { content, context: { screen, panel } });
    draw(node, content, { screen, panel });
    remark(node);
    parktwin.explain.plate(node.closest(".plate"), { screen, panel });
  }

  function redraw() {
    shown.forEach(({ content, context }, node) => {
      if (!node.isConnected) {
        shown.delete(node);
        return;
      }
      draw(node, content, context);
      remark(node);
    });
  }

  function remark(node) {
    const { content, context } = shown.get(node);
    const plate = node.closest(".plate");
    const box = plate && plate.querySelector(".remark");
    if (!box) return;
    const stale = parktwin.ages.isStale(content.meta);
    toggle(plate, "stale", stale);
    toggle(box, "stale", stale);
    say(box, stale ? { key: "ui.stale", args: { since: { since: content.meta.ts } } } : remarkOf(content, context));
    const total = content.total && content.total.list ? content.total.list : content.list;
    parktwin.actions.bind(box, total ? parktwin.actions.of({ list: total, label: { key: `panel.${context.panel}` } }, context) : null);
    parktwin.explain.mark(box, context, ...(counted(content) ? ["total"] : content.meta && content.meta.coverage ? ["meta", "coverage"] : ["meta"]));
    if (content.meta && content.meta.ts) attr(box, "title", parktwin.i18n.say({ key: "ui.data_of", args: { at: parktwin.i18n.stamp(content.meta.ts) } }));
  }

  function counted(content) {
    return content.total !== undefined && !(content.note || (content.meta && (content.meta.note || content.meta.coverage)));
  }

  function remarkOf(content, context) {
    const meta = content.meta || {};
    const total = typeof content.total === "object" && content.total ? content.total.value : content.total;
    if (content.note || meta.note) return content.note || meta.note;
    if (meta.coverage) return `${parktwin.i18n.number(meta.coverage[0], 0)} / ${parktwin.i18n.number(meta.coverage[1], 0)}`;
    if (total !== undefined) {
      const own = `ui.total.${context.panel}`;
      return { key: parktwin.i18n.knows(own) ? own : "ui.total", args: { n: total } };
    }
    if (meta.period_s && meta.period_s > 3600) return { key: "ui.daily" };
    return meta.ts && !parktwin.url.state.at ? { key: "ui.live" } : "";
  }

  function agePanels() {
    shown.forEach((_, node) => node.isConnected && remark(node));
  }

  function shape(colour) {
    const box = el("span", "shape", parktwin.icons.level(colour));
    box._colour = colour;
    return colourOf(box, colour);
  }

  function colourOf(node, colour) {
    return attr(node, "data-colour", colour);
  }

  /* The shape of a level inside ``node``, changed only when the level changes. */
  function levelShape(node, colour) {
    if (node._colour === colour) return node;
    node._colour = colour;
    node.replaceChildren(...(colour ? [parktwin.icons.level(colour)] : []));
    return colourOf(node, colour);
  }

  teach("unknown", (node, content) => text(part(node, "said", () => el("p", "quiet")), content.kind || ""));

  teach("error", (node) => say(part(node, "said", () => el("p", "empty")), { key: "ui.error.panel" }));

  teach("sentence", (node, content, context) => {
    const box = parktwin.explain.mark(part(node, "box", () => el("p", "sentence")), context);
    toggle(box, "large", content.big);
    colourOf(box, content.level);
    say(part(box, "said", () => el("span", "said")), content.text);
    toggle(box._parts.said, "risky", content.level);
    say(part(box, "sub", () => el("div", "sub")), content.sub);
  });

  teach("stack", (node, content, context) => {
    if (content.filters) parktwin.filters.bar(part(node, "bar", () => el("div", "ledger-bar")), content);
    const box = part(node, "box", () => el("div", "parts"));
    keyed(box, content.parts, (_, index) => index, () => el("div", "part"), (each, one, index) => {
      const within = parktwin.explain.inside(context, "parts", one.key === undefined ? index : one.key);
      titled(each, one, within);
      draw(part(each, "body", () => el("div", "part-body")), one, within);
    });
    if (content.empty) empty(node, content, content.parts.length);
  });

  function titled(node, content, context) {
    const head = part(node, "title", () => el("div", "part-title", el("span"), el("span", "quiet")));
    head.hidden = !content.title;
    if (!content.title) return;
    say(head.firstChild, content.title);
    const list = typeof content.list === "string" ? content.list : null;
    parktwin.explain.mark(head, context);
    parktwin.actions.bind(head, list ? parktwin.actions.of({ list, label: content.title }, context) : null);
  }

  teach("picture", (node, content, context) => {
    const box = part(node, "box", () => el("div", "pictures"));
    const mine = content.items.filter(parktwin.people.may);
    keyed(box, mine, (item) => item.key + (item.href ? "+" : ""), (item) => documentNode(item), (each, item) => {
      const [, words] = parktwin.explain.mark(each, context, "items", item.key).children;
      say(words.firstChild, item.title);
      say(words.lastChild, item.sub || item.file);
      text(each.lastChild, item.date);
      if (item.href) attr(each, "href", safeAddress(parktwin.i18n.say(item.href)));
    });
    empty(node, content, mine.length);
  });

  function documentNode(item) {
    const icon = el("span", "icon", parktwin.icons.svg("document"));
    const node = el(item.href ? "a" : "span", item.href ? "" : "doc", icon, el("span", "", el("div", "title"), el("div", "quiet")), el("span", "quiet"));
    if (item.href) Object.assign(node, { target: "_blank", rel: "noopener" });
    return node;
  }

  /* Only addresses of the web; anything else that came with data leads nowhere. */
  function safeAddress(address) {
    const parsed = new URL(address, window.location.href);
    return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : "#";
  }

  function empty(node, content, count) {
    const said = part(node, "empty", () => el("p", "empty"));
    said.hidden = count > 0 || !content.empty;
    if (!said.hidden) say(said, content.empty);
  }

  parktwin.panels = { teach, draw, put, redraw, agePanels, shape, levelShape, colourOf, titled, empty, safeAddress };
})((window.parktwin = window.parktwin || {}));
