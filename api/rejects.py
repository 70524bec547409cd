"""``GET /api/v1/rejects``: what was refused and why, newest first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import instant, number, says, words
from api._deps import Deps, Resource
from api._schemas import PLACE, TEXT, TIME, maybe, rows, thing
from twin.moment import iso
from twin.roles import Right

_SOURCE = words("source", "id of a source; all of them without it")
_FROM = instant("from", "refused since then")
_LIMIT = number("limit", "how many at most", 1000, 1, 10_000)
_REJECT = thing(
    known=TIME,
    source=TEXT,
    batch_id=maybe(TEXT),
    table_name=TEXT,
    index=PLACE,
    code=TEXT,
    message=TEXT,
    field=maybe(TEXT),
    raw=TEXT,
)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("rejects", __name__)

    @pages.get("/api/v1/rejects")
    @says("What was refused and why, newest first", _SOURCE, _FROM, _LIMIT, answer=thing(rejects=rows(_REJECT)))
    @deps.needs(Right.view)
    def rejects() -> dict[str, Any]:
        viewer = deps.viewer()
        # what was refused may hold anything: an enterprise sees what its own machines sent, others need the right
        among = None if viewer.enterprise is None else deps.people.sources_of(viewer.enterprise)
        if among is None:
            deps.must(Right.diagnose)
        found = deps.store.rejects(_SOURCE.asked(), _FROM.moment(), _LIMIT.number(), among)
        return {"rejects": [_told(row) for row in found.iter_rows(named=True)]}

    return pages


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "known": iso(row["known"])}


RESOURCE = Resource("rejects", _routes)
