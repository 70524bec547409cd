"""Who is let in where: every request is asked who it is, and every address says which right it needs.

A view declares its right by ``deps.needs`` (its contract then says so), Dash's own addresses stand in a table here;
an address that says nothing is closed to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import Flask, Request, Response, current_app, g, has_request_context, redirect, request
from werkzeug.routing import Rule
from werkzeug.wrappers import Response as Answer

from services.audit import Caller
from services.credentials import csrf_of, same
from services.house import House
from services.people import People, bearer
from services.sessions import Signed
from twin.errors import NotAllowed, NotSignedIn
from twin.moment import Moment
from twin.person import DEMO
from twin.roles import Right

OPEN = "open"  # to everybody, signed in or not
ANYONE = "anyone"  # to whoever is signed in, whatever they may do
INSIDE = "parktwin.inside"  # in the environment of what the server asks itself
PASSIVE = "X-Passive"  # a call that a page makes by itself: it keeps no session awake
_SAFE = ("GET", "HEAD", "OPTIONS")
_WHILE_CHANGING = frozenset({"/api/v1/session", "/api/v1/session/password", "/api/v1/session/end"})
# Dash's own addresses and those of the page's files, by their rules.
PAGES: Mapping[str, str | Right] = {
    "/": Right.view,
    "/<path:path>": Right.view,
    "/_dash-layout": Right.view,
    "/_dash-dependencies": Right.view,
    "/_dash-update-component": Right.view,
    "/_reload-hash": Right.view,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": OPEN,
    "/_favicon.ico": OPEN,
    "/assets/<path:filename>": OPEN,
    "/assets/parktwin.js": OPEN,
    "/locale/<lang>.json": OPEN,
}
Needed = str | Right | None


def needed(app: Flask, rule: Rule) -> Needed:
    """What an address needs; None where nobody has said it, and nobody is let in."""
    declared: Needed = getattr(app.view_functions[rule.endpoint], "needs", None)
    return declared or PAGES.get(rule.rule)


def cookie_of(port: int) -> str:
    """The name of the session's cookie: browsers keep one jar for all ports of a host."""
    return f"parktwin_{port}"


def oidc_cookie_of(port: int) -> str:
    """The name of the cookie that a browser holds while it is at the identity provider."""
    return f"parktwin_oidc_{port}"


def csrf_cookie_of(port: int) -> str:
    """The name of the cookie that the page's scripts read."""
    return f"parktwin_csrf_{port}"


class Gate:
    """Stands before every view of an application."""

    def __init__(self, people: People, port: int, house: House) -> None:
        self._people = people
        self._house = house
        self._cookie = cookie_of(port)
        self._csrf_cookie = csrf_cookie_of(port)

    def close(self, app: Flask) -> None:
        """From now on nothing of ``app`` is answered without asking here."""
        app.before_request(self._ask)
        app.after_request(self._tell)

    def _ask(self) -> Answer | None:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # each look through it costs
        g.caller, g.person, g.signed = self._people.caller(asked.environ), None, None
        if asked.environ.get(INSIDE):
            g.person = DEMO
            return None
        rule = asked.url_rule
        need = needed(current_app, rule) if rule is not None else OPEN  # there is nothing there: 404
        try:
            self._let_in(need)
        except NotSignedIn as error:
            if _is_page(rule):
                return redirect(sign_in_address(error.code), 302)
            raise
        except MustChange:
            if _is_page(rule):
                return redirect(sign_in_address("password_change"), 302)
            raise
        g.closed = _is_page(rule) and self._closed(request.path)
        return None

    def _closed(self, path: str) -> bool:
        """Whether a screen is not theirs to see: the page then says so instead of it, and leads on to what is."""
        screen = self._house.at(path)
        return screen is not None and not g.person.may(screen.right)

    def _let_in(self, need: Needed) -> None:
        if need is None:
            raise NotAllowed("nobody has said who may come here", None, "undeclared")
        if need == OPEN:
            return
        self._identify()
        self._not_too_often()
        if need != ANYONE and not g.person.may(Right(need)):
            if g.person is DEMO:
                raise NotSignedIn(f"this call needs 'Authorization: Bearer <token>' with the right '{need}'", "right")
            raise NotAllowed(f"'{g.person.role}' has no right '{need}'", None, "no_right")

    def _identify(self) -> None:
        sent, secret = bearer(request.environ), request.cookies.get(self._cookie)
        if sent is not None:
            g.person = self._people.machine(sent)
        elif secret and self._people.login_on:
            g.signed = self._people.signed(secret, active=PASSIVE not in request.headers)
            g.person = g.signed.person
            self._check_page(secret)
            if g.signed.must_change and request.path not in _WHILE_CHANGING:
                raise MustChange("the password has to be changed first", None, "password_change")
        else:
            g.person = self._people.nobody()

    def _check_page(self, secret: str) -> None:
        """What changes something comes from our page: it says what only our page can read."""
        if request.method in _SAFE:
            return
        said = request.headers.get("X-CSRFToken", "")
        if not (same(said, csrf_of(secret)) and same(said, request.cookies.get(self._csrf_cookie, ""))):
            raise NotAllowed("this call lacks the page's token (X-CSRFToken)", "X-CSRFToken", "csrf")

    def _not_too_often(self) -> None:
        if request.method in _SAFE or g.person is DEMO:
            return
        limit = self._people.machine_writes if g.person.kind == "machine" else self._people.writes
        limit.take(f"{g.person.kind}:{g.person.id}")

    def _tell(self, answer: Response) -> Response:
        """Note what was done and what was refused; keep answers for one person out of common caches."""
        if g.get("closed"):
            answer.status_code = 403
        if self._people.login_on:
            _keep_private(answer)
        note(self._people, answer)
        return answer


class MustChange(NotAllowed):
    """A password that was given, or is too old: nothing is open before it is changed."""


def note(people: People, answer: Response) -> None:
    """An entry for what changes something, for files that are taken out, and for each refusal. What is merely asked is
    not noted, and machines' readings are kept under their own names anyway."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    if asked.environ.get(INSIDE) or getattr(g, "caller", None) is None:
        return
    what, status, person = f"{asked.method} {asked.path}", answer.status_code, getattr(g, "person", None)
    who = person.id if person else ""
    if status in (401, 403, 429):
        if person is not None or bearer(asked.environ) or asked.method not in _SAFE:
            people.audit.refused(who, g.caller, what, _code(answer), status)
    elif person is not None and _is_action(asked):
        people.audit.action(person, g.caller, what, status, query=asked.query_string.decode("latin-1")[:200])


def _is_action(asked: Request) -> bool:
    if _is_file(asked):
        return True
    if asked.method in _SAFE or asked.path.startswith(("/_dash-", "/api/v1/session")):
        return False
    delivers = asked.url_rule is not None and needed(current_app, asked.url_rule) == Right.ingest
    return asked.path != "/api/v1/within" and not delivers


def _is_file(asked: Request) -> bool:
    """Whether something leaves the house as a file."""
    form = "format" in asked.args and asked.args["format"] in ("csv", "xlsx")
    return form or asked.path.startswith(("/api/v1/points/history.", "/api/v1/reports/", "/api/v1/files/"))


def _code(answer: Response) -> str:
    if g.get("closed"):
        return "no_right"
    said = answer.get_json(silent=True)
    return str(said["error"]["code"]) if isinstance(said, dict) and "error" in said else ""


def _keep_private(answer: Response) -> None:
    said = answer.headers.get("Cache-Control")
    if said is None:
        answer.headers["Cache-Control"] = "no-store"
    elif said.startswith("public") and not request.path.startswith(("/assets/", "/locale/", "/_dash-component")):
        answer.headers["Cache-Control"] = said.replace("public", "private", 1)


def _is_page(rule: Rule | None) -> bool:
    return rule is not None and rule.rule in ("/", "/<path:path>") and request.method in ("GET", "HEAD")


def sign_in_address(why: str = "") -> str:
    """The sign-in page, that leads back to where one was."""
    here = request.full_path.rstrip("?")
    said = f"&why={quote(why)}" if why and why != "not_signed_in" else ""
    return f"/login?next={quote(here, safe='')}{said}"


def caller() -> Caller:
    """Where this request comes from."""
    said: Caller = g.caller
    return said


def last_visit(people: People) -> Moment | None:
    """When whoever asks was last here before their session; None where nobody is signed in, or they never were."""
    who: Signed | None = g.get("signed") if has_request_context() else None
    return people.sessions.last_visit(who.session) if who else None


def signed() -> Signed:
    """Who is signed in by a session.

    Raises:
        NotSignedIn: the request comes without one.
    """
    found: Signed | None = g.signed
    if found is None:
        raise NotSignedIn("this call is for somebody who has signed in", None)
    return found
