"""Search by name or id over everything on the map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from api._deps import Deps, Resource, asked_number
from services.search import Index


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("search", __name__)
    index = Index(deps.house, deps.park)

    @pages.get("/api/v1/search")
    def search() -> list[dict[str, Any]]:
        words, layer = request.args.get("q", "")[:80], request.args.get("layer")
        return index.find(words, asked_number("limit", 20, 1, 100), layer)

    return pages


RESOURCE = Resource("search", _routes)
