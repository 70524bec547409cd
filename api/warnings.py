"""``/api/v1/warnings``: gas warnings, what people do with them, and what is on file of those not handled in time."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from api._contract import AT, JSON, number, one_of, part, says, words
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, NUMBER, TEXT, TIME, TRUTH, Schema, maybe, rows, thing
from api.alarms import origin
from models.gas_warning_life import NOTE_LENGTH, REPORT_FIELDS, Basis, WarningAction, WarningWish
from models.gas_warning_state import WarningState
from services.warnings import MOST, REPORT_KINDS, WarningDesk
from twin.errors import BadInput
from twin.level import Risk
from twin.roles import Right

_STATE = one_of("state", "how far it is", *WarningState)
_LEVEL = one_of("level", "the highest level that it has had", *Risk)
_LIMIT = number("limit", "how many at most", 100, 1, MOST)
_ENTERPRISE = words("enterprise", "id of an enterprise")
_NAME = words("name", "name of the file, with its ending", minLength=5, maxLength=120)
_ID = part("id", "id of a warning", "GW-1")
_HASH = part("hash", "SHA-256 of a report", "0" * 64)
_FIELDS: dict[str, Schema] = {
    **dict.fromkeys(("id", "state", "worst", "why", "point", "last_event"), TEXT),
    **dict.fromkeys(
        ("level", "machine", "hand", "medium", "owner", "feedback_by", "result_by", "closed_by"), maybe(TEXT)
    ),
    **dict.fromkeys(("worst_at", "began_at", "opened_at"), TIME),
    **dict.fromkeys(("due", "over_at", "feedback_at", "result_at", "overdue_at", "closed_at"), maybe(TIME)),
    **dict.fromkeys(("points", "alarms", "raised", "reports", "cautions"), COUNT),
    **dict.fromkeys(("inside", "toxic", "exposed", "late"), TRUTH),
    **dict.fromkeys(("lon", "lat"), maybe(NUMBER)),
    "radius_m": NUMBER,
    "affected": rows(TEXT),
}
_WARNING = thing(True, **_FIELDS)
_ENTRY = thing(True, seq=COUNT, at=TIME, event=TEXT, who=TEXT)
_CAUTION = thing(True, id=TEXT, warning=TEXT, known=TIME, kind=TEXT, level=TEXT, due=TIME, in_row=COUNT)
_REPORT = thing(True, id=TEXT, known=TIME, name=TEXT, bytes=COUNT, sha256=TEXT)
_EVIDENCE = thing(True, known=TIME, why=TEXT, held_at=TIME, points=COUNT, alarms=COUNT, repeats=COUNT, per_point=NUMBER)
_NOTICE = thing(True, notice=TEXT, known=TIME, template=TEXT, addressee=TEXT)
_WHOLE = thing(
    True, **_FIELDS, timeline=rows(_ENTRY), evidence=rows(_EVIDENCE), told=rows(_NOTICE), files=rows(_REPORT),
    filed=rows(_CAUTION), actions=rows(TEXT),
)  # fmt: skip
_NOTE = {"type": "string", "maxLength": NOTE_LENGTH}
_ACT = {
    "type": "object",
    "properties": {
        "action": {"enum": list(WarningAction)},
        "note": _NOTE,
        "level": {"enum": list(Risk)},
        "basis": {"enum": list(Basis)},
        **dict.fromkeys((*REPORT_FIELDS, "other"), _NOTE),
    },
    "required": ["action"],
    "additionalProperties": False,
}
_FILE = {"type": "string", "format": "binary"}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("warnings", __name__)
    desk = WarningDesk(deps.store, deps.settings.data)

    @pages.get("/api/v1/warnings")
    @says("Gas warnings, open ones first", AT, _STATE, _LEVEL, _LIMIT, answer=thing(warnings=rows(_WARNING)))
    @deps.needs(Right.view)
    def warnings() -> dict[str, Any]:
        at, scope = asked_moment(deps), deps.viewer().scope
        return {"warnings": desk.listed(at, scope, _STATE.asked(), _LEVEL.asked(), _LIMIT.number())}

    @pages.get("/api/v1/warnings/<id>")
    @says("A gas warning with timeline, evidence and who was told", _ID, AT, answer=_WHOLE, refusals=(404,))
    @deps.needs(Right.view)
    def warning(id: str) -> dict[str, Any]:
        return desk.one(id, asked_moment(deps), deps.viewer())

    @pages.post("/api/v1/warnings/<id>/actions")
    @says(
        "Give feedback, measures, report or result of a gas warning; set its level, start the pre-warning, close it",
        _ID,
        answer=_WHOLE, bodies={JSON: _ACT}, refusals=(403, 404, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.view)  # who may do which is said by the warning itself
    def act(id: str) -> dict[str, Any]:
        return desk.act(id, _wish(posted_as(_ACT)), deps.viewer(), origin())

    @pages.post("/api/v1/warnings/<id>/reports")
    @says(
        "Upload an accident investigation report (PDF, DOCX, PNG or JPEG, at most 10 MB) as the body",
        _ID,
        _NAME,
        answer=_WHOLE, status=201, bodies=dict.fromkeys(REPORT_KINDS, _FILE), refusals=(403, 404, 409, 413, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.handle_warning)
    def upload(id: str) -> tuple[dict[str, Any], int]:
        name = _NAME.asked()
        if not name:
            raise BadInput("name: the file's name must be given", "name", "missing")
        return desk.upload(id, name, request.get_data(cache=False), deps.viewer(), origin()), 201

    @pages.get("/api/v1/warnings/<id>/reports/<hash>")
    @says("A report of a gas warning", _ID, _HASH, answers=dict.fromkeys(REPORT_KINDS, _FILE), refusals=(404,))
    @deps.needs(Right.view)
    def report(id: str, hash: str) -> Response:
        path, name, kind = desk.report(id, hash, deps.store.tick(), deps.viewer())
        answer = Response(path.read_bytes(), content_type=kind.mime)
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer

    @pages.get("/api/v1/cautions")
    @says(
        "Caution notices, named criticism and inspections on file, newest first", AT, _ENTERPRISE, _LIMIT,
        answer=thing(cautions=rows(_CAUTION)),
    )  # fmt: skip
    @deps.needs(Right.view)
    def cautions() -> dict[str, Any]:
        asked = _ENTERPRISE.asked()
        return {"cautions": desk.cautions(asked_moment(deps), deps.viewer().scope, asked, _LIMIT.number())}

    return pages


def _wish(body: dict[str, Any]) -> WarningWish:
    said = tuple((name, body[name]) for name in (*REPORT_FIELDS, "other") if name in body)
    return WarningWish(body["action"], body.get("note", ""), body.get("level"), body.get("basis"), said)


RESOURCE = Resource("warnings", _routes)
