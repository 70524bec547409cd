"""``/api/v1/duty`` and ``/api/v1/rosters``: who is on duty, and who will be (DR-1 … DR-3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from api._body import unpacked
from api._contract import AT, JSON, LANG, Param, says, words
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, TEXT, TIME, Schema, maybe, rows, thing
from api.alarms import origin
from models.roster import NOTE_LENGTH, PARK_ORG
from services.on_duty import on_duty
from services.roster import NAME_LENGTH, RosterDesk
from twin.errors import BadInput
from twin.moment import iso
from twin.person import MASKED
from twin.roles import Right

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE: Schema = {"type": "string", "format": "binary"}
_ORG = words("org", "whose roster: 'park', or id of an enterprise")
_NAME = words("name", "what the file is called", maxLength=NAME_LENGTH)
_DAY = {"format": "date"}
_FROM = words("from", "first local day of the shifts", **_DAY)
_TO = words("to", "last local day of the shifts", **_DAY)
_NOW = thing(person=TEXT, name=TEXT, role=TEXT, mobile=maybe(TEXT), shift=TEXT, until=TIME, source=TEXT)
_TURN = thing(
    False,
    **dict.fromkeys(("id", "org", "shift", "duty_role", "person", "duty_name", "table", "source", "day"), TEXT),
    **dict.fromkeys(("mobile", "note"), maybe(TEXT)),
    starts=TIME,
    ends=TIME,
)
_REFUSED = thing(row=COUNT, field=TEXT, code=TEXT, value=TEXT, message=TEXT)
_READ = thing(id=TEXT, file=TEXT, good=COUNT, bad=COUNT, shifts=COUNT, rejected=rows(_REFUSED))
_SWAP = {
    "type": "object",
    "properties": {"id": TEXT, "with": TEXT, "note": {"type": "string", "maxLength": NOTE_LENGTH}},
    "required": ["id", "with"],
    "additionalProperties": False,
}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("duty", __name__)
    desk = RosterDesk(deps.store, deps.park)

    @pages.get("/api/v1/duty")
    @says("Who is on duty at a moment, leaders first", AT, _ORG, answer=thing(org=TEXT, at=TIME, people=rows(_NOW)))
    @deps.needs(Right.view)
    def duty() -> dict[str, Any]:
        at, org = asked_moment(deps), _org(deps) or PARK_ORG
        hidden = deps.viewer().scope == MASKED
        people = [] if hidden else on_duty(deps.store, at, org)
        return {"org": org, "at": iso(at), "people": [{**each, "until": iso(each["until"])} for each in people]}

    @pages.get("/api/v1/rosters")
    @says("Who stands on which shift, in order of time", AT, _ORG, _FROM, _TO, answer=thing(turns=rows(_TURN)))
    @deps.needs(Right.view)
    def rosters() -> dict[str, Any]:
        start, end = (_day(each) for each in (_FROM, _TO))
        return {"turns": desk.listed(asked_moment(deps), deps.viewer().scope, _org(deps), start, end)}

    @pages.post("/api/v1/rosters/imports")
    @says(
        "Set shifts from a file of rosters, Excel or CSV; each row that cannot be is named, the others go through",
        _NAME,
        answer=_READ, status=201, bodies={_EXCEL: _FILE, "text/csv": TEXT}, refusals=(403, 413, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.manage_duty)
    def imported() -> tuple[dict[str, Any], int]:
        body = unpacked(request.get_data(cache=False), request.headers.get("Content-Encoding", ""))
        return desk.read(body, _name(), deps.viewer(), origin()), 201

    @pages.get("/api/v1/rosters/template")
    @says("An Excel file of a roster to fill in", LANG, answers={_EXCEL: _FILE})
    @deps.needs(Right.manage_duty)
    def template() -> Response:
        made = desk.template(LANG.asked() or "zh", deps.store.tick(), deps.viewer())
        named = {"Content-Disposition": 'attachment; filename="roster.xlsx"'}
        return Response(made, mimetype=_EXCEL, headers=named)

    @pages.post("/api/v1/rosters/swaps")
    @says(
        "Exchange the people of two turns of one roster",
        answer=thing(swapped=rows(TEXT)), bodies={JSON: _SWAP}, refusals=(403, 404, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.manage_duty)
    def swap() -> dict[str, Any]:
        body = posted_as(_SWAP)
        desk.swap(body["id"], body["with"], body.get("note", ""), deps.viewer(), origin())
        return {"swapped": [body["id"], body["with"]]}

    return pages


def _name() -> str:
    said = _NAME.asked() or ""
    if len(said) > NAME_LENGTH:
        raise BadInput(f"name: at most {NAME_LENGTH} characters", "name")
    return said


def _org(deps: Deps) -> str | None:
    """Whose roster is asked for; who is held to one enterprise asks for that one's."""
    return deps.viewer().enterprise or _ORG.asked()


def _day(param: Param) -> date | None:
    said = param.asked()
    try:
        return None if said is None else date.fromisoformat(said)
    except ValueError as error:
        raise BadInput(f"{param.name}: '{str(said)[:20]}' is no day, such as 2026-11-21", param.name) from error


RESOURCE = Resource("duty", _routes)
