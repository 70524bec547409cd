/* The sign-in page and that of another password: one form, one call, and on to where one wanted to be. */
(function () {
  "use strict";

  const body = document.body;
  const form = document.querySelector("form");
  const said = document.querySelector(".said");
  const phrases = JSON.parse(body.dataset.phrases);
  const go = form.querySelector(".go");

  /* Only an address of ours. */
  function next() {
    const asked = body.dataset.next || "/";
    const there = new URL(asked, window.location.origin);
    return there.origin === window.location.origin && asked.startsWith("/") ? there.pathname + there.search : "/";
  }

  function lang() {
    return document.documentElement.lang.slice(0, 2);
  }

  function tell(error) {
    const told = error.told || {};
    said.textContent = (phrases[error.code] || phrases.other).replace(/\{(\w+)\}/g, (_, name) => told[name]);
    said.classList.add("wrong");
  }

  function csrf() {
    const found = document.cookie.split("; ").find((each) => each.startsWith(`${body.dataset.csrf}=`));
    return found ? found.slice(body.dataset.csrf.length + 1) : "";
  }

  async function post(address, what) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf() };
    const answer = await window.fetch(address, { method: "POST", headers, body: JSON.stringify(what) });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.error.message), told.error);
    return told;
  }

  function value(name) {
    return form.elements[name].value;
  }

  async function signIn() {
    const told = await post("/api/v1/session", { account: value("account").trim(), password: value("password"), code: value("code") });
    if (told.must_change) window.location.assign(`/login/password?${new URLSearchParams({ next: next(), lang: lang(), why: "password_change" })}`);
    else window.location.assign(next());
  }

  async function change() {
    if (value("password") !== value("again")) throw Object.assign(new Error("two passwords"), { code: "two_passwords" });
    await post("/api/v1/session/password", { old: value("old"), password: value("password") });
    window.location.assign(next());
  }

  /* What is to be typed anew, or as well. */
  const AGAIN = { wrong_password: form.dataset.form === "sign_in" ? "password" : "old", second_needed: "code", wrong_code: "code", two_passwords: "again", weak_password: "password", same_password: "password" };

  function ask(name) {
    const field = form.elements[name];
    field.parentNode.hidden = false;
    field.value = "";
    field.focus();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      await (form.dataset.form === "sign_in" ? signIn() : change());
    } catch (error) {
      if (AGAIN[error.code]) ask(AGAIN[error.code]);
      tell(error);
    } finally {
      go.disabled = false;
    }
  });
  form.querySelector("input").focus();
})();
