"""Accounts and machines' tokens, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import JSON, part, says
from api._deps import Deps, Resource
from api._gate import caller
from api._posted import posted
from api._schemas import TEXT, TIME, TRUTH, maybe, rows, thing
from api.session import texts
from cache.accounts import Account, MachineToken, Tries
from services.accounts import By
from services.credentials import second_address
from twin.errors import BadInput, NotFound
from twin.moment import iso
from twin.roles import ROLES, SCOPES, Right

_ID = part("id", "id of an account")
_TOKEN = part("id", "id of a token")
_WHAT = part("what", "what is done", enum=["change", "lock", "open", "reset", "second"])
_ROLE = TEXT | {"enum": list(ROLES)}
_SHORT = {"type": "string", "minLength": 1, "maxLength": 200}
_ACCOUNT = thing(
    id=TEXT, name=TEXT, role=TEXT, enterprise=maybe(TEXT), made_at=TIME, made_by=TEXT, disabled=TRUTH,
    must_change=TRUTH, second=TRUTH, local=TRUTH, locked_until=maybe(TIME),
)  # fmt: skip
_CHANGED = thing(True, account=_ACCOUNT)
_MACHINE = thing(
    id=TEXT, name=TEXT, scopes=rows(TEXT), enterprise=maybe(TEXT), made_at=TIME, made_by=TEXT, revoked_at=maybe(TIME)
)
_GIVEN = thing(token=_MACHINE, secret=TEXT)
_NEW = {
    "type": "object",
    "properties": {"id": _SHORT, "name": _SHORT, "role": _ROLE, "enterprise": TEXT, "password": TEXT},
    "required": ["id", "name", "role"],
}
_CHANGE = {
    "type": "object",
    "properties": {"name": _SHORT, "role": _ROLE, "enterprise": TEXT, "password": TEXT},
}
_NEW_TOKEN = {
    "type": "object",
    "properties": {
        "name": _SHORT,
        "scopes": {"type": "array", "items": TEXT | {"enum": list(SCOPES)}, "minItems": 1},
        "enterprise": TEXT,
    },
    "required": ["name", "scopes"],
}


def _by(deps: Deps) -> By:
    return By(deps.viewer().id, caller())


def _account(deps: Deps, each: Account) -> dict[str, Any]:
    tries = deps.store.accounts.find(Tries, f"account:{each.id}")
    until = tries.until if tries and tries.until and tries.until > deps.clock() else None
    told: dict[str, Any] = {"id": each.id, "name": each.name, "role": each.role, "enterprise": each.enterprise}
    told |= {"made_at": iso(each.made_at), "made_by": each.made_by, "disabled": each.disabled}
    told |= {"must_change": deps.people.keeper.expired(each), "second": each.second is not None}
    return told | {"local": each.secret is not None, "locked_until": iso(until) if until else None}


def _machine(each: MachineToken) -> dict[str, Any]:
    told: dict[str, Any] = {"id": each.id, "name": each.name, "scopes": list(each.scopes)}
    told |= {"enterprise": each.enterprise, "made_at": iso(each.made_at), "made_by": each.made_by}
    return told | {"revoked_at": iso(each.revoked_at) if each.revoked_at else None}


def _done(deps: Deps, id: str, what: str) -> dict[str, Any]:
    """Do it to an account; what came of it.

    Raises:
        NotFound: no such account, or nothing that could be done. BadInput, Conflict: it cannot be done.
    """
    keeper, by = deps.people.keeper, _by(deps)
    if what in ("lock", "open"):
        return {"account": _account(deps, keeper.disable(id, what == "lock", by))}
    if what == "reset":
        return {"account": _account(deps, keeper.reset(id, texts("password")["password"], by))}
    if what == "second":
        second = keeper.give_second(id, by)
        told = {"second": second, "address": second_address(second, id, deps.park.name_en)}
        return {"account": _account(deps, keeper.account(id)), **told}
    if what == "change":
        before, said = keeper.account(id), texts(optional=("name", "role", "enterprise"))
        enterprise = said["enterprise"] or (before.enterprise if not said["role"] else None)
        changed = keeper.change(id, said["name"] or before.name, said["role"] or before.role, enterprise, by)
        return {"account": _account(deps, changed)}
    raise NotFound(f"nothing called '{what[:20]}' can be done to an account", "what")


def _new_token(deps: Deps) -> dict[str, Any]:
    body = posted()
    scopes, name, enterprise = (body.get(each) for each in ("scopes", "name", "enterprise"))
    if not isinstance(name, str) or not (enterprise is None or isinstance(enterprise, str)):
        raise BadInput("name: a text", "name")
    if not isinstance(scopes, list) or not all(isinstance(each, str) for each in scopes):
        raise BadInput("scopes: a list of words", "scopes")
    secret, kept = deps.people.keeper.add_token(name, scopes, enterprise or None, _by(deps))
    return {"token": _machine(kept), "secret": secret}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("accounts", __name__)

    @pages.get("/api/v1/accounts")
    @says("All accounts", answer=rows(_ACCOUNT))
    @deps.needs(Right.manage_accounts)
    def get_accounts() -> list[dict[str, Any]]:
        return [_account(deps, each) for each in sorted(deps.store.accounts.all(Account), key=lambda one: one.id)]

    @pages.post("/api/v1/accounts")
    @says("Make an account; its password is changed at the first sign-in", answer=_CHANGED, status=201,
          bodies={JSON: _NEW}, refusals=(409,))  # fmt: skip
    @deps.needs(Right.manage_accounts)
    def post_account() -> tuple[dict[str, Any], int]:
        said = texts("id", "name", "role", optional=("enterprise", "password"))
        names = said["id"], said["name"], said["role"], said["enterprise"] or None, said["password"] or None
        return {"account": _account(deps, deps.people.keeper.add(*names, _by(deps)))}, 201

    @pages.post("/api/v1/accounts/<id>/<what>")
    @says("Change, lock, open or reset an account, or give it a second factor", _ID, _WHAT, answer=_CHANGED,
          bodies={JSON: _CHANGE}, refusals=(404, 409))  # fmt: skip
    @deps.needs(Right.manage_accounts)
    def post_change(id: str, what: str) -> dict[str, Any]:
        return _done(deps, id, what)

    @pages.get("/api/v1/tokens")
    @says("The tokens of machines, without their secrets", answer=rows(_MACHINE))
    @deps.needs(Right.manage_accounts)
    def get_tokens() -> list[dict[str, Any]]:
        return [_machine(each) for each in deps.store.accounts.all(MachineToken)]

    @pages.post("/api/v1/tokens")
    @says("Make a token for a machine; its secret is told this once", answer=_GIVEN, status=201,
          bodies={JSON: _NEW_TOKEN}, refusals=(409,))  # fmt: skip
    @deps.needs(Right.manage_accounts)
    def post_token() -> tuple[dict[str, Any], int]:
        return _new_token(deps), 201

    @pages.post("/api/v1/tokens/<id>/revoke")
    @says("A token opens nothing any more", _TOKEN, answer=thing(token=_MACHINE), refusals=(404,))
    @deps.needs(Right.manage_accounts)
    def post_revoke(id: str) -> dict[str, Any]:
        return {"token": _machine(deps.people.keeper.revoke(id, _by(deps)))}

    return pages


RESOURCE = Resource("accounts", _routes)
