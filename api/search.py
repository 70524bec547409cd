"""Search by name or id over everything on the map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import number, says, words
from api._deps import Deps, Resource
from api._schemas import TEXT, rows, thing
from services.search import Index

_WORDS = words("q", "parts of a name or an id; its first 80 characters count")
_LAYER = words("layer", "key of a layer; all of them without it")
_LIMIT = number("limit", "how many at most", 20, 1, 100)
_FOUND = thing(True, layer=TEXT, id=TEXT)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("search", __name__)
    index = Index(deps.house, deps.park)

    @pages.get("/api/v1/search")
    @says("Things of the map by name or id, the best first", _WORDS, _LAYER, _LIMIT, answer=rows(_FOUND))
    def search() -> list[dict[str, Any]]:
        return index.find((_WORDS.asked() or "")[:80], _LIMIT.number(), _LAYER.asked())

    return pages


RESOURCE = Resource("search", _routes)
