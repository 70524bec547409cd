"""``POST /api/v1/readings``: measured values as JSON, NDJSON or an Arrow IPC stream."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from adapters import http_push
from api._body import ingest
from api._deps import Deps, Resource
from twin.moment import Moment
from twin.reading import Batch


def _decode(body: bytes, media: str, source: str, batch_id: str | None, received_at: Moment) -> Batch:
    return http_push.decode(body, media, source=source, batch_id=batch_id, received_at=received_at)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("readings", __name__)

    @pages.post("/api/v1/readings")
    @deps.needs("ingest")
    def post_readings() -> tuple[dict[str, Any], int]:
        """Store readings; 202 with what became of each, once they are durable."""
        return ingest(deps, http_push.PROTOCOL.key, _decode)

    return pages


RESOURCE = Resource("readings", _routes)
