/* What people do with alarms: the buttons that the server says they may press, what has to be said with them, and the timeline. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, part, keyed, button } = parktwin.dom;
  const REASONED = new Set(["report", "hold", "note", "reopen", "close"]);
  const FORMS = { judge: [["as", "confirmed"], ["as", "false"], ["as", "momentary"]], second_look: [["agree", true], ["agree", false]] };
  const FIRST = ["acknowledge", "judge", "dispatch", "watch", "contact", "report", "second_look", "hold", "release", "off", "close", "reopen", "note"];
  const TO = { dispatch: "acting.to", judge: "acting.phoned" }; // whom one may have to name, and how that is asked for
  let shown = null; // { id, events, at } of the alarm whose timeline stands in the detail
  let whole = null;
  let asking = null; // the form that is open: { action, more }

  function address(id, tail) {
    return `/api/v1/alarms/${encodeURIComponent(id)}${tail || ""}`;
  }

  /* The detail shows an alarm (or nothing of the kind): its timeline and its buttons are asked for when something happened. */
  function show(box, alarm) {
    const { at } = parktwin.url.state;
    const wanted = alarm ? JSON.stringify([alarm.id, alarm.events, at]) : null;
    if (wanted === shown) return void (whole && draw(box));
    if (!alarm || !whole || whole.id !== alarm.id) [whole, asking] = [null, null];
    shown = wanted;
    if (alarm) look(box, alarm.id, at, wanted);
  }

  async function look(box, id, at, wanted) {
    try {
      const said = await parktwin.dom.fetchJson(address(id) + (at ? `?${new URLSearchParams({ at })}` : ""));
      if (wanted !== shown) return;
      whole = said;
      draw(box);
    } catch (error) {
      if (wanted === shown) parktwin.strip.notice("alarm-asked", { key: "acting.failed", args: { why: error.message } });
    }
  }

  function draw(box) {
    const host = part(box, "acting", () => el("div", "acting"));
    timeline(part(host, "timeline", () => el("ol", "timeline")));
    const call = say(part(host, "call", () => el("p", "act-call")), whole.needs_call ? { key: "acting.needs_call", args: { level: whole.level } } : null);
    call.hidden = !whole.needs_call;
    const may = parktwin.url.state.at || parktwin.url.state.mode !== "desk" ? [] : FIRST.filter((each) => whole.actions.includes(each));
    keyed(part(host, "buttons", () => el("div", "acts")), may, (each) => each, (each) => button("act-button", null, () => begin(box, each)), (node, each) => {
      say(node, { key: `acting.${each}` });
      attr(node, "aria-pressed", asking && asking.action === each ? "true" : null);
    });
    form(box, part(host, "form", () => el("form", "act-form")));
  }

  function timeline(node) {
    keyed(node, whole.timeline, (each) => each.seq, () => el("li", "", el("span", "when"), el("b"), el("span", "quiet")), (line, each) => {
      const [when, what, more] = line.children;
      text(when, parktwin.i18n.clock(each.at, true));
      attr(when, "title", parktwin.i18n.stamp(Date.parse(each.at)));
      say(what, { key: `alarm.event.${each.event}` });
      const judged = each.event === "judge" ? parktwin.i18n.say({ key: `judged.${each.said.as}` }) : "";
      text(more, [each.who === "twin" || each.who.includes("/") ? "" : each.who, judged, each.said.to, each.note].filter(Boolean).join(" · "));
    });
  }

  /* An action that needs nothing said is done at once; another opens its form. */
  function begin(box, action) {
    if (!FORMS[action] && !REASONED.has(action) && action !== "dispatch") return void send(box, { action });
    asking = asking && asking.action === action ? null : { action, more: {} };
    draw(box);
    const field = box.querySelector(".act-form textarea, .act-form input");
    if (field) field.focus();
  }

  function form(box, node) {
    node.hidden = !asking;
    if (!asking || node._for === asking) return;
    node._for = asking;
    const mine = asking;
    const choices = (FORMS[mine.action] || []).map(([name, value], index) => {
      const input = Object.assign(el("input"), { type: "radio", name: "choice", checked: index === 0 });
      if (index === 0) mine.more[name] = value;
      input.addEventListener("change", () => { mine.more[name] = value; });
      return el("label", "", input, say(el("span"), { key: name === "agree" ? `acting.agree.${value}` : `judged.${value}` }));
    });
    const note = el("textarea");
    note.rows = 2;
    note.maxLength = 2000;
    note.placeholder = parktwin.i18n.say({ key: "acting.note_hint" });
    attr(note, "aria-label", note.placeholder);
    const asked = mine.action === "judge" && !whole.needs_call ? null : TO[mine.action];
    const to = asked ? Object.assign(el("input"), { type: "text", maxLength: 200, placeholder: parktwin.i18n.say({ key: asked }) }) : null;
    const go = say(button("act-button first", null, () => {}), { key: `acting.${mine.action}` });
    go.type = "submit";
    node.onsubmit = (event) => {
      event.preventDefault();
      send(box, { action: mine.action, ...mine.more, ...(to && to.value.trim() ? { to: to.value.trim() } : {}), ...(note.value.trim() ? { note: note.value.trim() } : {}) });
    };
    node.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      asking = null;
      draw(box);
    };
    node.replaceChildren(...choices, ...(to ? [to] : []), note, go);
  }

  async function send(box, body) {
    const { id, events } = whole;
    const done = parktwin.strip.wait();
    try {
      whole = await post(address(id, "/actions"), { ...body, seen: events });
      asking = null;
      shown = JSON.stringify([whole.id, whole.events, parktwin.url.state.at]);
      parktwin.strip.notice("acted", null);
    } catch (error) {
      refused(error);
      shown = null;
      if (error.code === "conflict") await look(box, id, null, (shown = "again"));
    } finally {
      done();
      if (whole) draw(box);
    }
  }

  /* Said in the viewer's language where the server could say it so; ``notice``: what stands there until it is done. */
  function refused(error, notice = "acted") {
    const said = { key: "acting.refused", args: { why: error.said || error.message } };
    parktwin.strip.notice(notice, said, { key: "ui.close" }, () => parktwin.strip.notice(notice, null));
  }

  function post(where, body) {
    return parktwin.dom.fetchJson(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  /* Several at once, from the ledger. */
  function batch(node, { ids, clear }) {
    const bar = part(node, "batch", () => el("div", "batch", el("span"), el("div", "acts")));
    bar.hidden = !ids.length || Boolean(parktwin.url.state.at);
    if (bar.hidden) return;
    say(bar.firstChild, { key: "acting.chosen", args: { n: ids.length } });
    const may = ["acknowledge", "watch", "hold", "close"];
    keyed(bar.lastChild, may, (each) => each, (each) => button("act-button", null, () => all(bar, each)), (one, each) => say(one, { key: `acting.${each}` }));
    Object.assign(bar, { _ids: ids, _clear: clear });
  }

  async function all(bar, action) {
    const body = { ids: bar._ids, action };
    if (REASONED.has(action)) {
      const note = await reason(bar);
      if (!note) return;
      body.note = note;
    }
    const done = parktwin.strip.wait();
    try {
      const said = await post("/api/v1/alarms/actions", body);
      bar._clear();
      const [first] = said.refused;
      if (first) refused({ said: { key: "acting.refused_some", args: { n: said.refused.length, id: first.id, why: first.said || first.message } } });
    } catch (error) {
      refused(error);
    } finally {
      done();
    }
  }

  /* One reason for all of them; nothing when it is given up. */
  function reason(bar) {
    return new Promise((resolve) => {
      const input = Object.assign(el("input"), { type: "text", maxLength: 2000, placeholder: parktwin.i18n.say({ key: "acting.note_hint" }) });
      const end = (said) => { input.remove(); resolve(said); };
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") event.stopPropagation();
        if (event.key === "Enter" || event.key === "Escape") end(event.key === "Enter" ? input.value.trim() : "");
      });
      bar.append(input);
      input.focus();
    });
  }

  parktwin.acting = { show, batch, reason, refused };
})((window.parktwin = window.parktwin || {}));
