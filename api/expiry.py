"""``/api/v1/expiry``: papers, tests, drills and inspections that end or are overdue (rules section 9)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import AT, JSON, number, one_of, says
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, TEXT, TIME, maybe, rows, thing
from api.alarms import origin
from models.expiry import SCENES, PaperState
from services.expiry import MOST, ExpiryDesk
from twin.roles import Right

_SCENE = one_of("scene", "which kind of paper", *SCENES)
_STATE = one_of("state", "how it stands", *PaperState)
_LIMIT = number("limit", "how many at most", 500, 1, MOST)
_DAY = {"type": "string", "format": "date"}
_PAPER = thing(
    False,
    **dict.fromkeys(("key", "scene", "id", "table", "source", "paper_state"), TEXT),
    **dict.fromkeys(("paper", "owner", "owner_person", "reminded_by"), maybe(TEXT)),
    days_left=maybe({"type": "integer"}),
    window=maybe(COUNT),
    deadline=maybe(_DAY),
    reminded_at=maybe(TIME),
)
_REMIND = {
    "type": "object",
    "properties": {"scene": {"enum": list(SCENES)}, "paper": TEXT},
    "required": [],
    "additionalProperties": False,
}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("expiry", __name__)
    desk = ExpiryDesk(deps.store, deps.park)

    @pages.get("/api/v1/expiry")
    @says(
        "Papers and duties with a deadline, what is over first",
        AT,
        _SCENE,
        _STATE,
        _LIMIT,
        answer=thing(papers=rows(_PAPER)),
    )
    @deps.needs(Right.view)
    def papers() -> dict[str, Any]:
        at, scope = asked_moment(deps), deps.viewer().scope
        return {"papers": desk.listed(at, scope, _SCENE.asked(), _STATE.asked(), _LIMIT.number())}

    @pages.post("/api/v1/expiry/reminders")
    @says(
        "Remind whoever has to see to a paper, or to all of a scene that are over or end soon",
        answer=thing(sent=rows(TEXT)), status=201, bodies={JSON: _REMIND}, refusals=(403, 404, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.send_notice)
    def remind() -> tuple[dict[str, Any], int]:
        body = posted_as(_REMIND)
        return {"sent": desk.remind(body.get("scene"), body.get("paper"), deps.viewer(), origin())}, 201

    return pages


RESOURCE = Resource("expiry", _routes)
