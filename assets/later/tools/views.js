/* Views that somebody wants to find again: the present address under a name, kept in this browser. Each says whether it is live or of a moment. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed, part } = parktwin.dom;
  const KEPT = "parktwin.views";
  const MOST = 200;
  const SAID_MS = 5000;
  const ACTS = { copy: (each) => copy(each.address), rename, remove };
  let opener = null;
  let renaming = null; // id of the view whose name is being typed
  let saying = 0;

  function box() {
    return parktwin.cid.place("views");
  }

  function all() {
    try {
      const found = JSON.parse(window.localStorage.getItem(KEPT) || "[]");
      return Array.isArray(found) ? found.filter((each) => each && typeof each.address === "string" && each.address.startsWith("/")) : [];
    } catch {
      return [];
    }
  }

  function keep(views) {
    window.localStorage.setItem(KEPT, JSON.stringify(views.slice(0, MOST)));
    draw();
  }

  function toggle() {
    if (close()) return;
    parktwin.menu.closeAll();
    opener = document.activeElement;
    part(box(), "form", makeForm);
    part(box(), "list", () => el("ul", "views"));
    part(box(), "none", () => el("p", "empty"));
    draw();
    box()._parts.form._name.focus();
  }

  function close() {
    if (!box().firstChild) return false;
    const inside = box().contains(document.activeElement);
    box().replaceChildren();
    delete box()._parts;
    renaming = null;
    attr(document.querySelector("[data-press=views]"), "aria-expanded", "false");
    if (inside && opener && opener.isConnected) opener.focus();
    return true;
  }

  /* The present address with the view in it, as the map shows it now; ``pinned``: of this moment from now on. */
  function present(pinned) {
    const { tilt = parktwin.url.state.tilt, ...view } = parktwin.map.view();
    parktwin.url.set({ view, tilt }, { replace: true });
    const address = new URL(window.location.href);
    if (pinned && !parktwin.url.state.at) address.searchParams.set("at", new Date(parktwin.ages.now()).toISOString().replace(/\.\d+Z$/, "Z"));
    return address.pathname + address.search.replace(/%3A/g, ":").replace(/%2C/g, ",");
  }

  function momentOf(address) {
    return new URL(address, window.location.origin).searchParams.get("at");
  }

  /* Live, or of which moment in which time zone. */
  function kind(address) {
    const at = momentOf(address);
    const known = at && Number.isFinite(Date.parse(at));
    return known ? { key: "views.pinned", args: { at: parktwin.i18n.stamp(at), zone: parktwin.shell.config.park.zone } } : { key: "views.live" };
  }

  function titleOf(address) {
    const screen = parktwin.shell.screenAt(new URL(address, window.location.origin).pathname);
    return screen ? parktwin.i18n.say(screen.title) : "";
  }

  function makeForm() {
    const form = el("form", "views-form");
    const name = Object.assign(el("input"), { type: "text", maxLength: 80, required: false });
    const pin = Object.assign(el("input"), { type: "checkbox" });
    const save = Object.assign(el("button", "act-button"), { type: "submit" });
    form.append(name, save, el("label", "pin", pin, el("span")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      add(name.value.trim() || name.placeholder, pin.checked);
      name.value = "";
    });
    return Object.assign(form, { _name: name, _pin: pin, _save: save });
  }

  function add(name, pinned) {
    const address = present(pinned);
    keep([{ id: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`, name, address }, ...all()]);
  }

  function draw() {
    if (!box() || !box()._parts) return;
    const { form, list, none } = box()._parts;
    fillForm(form);
    const views = all();
    keyed(list, views, (each) => `${each.id}${each.id === renaming ? "*" : ""}`, (each) => (each.id === renaming ? makeRename(each) : makeView(each)), (row, each) => each.id !== renaming && fillView(row, each));
    none.hidden = views.length > 0;
    say(none, { key: "views.none" });
    attr(document.querySelector("[data-press=views]"), "aria-expanded", "true");
  }

  function fillForm({ _name: name, _pin: pin, _save: save }) {
    const { at } = parktwin.url.state;
    name.placeholder = `${titleOf(window.location.pathname)} ${parktwin.i18n.stamp(at || parktwin.ages.now())}`;
    attr(name, "aria-label", parktwin.i18n.say({ key: "views.name" }));
    say(save, { key: "views.save" });
    pin.disabled = Boolean(at);
    pin.checked = Boolean(at) || pin.checked;
    say(pin.nextSibling, at ? { key: "views.pinned", args: { at: parktwin.i18n.stamp(at), zone: parktwin.shell.config.park.zone } } : { key: "views.pin" });
  }

  function makeView({ id }) {
    const now = () => all().find((each) => each.id === id);
    const open = parktwin.dom.button("view-name", null, () => visit(now()));
    const acts = el("span", "view-acts", ...Object.entries(ACTS).map(([name, act]) => {
      const button = parktwin.dom.button("icon-button", null, () => act(now()));
      button.append(el("span", "icon", parktwin.icons.svg(name)));
      return attr(button, "data-act", name);
    }));
    return el("li", "", open, acts, el("span", "sub"));
  }

  function fillView(row, each) {
    const [open, acts, sub] = row.children;
    text(open, each.name);
    text(sub, [titleOf(each.address), parktwin.i18n.say(kind(each.address))].filter(Boolean).join(" · "));
    [...acts.children].forEach((button) => {
      const hint = parktwin.i18n.say({ key: `views.${button.dataset.act}`, args: { name: each.name } });
      attr(attr(button, "aria-label", hint), "title", hint);
    });
  }

  /* As this viewer sees it, in its own language; the map goes where it was. */
  function visit(each) {
    close();
    parktwin.url.visit(new URL(each.address, window.location.origin));
    const { view } = parktwin.url.state;
    if (view) parktwin.map.look(view);
  }

  async function copy(address) {
    const whole = new URL(address, window.location.origin).href;
    await clip(whole);
    clearTimeout(saying);
    parktwin.strip.notice("copied", { key: "views.copied", args: { kind: kind(address) } });
    saying = setTimeout(() => parktwin.strip.notice("copied", null), SAID_MS);
  }

  /* Pages that come without encryption have no clipboard of their own. */
  async function clip(words) {
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(words);
        return;
      } catch {
        // not allowed: the older way needs no leave
      }
    }
    const field = Object.assign(el("textarea"), { value: words });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  function rename(each) {
    renaming = each.id;
    draw();
    const field = box().querySelector(".view-rename");
    field.focus();
    field.select();
  }

  function makeRename(each) {
    const input = Object.assign(el("input", "view-rename"), { type: "text", maxLength: 80, value: each.name });
    attr(input, "aria-label", parktwin.i18n.say({ key: "views.name" }));
    const done = (keeps) => {
      if (renaming !== each.id) return;
      renaming = null;
      const name = input.value.trim();
      keep(all().map((one) => (one.id === each.id && keeps && name ? { ...one, name } : one)));
      focusOn(each.id);
    };
    input.addEventListener("blur", () => done(true));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      done(event.key === "Enter");
    });
    return el("li", "", input);
  }

  function focusOn(id) {
    const at = all().findIndex((each) => each.id === id);
    const row = box()._parts && box()._parts.list.children[at];
    if (row) row.firstChild.focus();
  }

  function remove(each) {
    const at = all().findIndex((one) => one.id === each.id);
    keep(all().filter((one) => one.id !== each.id));
    const next = all()[Math.min(at, all().length - 1)];
    if (next) focusOn(next.id);
    else box()._parts.form._name.focus();
  }

  function start() {
    parktwin.i18n.onChange(draw);
    parktwin.url.onChange(draw);
    window.addEventListener("storage", (event) => event.key === KEPT && draw()); // another tab has kept one
  }

  parktwin.views = { start, toggle, close, copy, all };
})((window.parktwin = window.parktwin || {}));
