"""``/api/v1/handovers``: shifts that are handed over, with two signatures (AL-11, DR-2)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import AT, JSON, number, part, says
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, TEXT, TIME, Schema, maybe, rows, thing
from api.alarms import origin
from models.handover import REMARKS_LENGTH, HandoverAction
from services.handover import MOST, HandoverDesk
from twin.roles import Right

_LIMIT = number("limit", "how many at most", 50, 1, MOST)
_ID = part("id", "id of a handover", "HO-1")
_COUNTS = ("held", "open_alarms", "offline", "repair", "sources_down", "raised", "closed", "decided")
_LISTS = ("held_over", "still_open", "silent", "under_repair", "decided_on")
_FIELDS: dict[str, Schema] = {
    **dict.fromkeys(("id", "org", "state", "day", "shift", "remarks", "prepared_by"), TEXT),
    **dict.fromkeys(("given_by", "taken_by", "withdrawn_by"), maybe(TEXT)),
    **dict.fromkeys(("as_of", "prepared_at"), TIME),
    **dict.fromkeys(("since", "given_at", "taken_at", "withdrawn_at"), maybe(TIME)),
    **dict.fromkeys(_COUNTS, COUNT),
}
_ONE = thing(False, **_FIELDS)
_WHOLE = thing(False, **_FIELDS, **dict.fromkeys(_LISTS, rows(thing(True, id=TEXT))))
_PREPARE = {
    "type": "object",
    "properties": {"remarks": {"type": "string", "maxLength": REMARKS_LENGTH}},
    "required": [],
    "additionalProperties": False,
}
_SIGN = thing(action={"enum": list(HandoverAction)})


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("handovers", __name__)
    desk = HandoverDesk(deps.store, deps.park)

    @pages.get("/api/v1/handovers")
    @says("Handovers of shifts: those that wait for a signature first", AT, _LIMIT, answer=thing(handovers=rows(_ONE)))
    @deps.needs(Right.view)
    def handovers() -> dict[str, Any]:
        return {"handovers": desk.listed(asked_moment(deps), deps.viewer().scope, _LIMIT.number())}

    @pages.post("/api/v1/handovers")
    @says(
        "Prepare the handover of the shift: what is held over, silent and changed is counted as of now",
        answer=_WHOLE, status=201, bodies={JSON: _PREPARE}, refusals=(403, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.hand_over)
    def prepare() -> tuple[dict[str, Any], int]:
        body = posted_as(_PREPARE)
        return desk.prepare(body.get("remarks", ""), deps.viewer(), origin()), 201

    @pages.get("/api/v1/handovers/<id>")
    @says("A handover with its lists as they were at its moment", _ID, AT, answer=_WHOLE, refusals=(404,))
    @deps.needs(Right.view)
    def handover(id: str) -> dict[str, Any]:
        return desk.one(id, asked_moment(deps), deps.viewer().scope)

    @pages.post("/api/v1/handovers/<id>/actions")
    @says(
        "Sign a handover: first who gives, then another person who takes; or withdraw it before",
        _ID,
        answer=_WHOLE, bodies={JSON: _SIGN}, refusals=(403, 404, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.hand_over)
    def sign(id: str) -> dict[str, Any]:
        body = posted_as(_SIGN)
        return desk.sign(id, body["action"], deps.viewer(), origin())

    return pages


RESOURCE = Resource("handovers", _routes)
