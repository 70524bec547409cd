/* What a click means, wherever it happens: one handler for the mouse and the keyboard. */
(function (parktwin) {
  "use strict";

  const { attr, toggle } = parktwin.dom;

  /* ``action``: {pick} | {list} | {screen} | {place} | {enter} | {ask} | {home} | {call}; null takes it away. */
  function bind(node, action) {
    node._action = action || null;
    const own = node.tagName === "BUTTON" || node.tagName === "A";
    toggle(node, "can", action);
    attr(node, "tabindex", action && !own ? "0" : null);
    if (!own && node.tagName !== "TR" && node.tagName !== "LI") attr(node, "role", action ? "button" : null);
    return node;
  }

  /* The action that an item of a content names. */
  function of(item, context) {
    if (item.pick) return item.pick.home ? { home: true } : { pick: item.pick };
    if (item.list && context && context.screen) return { list: { screen: context.screen, panel: context.panel, item: item.list }, title: item.label || item.title };
    if (item.screen) return { screen: item.screen };
    if (item.place && item.place.pick) return { place: item.place };
    if (item.enter) return { enter: item.enter };
    if (item.ask) return { ask: item.ask };
    return null;
  }

  const DOES = {
    call: ({ call }) => call(),
    place: ({ place }) => parktwin.url.set({ path: parktwin.shell.screenNamed(place.screen).path, params: {}, sel: place.pick }),
    pick: ({ pick }) => parktwin.url.set({ sel: { layer: pick.layer, id: pick.id } }),
    list: (action, node) => parktwin.drawer.open(action.list, action.title, parktwin.explain.pathAt(node)),
    screen: ({ screen }) => parktwin.shell.goTo(screen),
    enter: ({ enter }) => parktwin.url.set({ params: { ...parktwin.url.state.params, ...enter }, sel: null }),
    ask: ({ ask }) => parktwin.requests.begin(ask),
    home: () => {
      parktwin.url.set({ sel: null, params: {} });
      parktwin.map.home(true);
    },
  };

  function perform(action, node) {
    const name = Object.keys(DOES).find((each) => action[each]);
    if (name) DOES[name](action, node);
  }

  function target(event) {
    for (let node = event.target; node && node !== document; node = node.parentNode) {
      if (node._action) return node;
    }
    return null;
  }

  function start() {
    document.addEventListener("click", (event) => {
      const node = target(event);
      if (node) perform(node._action, node);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      const node = target(event);
      if (!node || node.tagName === "BUTTON" || node.tagName === "A") return;
      event.preventDefault();
      perform(node._action, node);
    });
  }

  parktwin.actions = { bind, of, perform, start };
})((window.parktwin = window.parktwin || {}));
