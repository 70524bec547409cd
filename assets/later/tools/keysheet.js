/* The sheet of all keys, in the viewer's language. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr } = parktwin.dom;
  // what each place of the page hears while it has the focus
  const PLACES = [
    ["keys.page", [["Tab", "keys.next"], ["Enter", "keys.open"], ["Esc", "keys.close"]]],
    ["keys.on_map", [["← ↑ ↓ →", "keys.move"], ["+ −", "keys.zoom"], ["Enter", "keys.nearest"]]],
    ["keys.on_time", [["← →", "keys.minute"], ["PgUp PgDn", "keys.hour"], ["Home", "keys.begin"], ["End", "keys.live"]]],
    ["keys.drawing", [["← ↑ ↓ →", "keys.cross"], ["Shift + ←", "keys.fine"], ["Enter", "keys.set"], ["0 – 9", "keys.radius"], ["Backspace", "keys.undo"], ["Esc", "keys.leave"]]],
    ["keys.editing", [["PgUp PgDn", "keys.corner"], ["← ↑ ↓ →", "keys.shift"], ["I", "keys.insert"], ["Delete", "keys.remove"], ["Enter", "keys.keep"], ["Esc", "keys.revert"]]],
  ];
  let sheet = null;
  let opener = null;

  function toggle() {
    if (close()) return;
    opener = document.activeElement;
    sheet = attr(attr(el("dialog", "keysheet"), "aria-labelledby", "keysheet-name"), "open", null);
    sheet.addEventListener("close", closed);
    document.querySelector(".pt").append(sheet);
    fill();
    sheet.showModal();
  }

  function fill() {
    const name = attr(say(el("h2"), { key: "keys.sheet" }), "id", "keysheet-name");
    const close = parktwin.dom.button("close", { key: "ui.close" }, () => sheet.close());
    close.append(el("span", "icon", parktwin.icons.svg("close")));
    const letters = parktwin.keys.letters().map((each) => [each.keys[0].toUpperCase(), each.say]);
    const groups = [["keys.anywhere", letters], ...PLACES].map(([title, rows]) => group(title, rows));
    sheet.replaceChildren(name, close, el("div", "keysheet-groups", ...groups), offSwitch());
  }

  function group(title, rows) {
    const list = el("dl", "", ...rows.flatMap(([key, words]) => [el("dt", "", text(el("kbd"), key)), say(el("dd"), { key: words })]));
    return el("section", "", say(el("h3"), { key: title }), list);
  }

  /* Letters alone can be in the way of who speaks to the machine or types by chance. */
  function offSwitch() {
    const input = Object.assign(el("input"), { type: "checkbox", checked: parktwin.keys.on() });
    input.addEventListener("change", () => parktwin.keys.turn(input.checked));
    return el("label", "keysheet-switch", input, say(el("span"), { key: "keys.letters" }));
  }

  function close() {
    if (!sheet) return false;
    sheet.close();
    return true;
  }

  function closed() {
    sheet.remove();
    sheet = null;
    if (opener && opener.isConnected) opener.focus();
  }

  parktwin.keysheet = { toggle, close, redraw: () => sheet && fill() };
})((window.parktwin = window.parktwin || {}));
