"""``POST /api/v1/records/{table}``: records of an exchange table, checked against the dictionary."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from adapters import http_push
from api._body import ingest
from api._contract import JSON, KEY, part, says
from api._deps import Deps, Resource
from api._schemas import COMMIT, rows, thing
from twin.dictionary import dictionary
from twin.moment import Moment
from twin.reading import Batch
from twin.roles import Right

_TABLE = part("table", "an exchange table of the dictionary", "enterprise")
_RECORDS = thing(records=rows({"type": "object"}))


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("records", __name__)

    @pages.post("/api/v1/records/<table>")
    @says(
        "Store records of an exchange table; answered once they are durable",
        _TABLE,
        KEY,
        answer=COMMIT,
        status=202,
        bodies={JSON: _RECORDS},
        refusals=(404, 413, 415, 429, 507),
    )
    @deps.needs(Right.ingest)
    def post_records(table: str) -> tuple[dict[str, Any], int]:
        known = dictionary().table(table)

        def decode(body: bytes, media: str, source: str, batch_id: str | None, received_at: Moment) -> Batch:
            return http_push.decode_records(body, media, known, source, batch_id, received_at)

        return ingest(deps, http_push.PROTOCOL.key, decode)

    return pages


RESOURCE = Resource("records", _routes)
