/* Who is signed in: what the page sends says that it is ours, a session that is over leads to the sign-in page and back
   to this very address, and whoever is at the page keeps it awake. */
(function (parktwin) {
  "use strict";

  const AWAKE_MS = 60000; // at most so long between two signs that somebody is there
  const plain = window.fetch.bind(window);
  let config = { login: false, csrf: "", me: { id: "", rights: [] } };
  let told = 0; // when the server was last told that somebody is here
  let touched = Date.now(); // when somebody last was
  let leaving = false;

  function cookie(name) {
    const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /* To the sign-in page; it leads back to where one was. */
  function leave(why) {
    if (leaving) return;
    leaving = true;
    away(why);
  }

  function away(why) {
    const { pathname, search } = window.location;
    const said = why && why !== "not_signed_in" ? `&why=${encodeURIComponent(why)}` : "";
    window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}${said}`);
  }

  async function ended(answer) {
    let code = "";
    try {
      code = (await answer.clone().json()).error.code;
    } catch (error) {
      code = "";
    }
    leave(code);
  }

  /* Every call of the page, Dash's own included. */
  window.fetch = async function (address, options) {
    const method = ((options && options.method) || "GET").toUpperCase();
    const ours = new URL(address instanceof Request ? address.url : address, window.location.href).origin === window.location.origin;
    const token = ours && method !== "GET" && config.csrf ? cookie(config.csrf) : "";
    const passive = config.login && ours && Date.now() - touched > awakeMs();
    const headers = new Headers((options && options.headers) || {});
    if (token) headers.set("X-CSRFToken", token);
    if (passive) headers.set("X-Passive", "1"); // what the page asks by itself keeps no session awake
    const answer = await plain(address, token || passive ? { ...options, headers } : options);
    if (config.login && ours && answer.status === 401) ended(answer);
    return answer;
  };

  function awakeMs() {
    return Math.min(AWAKE_MS, config.idle_s * 200);
  }

  function awake() {
    touched = Date.now();
    if (!config.login || touched - told < awakeMs()) return;
    told = Date.now();
    parktwin.live.emit("awake");
  }

  async function signOut() {
    leaving = true; // the socket's word that it is over may be here before the answer that takes the cookies
    try {
      const answer = await window.fetch("/api/v1/session/end", { method: "POST" });
      if (!answer.ok && answer.status !== 401) throw new Error(`signing out: ${answer.status}`);
    } catch (error) {
      leaving = false; // still signed in: nothing may say otherwise
      throw error;
    }
    window.localStorage.clear();
    window.sessionStorage.clear();
    away("signed_out");
  }

  function start(said) {
    config = said;
    if (!config.login) return;
    told = Date.now();
    ["pointerdown", "keydown", "wheel"].forEach((name) => document.addEventListener(name, awake, { passive: true }));
    parktwin.live.on("ended", ({ why }) => leave(WHY[why] || why));
    parktwin.live.on("refused", leave);
  }

  /* Whether who is here may do what needs a right, and is not the one who must not (``except``); the server decides. */
  function may(what) {
    const { id, rights } = config.me;
    return (!what.right || rights.includes(what.right)) && (!what.except || what.except !== id);
  }

  const WHY = { out: "signed_out", idle: "session_idle", old: "session_old", elsewhere: "signed_in_elsewhere", changed: "rights_changed", disabled: "account_locked", login_on: "" };

  parktwin.people = { start, signOut, may };
})((window.parktwin = window.parktwin || {}));
