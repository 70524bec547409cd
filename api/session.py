"""Signing in and out, one's own password, and who one is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as Answer

from api._contract import JSON, says
from api._deps import Deps, Resource
from api._gate import ANYONE, OPEN, caller, cookie_of, csrf_cookie_of, signed
from api._posted import posted
from api._schemas import NUMBER, TEXT, TRUTH, maybe, rows, thing
from cache.accounts import Account
from services.accounts import By
from services.credentials import csrf_of, is_password
from services.sessions import Signed
from twin.errors import BadInput, NotSignedIn
from twin.person import Person
from twin.roles import Right

_PERSON = thing(id=TEXT, name=TEXT, role=TEXT, enterprise=maybe(TEXT), scope=TEXT, kind=TEXT, rights=rows(TEXT))
_WHO = thing(login=TRUTH, person=_PERSON, must_change=TRUTH, idle_min=NUMBER)
_SECRET = {"type": "string", "minLength": 1, "maxLength": 200}
_SIGN_IN = {
    "type": "object",
    "properties": {"account": _SECRET, "password": _SECRET, "code": {"type": "string", "maxLength": 20}},
    "required": ["account", "password"],
}
_CHANGE = thing(old=_SECRET, password=_SECRET)
_DONE = thing(done=TRUTH)


def texts(*names: str, optional: tuple[str, ...] = ()) -> dict[str, str]:
    """The texts of a posted object.

    Raises:
        BadInput: one of them is missing, no text, or far too long.
    """
    body = posted()
    said = {name: body.get(name, "" if name in optional else None) for name in (*names, *optional)}
    for name, each in said.items():
        if not isinstance(each, str) or len(each) > 200 or (name not in optional and not each):
            raise BadInput(f"{name}: a text of 1 to 200 characters", name)
    return {name: str(each) for name, each in said.items()}


def person_json(person: Person) -> dict[str, Any]:
    """A person as the contract tells of them."""
    told = {"id": person.id, "name": person.name, "role": person.role, "enterprise": person.enterprise}
    return told | {"scope": person.scope, "kind": person.kind, "rights": sorted(person.rights)}


_FOR_LONG_S = 400 * 86400  # browsers keep nothing longer


def give_cookies(answer: Answer, secret: str, port: int, secure: bool, stay: bool = False) -> None:
    """What the browser holds: the session, out of reach of scripts, and the page's token for them. With ``stay`` it
    holds them when it is started again: a wall comes back by itself."""
    kept = _FOR_LONG_S if stay else None
    for name, value, hidden in ((cookie_of(port), secret, True), (csrf_cookie_of(port), csrf_of(secret), False)):
        answer.set_cookie(name, value, httponly=hidden, secure=secure, samesite="Lax", path="/", max_age=kept)


def take_cookies(answer: Response, port: int) -> None:
    """Nothing of the session stays in the browser, nor of what it showed (NF-72)."""
    for name in (cookie_of(port), csrf_cookie_of(port)):
        answer.delete_cookie(name, path="/", samesite="Lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'


def _told(deps: Deps, person: Person, must_change: bool) -> dict[str, Any]:
    settings = deps.people.settings
    told = {"login": deps.people.login_on, "person": person_json(person), "must_change": must_change}
    return told | {"idle_min": settings.idle_min}


def _signed_in(deps: Deps, secret: str, who: Signed) -> Response:
    answer = deps.answer(_told(deps, who.person, who.must_change))
    give_cookies(answer, secret, deps.settings.port, caller().secure, who.person.may(Right.stay))
    return answer


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("session", __name__)

    @pages.get("/api/v1/session")
    @says("Who one is, and what one may do", answer=_WHO)
    @deps.needs(ANYONE)
    def get_session() -> dict[str, Any]:
        must_change = bool(_of_session() and signed().must_change)
        return _told(deps, deps.viewer(), must_change)

    @pages.post("/api/v1/session")
    @says("Sign in", answer=_WHO, bodies={JSON: _SIGN_IN}, refusals=(401,), limited=True)
    @deps.needs(OPEN)
    def post_session() -> Response:
        deps.people.sign_ins.take(caller().address)
        said = texts("account", "password", optional=("code",))
        secret, who = deps.people.sessions.sign_in(said["account"], said["password"], said["code"], caller())
        return _signed_in(deps, secret, who)

    @pages.post("/api/v1/session/end")
    @says("Sign out", answer=_DONE)
    @deps.needs(ANYONE)
    def post_end() -> Response:
        secret = request.cookies.get(cookie_of(deps.settings.port))
        if secret:
            deps.people.sessions.sign_out(secret)
        answer = deps.answer({"done": True})
        take_cookies(answer, deps.settings.port)
        return answer

    @pages.post("/api/v1/session/password")
    @says("Change one's own password", answer=_WHO, bodies={JSON: _CHANGE})
    @deps.needs(ANYONE)
    def post_password() -> Response:
        who, said = signed(), texts("old", "password")
        _change(deps, who, said)
        deps.people.sessions.end_others(who.person.id, who.session.key, By(who.person.id, caller()))
        return deps.answer(_told(deps, who.person, False))

    return pages


def _of_session() -> bool:
    try:
        return bool(signed())
    except NotSignedIn:
        return False


def _change(deps: Deps, who: Signed, said: dict[str, str]) -> None:
    account: Account = deps.people.keeper.account(who.person.id)
    deps.people.sign_ins.take(caller().address)
    if not is_password(account.secret, said["old"]):
        raise BadInput("the old password is wrong", "old", "wrong_password")
    deps.people.keeper.change_password(account.id, said["password"], By(account.id, caller()))


RESOURCE = Resource("session", _routes)
