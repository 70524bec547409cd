"""``/api/v1/replies``: what people answer to messages, from a gateway or noted by hand (R-PU-3)."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint

from api._contract import JSON, part, says
from api._deps import Deps, Resource
from api._posted import posted_as
from api._schemas import COUNT, TEXT, Schema, rows, thing
from services.replies import LONGEST, MOST, Heard, ReplyDesk
from twin.errors import BadInput
from twin.roles import Right

_ID = part("id", "id of a message", "N-1/0")
_WORDS: Schema = {"type": "string", "maxLength": LONGEST, "pattern": r"\S"}
_HEARD: Schema = {
    "type": "object",
    "properties": {
        "mobile": {
            "type": "string",
            "pattern": r"^\+?[0-9]([0-9 -]{3,18})[0-9]$",
            "description": "the number that answered",
        },
        "words": _WORDS,
        "message": {
            "type": "string",
            "maxLength": 200,
            "description": "`id` under which the message was posted to the gateway",
        },
        "id": {"type": "string", "maxLength": 100, "description": "the gateway's own: told again it is kept once"},
    },
    "required": ["mobile", "words"],
    "additionalProperties": False,
}
_REPLIES: Schema = {
    "type": "object",
    "properties": {"replies": {"type": "array", "items": _HEARD, "minItems": 1, "maxItems": MOST}},
    "required": ["replies"],
    "additionalProperties": False,
}
_NOTE: Schema = {
    "type": "object",
    "properties": {"words": _WORDS},
    "required": ["words"],
    "additionalProperties": False,
}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("replies", __name__)
    desk = ReplyDesk(deps.store)

    @pages.post("/api/v1/replies")
    @says(
        "What a gateway heard from people who were written to; `unknown`: numbers that no SMS was sent to in 30 days",
        answer=thing(kept=COUNT, unknown=rows(TEXT)), status=202, bodies={JSON: _REPLIES}, refusals=(429, 507),
    )  # fmt: skip
    @deps.needs(Right.ingest)
    def hear() -> tuple[dict[str, Any], int]:
        return desk.hear(_heard(posted_as(_REPLIES)["replies"]), deps.viewer()), 202

    @pages.post("/api/v1/messages/<path:id>/replies")
    @says(
        "Note what somebody answered to a message",
        _ID, answer=thing(message=TEXT), status=201, bodies={JSON: _NOTE}, refusals=(404, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.send_notice)
    def note(id: str) -> tuple[dict[str, Any], int]:
        return desk.note(id, posted_as(_NOTE)["words"], deps.viewer()), 201

    return pages


def _heard(said: list[Any]) -> list[Heard]:
    if not 0 < len(said) <= MOST:
        raise BadInput(f"replies: from 1 to {MOST} of them", "replies")
    return [_one(each, f"replies[{place}]") for place, each in enumerate(said)]


def _one(said: Any, where: str) -> Heard:
    known: Schema = _HEARD["properties"]
    if not isinstance(said, dict) or not {"mobile", "words"} <= said.keys() <= known.keys():
        raise BadInput(f"{where}: an object of {', '.join(known)}; mobile and words must be given", where)
    wrong = next((name for name, each in said.items() if not _fits(each, known[name])), None)
    if wrong is not None:
        raise BadInput(f"{where}.{wrong}: no such text", f"{where}.{wrong}")
    return Heard(**said)


def _fits(said: Any, schema: Schema) -> bool:
    if not isinstance(said, str) or len(said) > schema.get("maxLength", len(said)):
        return False
    return re.search(schema.get("pattern", ""), said) is not None


RESOURCE = Resource("replies", _routes)
