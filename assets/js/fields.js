/* Fields of forms. Moments are typed in one form and in the park's time, whatever language the browser speaks; what is
   wrong with what was typed is said at the field, in the language of the page. */
(function (parktwin) {
  "use strict";

  const { el, say, attr } = parktwin.dom;
  const MOMENT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?$/;

  /* What was typed as milliseconds, null where it is no moment: 2026-11-21 14:30, with seconds or without. */
  function read(typed) {
    const found = MOMENT.exec(typed.trim());
    if (!found) return null;
    const local = `${found[1]}T${found[2]}${found[3] || ":00"}`;
    const naive = Date.parse(`${local}Z`);
    const real = Number.isFinite(naive) && new Date(naive).toISOString().slice(0, 19) === local; // no 31st of February
    return real ? parktwin.i18n.fromLocal(local) : null;
  }

  function write(ms, precise) {
    return parktwin.i18n.toLocal(ms).replace("T", " ").slice(0, precise ? 19 : 16);
  }

  function moment() {
    const input = Object.assign(el("input", "moment"), { type: "text", maxLength: 19, autocomplete: "off", spellcheck: false });
    return hint(input);
  }

  /* Said anew when the language changes. */
  function hint(input) {
    return attr(input, "placeholder", parktwin.i18n.say({ key: "ui.moment.hint" }));
  }

  function wrongMoment() {
    return { key: "ui.moment.wrong", args: { example: write(parktwin.ages.now()) } };
  }

  /* Says at a field what is wrong with it until something else is typed; nothing takes it away. */
  function blame(input, said) {
    if (input._wrong) input._wrong.remove();
    input._wrong = said ? say(attr(el("span", "wrong"), "role", "alert"), said) : null;
    attr(input, "aria-invalid", said ? "true" : null);
    if (!said) return input;
    input.after(input._wrong);
    input.addEventListener("input", () => blame(input, null), { once: true });
    return input;
  }

  parktwin.fields = { moment, hint, read, write, wrongMoment, blame };
})((window.parktwin = window.parktwin || {}));
