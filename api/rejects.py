"""``GET /api/v1/rejects``: what was refused and why, newest first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from api._deps import Deps, Resource, asked_number
from twin.moment import iso, parse_moment

MOST = 10_000


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("rejects", __name__)

    @pages.get("/api/v1/rejects")
    def rejects() -> dict[str, Any]:
        """Rejects of a source (all without one) since ``from``, at most ``limit``."""
        text = request.args.get("from")
        start = parse_moment(text, "from") if text else None
        limit = asked_number("limit", 1000, 1, MOST)
        found = deps.store.rejects(request.args.get("source"), start, limit)
        return {"rejects": [_told(row) for row in found.iter_rows(named=True)]}

    return pages


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "known": iso(row["known"])}


RESOURCE = Resource("rejects", _routes)
