/* Small hands for the page: elements are made once and changed in place, data never becomes markup. */
(function (parktwin) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  function add(node, children) {
    for (const child of children) {
      if (child !== null && child !== undefined) node.append(child);
    }
    return node;
  }

  function el(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    return add(node, children);
  }

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    return add(node, children);
  }

  function text(node, said) {
    const next = said === null || said === undefined ? "" : String(said);
    if (node.textContent !== next) node.textContent = next;
    return node;
  }

  function attr(node, name, value) {
    if (value === null || value === undefined || value === false) {
      if (node.hasAttribute(name)) node.removeAttribute(name);
    } else if (node.getAttribute(name) !== String(value)) {
      node.setAttribute(name, value);
    }
    return node;
  }

  /* A phrase; running durations in it are said anew as time goes on. */
  function say(node, said) {
    text(node, parktwin.i18n.say(said));
    parktwin.ages.keep(node, said);
    return node;
  }

  function toggle(node, name, on) {
    if (node.classList.contains(name) !== Boolean(on)) node.classList.toggle(name, Boolean(on));
    return node;
  }

  /* Children by key: those that stay keep their elements, the rest are made or removed. What goes, goes first:
     then what stays need not be moved, and a row that is moved loses the focus and the press that is on it. */
  function keyed(parent, items, keyOf, make, update) {
    const before = parent._byKey || new Map();
    const after = new Map();
    const nodes = items.map((item, index) => {
      const key = keyOf(item, index);
      const node = before.get(key) || make(item, index);
      after.set(key, node);
      before.delete(key);
      return node;
    });
    before.forEach((node) => node.remove());
    nodes.forEach((node, index) => {
      update(node, items[index], index);
      if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] || null);
    });
    parent._byKey = after;
    return parent;
  }

  function clear(node) {
    node.replaceChildren();
    delete node._byKey;
    return node;
  }

  /* Parts of an element that are made on first use, by name. */
  function part(node, name, make) {
    node._parts = node._parts || {};
    if (!node._parts[name]) {
      node._parts[name] = make();
      node.append(node._parts[name]);
    }
    return node._parts[name];
  }

  function button(className, hint, onClick) {
    const node = el("button", className);
    node.type = "button";
    if (hint) {
      attr(node, "aria-label", parktwin.i18n.say(hint));
      attr(node, "title", parktwin.i18n.say(hint));
    }
    node.addEventListener("click", onClick);
    return node;
  }

  async function fetchJson(address, options) {
    const answer = await fetch(address, options);
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.error ? said.error.message : answer.statusText), said.error);
    return said;
  }

  parktwin.dom = { el, svg, text, attr, say, toggle, keyed, clear, part, button, fetchJson };
})((window.parktwin = window.parktwin || {}));
