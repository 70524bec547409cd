"""``/api/v1/limits``: alarm limits as they count at a moment, their history, and changing them (R-GAS-15, GS-9)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import AT, JSON, number, one_of, part, says, words
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import NUMBER, TEXT, TIME, maybe, rows, table, thing
from models.limits import WHICH, WORDS_MOST
from park.fault import is_number
from services.limits import MOST, LimitDesk
from twin.errors import BadInput
from twin.roles import Right

_POINT = part("point", "id of a measuring point")
_OF = words("point", "id of a measuring point")
_ID = part("id", "id of a change", "LC-1")
_STATE = one_of("state", "how far it is", "waiting", "approved", "refused")
_LIMIT = number("limit", "how many at most", 100, 1, MOST)
_CHANGE = thing(
    True,
    **dict.fromkeys(("id", "point", "which", "reason", "author", "state", "note"), TEXT),
    **dict.fromkeys(("old", "new"), maybe(NUMBER)),
    asked_at=TIME,
    approver=maybe(TEXT),
    approved_at=maybe(TIME),
    refused_at=maybe(TIME),
    owner=maybe(TEXT),
    unit=maybe(TEXT),
)
_LIMITS = table(maybe(NUMBER))
_OF_POINT = thing(True, point=TEXT, unit=maybe(TEXT), at=TIME, limits=_LIMITS, given=_LIMITS, history=rows(_CHANGE))
_WORDS = {"type": "string", "maxLength": WORDS_MOST}
_ASK = {
    "type": "object",
    "properties": {
        "point": TEXT,
        "which": {"type": "string", "enum": list(WHICH)},
        "new": maybe(NUMBER) | {"description": "in the point's unit; null gives the limit up"},
        "reason": _WORDS,
    },
    "required": ["point", "which", "new", "reason"],
    "additionalProperties": False,
}
_DECIDE = {
    "type": "object",
    "properties": {"decision": {"type": "string", "enum": ["approve", "refuse"]}, "note": _WORDS},
    "required": ["decision"],
    "additionalProperties": False,
}
_REFUSALS = (400, 403, 404, 409, 429, 507)


def _new(body: dict[str, Any]) -> float | None:
    value = body["new"]
    if value is not None and not is_number(value):
        raise BadInput("new: a finite number, or null to give the limit up", "new")
    return None if value is None else float(value)


def _approves(body: dict[str, Any]) -> bool:
    options = _DECIDE["properties"]["decision"]["enum"]  # type: ignore[index]
    if body["decision"] not in options:
        raise BadInput(f"decision: '{body['decision'][:20]}' is none of {', '.join(options)}", "decision")
    return bool(body["decision"] == "approve")


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("limits", __name__)
    desk = LimitDesk(deps.store, deps.park, deps.store.change_limits)

    @pages.get("/api/v1/limits")
    @says("Changes asked of limits, newest first", AT, _OF, _STATE, _LIMIT, answer=thing(changes=rows(_CHANGE)))
    @deps.needs(Right.view)
    def changes() -> dict[str, Any]:
        found = desk.listed(
            asked_moment(deps), deps.viewer(), point=_OF.asked(), state=_STATE.asked(), limit=_LIMIT.number()
        )
        return {"changes": found}

    @pages.get("/api/v1/points/<point>/limits")
    @says("Limits of a point as they count at a moment, and how they came to that", _POINT, AT, answer=_OF_POINT,
          refusals=(404,))  # fmt: skip
    @deps.needs(Right.view)
    def limits(point: str) -> dict[str, Any]:
        return desk.of_point(point, asked_moment(deps), deps.viewer())

    @pages.post("/api/v1/limits")
    @says(
        "Ask for another limit; nothing changes until somebody else approves",
        answer=_CHANGE, status=201, bodies={JSON: _ASK}, refusals=_REFUSALS,
    )  # fmt: skip
    @deps.needs(Right.propose_limit)
    def propose() -> tuple[dict[str, Any], int]:
        body = posted_as(_ASK)
        return desk.propose(body["point"], body["which"], _new(body), body["reason"], deps.viewer()), 201

    @pages.post("/api/v1/limits/<id>/decision")
    @says(
        "Approve or refuse a change; approved, it counts at once",
        _ID,
        answer=_CHANGE, bodies={JSON: _DECIDE}, refusals=_REFUSALS,
    )  # fmt: skip
    @deps.needs(Right.approve_limit)
    def decide(id: str) -> dict[str, Any]:
        body = posted_as(_DECIDE)
        return desk.decide(id, _approves(body), body.get("note", ""), deps.viewer())

    return pages


RESOURCE = Resource("limits", _routes)
