"""``/api/v1/faults``: applications for points under repair or stopped, which then raise no alarm (R-AL-8)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import AT, JSON, number, one_of, part, says, words
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, TEXT, TIME, TRUTH, Schema, maybe, rows, thing
from api.alarms import origin
from models.fault_life import NOTE_LENGTH, FaultAction, FaultReason, FaultState
from services.faults import MOST, FaultDesk
from twin.moment import parse_moment
from twin.roles import Right

_STATE = one_of("state", "how far it is", *FaultState)
_POINT = words("point", "id of a point that it covers")
_LIMIT = number("limit", "how many at most", 100, 1, MOST)
_ID = part("id", "id of an application", "FA-1")
_FIELDS: dict[str, Schema] = {
    **dict.fromkeys(("id", "state", "reason", "target", "note", "applied_by"), TEXT),
    **dict.fromkeys(("owner", "decided_by", "decision"), maybe(TEXT)),
    **dict.fromkeys(("starts", "ends", "applied_at"), TIME),
    "decided_at": maybe(TIME),
    "points": rows(TEXT),
    "running": TRUTH,
    "hushed": COUNT | {"description": "how often something raised no alarm because of it"},
}
_FAULT = thing(False, **_FIELDS)
_WHOLE = thing(False, **_FIELDS, effects=rows(thing(True, seq=COUNT, point=TEXT, kind=TEXT)))
_NOTE = {"type": "string", "maxLength": NOTE_LENGTH}
_APPLY = thing(target=TEXT, reason={"enum": list(FaultReason)}, starts=TIME, ends=TIME, note=_NOTE)
_DECIDE = {
    "type": "object",
    "properties": {"action": {"enum": list(FaultAction)}, "note": _NOTE},
    "required": ["action"],
    "additionalProperties": False,
}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("faults", __name__)
    desk = FaultDesk(deps.store, deps.park)

    @pages.get("/api/v1/faults")
    @says("Fault applications, newest first", AT, _STATE, _POINT, _LIMIT, answer=thing(faults=rows(_FAULT)))
    @deps.needs(Right.view)
    def faults() -> dict[str, Any]:
        at, scope = asked_moment(deps), deps.viewer().scope
        return {"faults": desk.listed(at, scope, _STATE.asked(), _POINT.asked(), _LIMIT.number())}

    @pages.post("/api/v1/faults")
    @says(
        "Apply for points to raise no alarm for a while; nothing changes until somebody else approves",
        answer=_WHOLE, status=201, bodies={JSON: _APPLY}, refusals=(403, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.apply_fault)
    def apply() -> tuple[dict[str, Any], int]:
        body = posted_as(_APPLY)
        times = {name: parse_moment(body[name], name) for name in ("starts", "ends")}
        return desk.apply({**body, **times}, deps.viewer(), origin()), 201

    @pages.get("/api/v1/faults/<id>")
    @says("A fault application with what it has hushed", _ID, AT, answer=_WHOLE, refusals=(404,))
    @deps.needs(Right.view)
    def fault(id: str) -> dict[str, Any]:
        return desk.one(id, asked_moment(deps), deps.viewer())

    @pages.post("/api/v1/faults/<id>/actions")
    @says(
        "Approve, refuse or withdraw a fault application",
        _ID,
        answer=_WHOLE, bodies={JSON: _DECIDE}, refusals=(403, 404, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.view)  # who may do which is said by the application itself
    def decide(id: str) -> dict[str, Any]:
        body = posted_as(_DECIDE)
        return desk.decide(id, body["action"], body.get("note", ""), deps.viewer(), origin())

    return pages


RESOURCE = Resource("faults", _routes)
