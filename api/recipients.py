"""``/api/v1/recipients``: the address book, who may be told of what (R-PU-4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from api._contract import AT, JSON, part, says
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, TEXT, TRUTH, Schema, maybe, rows, thing
from api.alarms import origin
from services.recipients import AddressBook
from twin.errors import BadInput
from twin.roles import Right

CSV = "text/csv"
_LISTED = ("channels", "kinds", "sources", "levels")
_OPTIONAL = ("post", "enterprise", "mobile", "email", "account")
_ONE = thing(
    False, id=TEXT, name=TEXT, **dict.fromkeys(_OPTIONAL, maybe(TEXT)), language=TEXT, enabled=TRUTH,
    **dict.fromkeys(_LISTED, rows(TEXT)),
)  # fmt: skip
_FIELDS: dict[str, Schema] = {
    "name": TEXT,
    **dict.fromkeys(_OPTIONAL, TEXT),
    "language": {"enum": ["zh", "en"]},
    "enabled": {"enum": ["true", "false"]},
    **{key: {"type": "array", "items": TEXT, "maxItems": 40} for key in _LISTED},
}
_CHANGE: Schema = {"type": "object", "properties": _FIELDS, "required": [], "additionalProperties": False}
_NEW: Schema = {
    "type": "object",
    "properties": {"id": TEXT, **_FIELDS},
    "required": ["id", "name"],
    "additionalProperties": False,
}
_ID = part("id", "id of a recipient", "P-BUREAU")
_LONGEST = 4 * 1024 * 1024
_FILE: Schema = {"type": "string", "description": "CSV in UTF-8 with a header: id, name, post, enterprise, mobile, …"}
_READ_IN = thing(
    False, rows=COUNT, kept=COUNT, unchanged=COUNT,
    refused=rows(thing(False, row=COUNT, id=maybe(TEXT), field=maybe(TEXT), message=TEXT)),
)  # fmt: skip


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("recipients", __name__)
    book = AddressBook(deps.store, deps.park)

    @pages.get("/api/v1/recipients")
    @says("The address book as known at a moment", AT, answer=thing(recipients=rows(_ONE)))
    @deps.needs(Right.manage_recipients)
    def listed() -> dict[str, Any]:
        return {"recipients": book.listed(asked_moment(deps), deps.viewer().scope)}

    @pages.post("/api/v1/recipients")
    @says(
        "Put somebody new into the address book",
        answer=_ONE, status=201, bodies={JSON: _NEW}, refusals=(403, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.manage_recipients)
    def add() -> tuple[dict[str, Any], int]:
        return book.keep(_checked(posted_as(_NEW)), deps.viewer(), origin(), fresh=True), 201

    @pages.post("/api/v1/recipients/<id>/change")
    @says(
        "Change what is known of a recipient; what is not named stays",
        _ID, answer=_ONE, bodies={JSON: _CHANGE}, refusals=(403, 404, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.manage_recipients)
    def change(id: str) -> dict[str, Any]:
        return book.keep({**_checked(posted_as(_CHANGE)), "id": id}, deps.viewer(), origin(), fresh=False)

    @pages.post("/api/v1/recipients/file")
    @says(
        "Read recipients from a CSV file; good rows are kept, of the others it is said what is wrong",
        answer=_READ_IN, bodies={CSV: _FILE}, refusals=(403, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.manage_recipients)
    def bring_in() -> dict[str, Any]:
        raw = request.get_data(cache=False)
        if len(raw) > _LONGEST:
            raise BadInput("file: longer than 4 MiB", "file")
        return book.bring_in(raw, deps.viewer(), origin())

    return pages


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    for name in _LISTED:
        said = body.get(name, [])
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            raise BadInput(f"{name}: a list of texts", name)
    for name, said in _FIELDS.items():
        if "enum" in said and name in body and body[name] not in said["enum"]:
            raise BadInput(f"{name}: one of {', '.join(said['enum'])}", name)
    return body


RESOURCE = Resource("recipients", _routes)
