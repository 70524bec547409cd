"""``GET /api/v1/audit``: who did what, when, from where, with what result; for the auditor."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint

from api._contract import AT, instant, number, one_of, says, words
from api._deps import Deps, Resource, asked_moment
from api._schemas import COUNT, TEXT, TIME, maybe, rows, thing
from twin.moment import iso
from twin.roles import Right

STREAMS = ("alarm", "account", "audit", "limit", "fault")
_STREAM = one_of("stream", "only one stream of the journal", *STREAMS)
_WHO = words("who", "only what one person or machine did", maxLength=100)
_FROM = instant("from", "noted since then")
_LIMIT = number("limit", "how many at most", 200, 1, 5000)
_CURSOR = number("cursor", "`next` of the answer before", 0, 0, 2**53)
_ENTRY = thing(seq=COUNT, known=TIME, stream=TEXT, subject=TEXT, event=TEXT, who=TEXT, said={"type": "object"})


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "known": iso(row["known"]), "said": orjson.loads(row["said"])}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("audit", __name__)

    @pages.get("/api/v1/audit")
    @says("What people and machines did, the newest first", AT, _STREAM, _WHO, _FROM, _LIMIT, _CURSOR,
          answer=thing(entries=rows(_ENTRY), next=maybe(COUNT)))  # fmt: skip
    @deps.needs(Right.read_audit)
    def audit() -> dict[str, Any]:
        most = _LIMIT.number()
        asked = {"stream": _STREAM.asked(), "who": _WHO.asked(), "since": _FROM.moment(), "most": most}
        reader = deps.store.reader(deps.viewer().scope)
        found = reader.read("people/audit", at=asked_moment(deps), before=_CURSOR.number() or None, **asked)
        entries = [_told(row) for row in found.iter_rows(named=True)]
        return {"entries": entries, "next": entries[-1]["seq"] if len(entries) == most else None}

    return pages


RESOURCE = Resource("audit", _routes)
