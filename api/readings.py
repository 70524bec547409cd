"""``POST /api/v1/readings``: measured values as JSON, NDJSON or an Arrow IPC stream."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from adapters import http_push
from api._body import ingest
from api._contract import JSON, KEY, says
from api._deps import Deps, Resource
from api._schemas import COMMIT, NUMBER, TEXT, TIME, rows, thing
from twin.moment import Moment
from twin.reading import Batch
from twin.roles import Right

_QUALITY = {"enum": ["good", "uncertain", "bad", 0, 1, 2]}
_READING = {
    "type": "object",
    "properties": {"point": TEXT, "ts": TIME, "value": NUMBER, "quality": _QUALITY},
    "required": ["point", "ts", "value"],
}
_BODIES = {
    JSON: thing(readings=rows(_READING)),
    "application/x-ndjson": TEXT,
    "application/vnd.apache.arrow.stream": {"type": "string", "format": "binary"},
}


def _decode(body: bytes, media: str, source: str, batch_id: str | None, received_at: Moment) -> Batch:
    return http_push.decode(body, media, source=source, batch_id=batch_id, received_at=received_at)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("readings", __name__)

    @pages.post("/api/v1/readings")
    @says(
        "Store measured values; answered once they are durable",
        KEY,
        answer=COMMIT,
        status=202,
        bodies=_BODIES,
        refusals=(413, 415, 429, 507),
    )
    @deps.needs(Right.ingest)
    def post_readings() -> tuple[dict[str, Any], int]:
        return ingest(deps, http_push.PROTOCOL.key, _decode)

    return pages


RESOURCE = Resource("readings", _routes)
