"""Search by name or id over everything on the map."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Blueprint

from api._contract import number, says, words
from api._deps import Deps, Resource
from api._schemas import TEXT, rows, thing
from services.eyes import ALL
from services.search import Index
from twin.person import PARK
from twin.roles import Right

_WORDS = words("q", "parts of a name or an id; its first 80 characters count")
_LAYER = words("layer", "key of a layer; all of them without it")
_LIMIT = number("limit", "how many at most", 20, 1, 100)
_FOUND = thing(True, layer=TEXT, id=TEXT)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("search", __name__)
    eyes = deps.builder.eyes
    index = lru_cache(maxsize=64)(lambda scope: Index(deps.house, eyes.of(scope)))

    @pages.get("/api/v1/search")
    @says("Things of the map by name or id, the best first", _WORDS, _LAYER, _LIMIT, answer=rows(_FOUND))
    @deps.needs(Right.view)
    def search() -> list[dict[str, Any]]:
        scope = deps.viewer().scope
        return index(PARK if scope in ALL else scope).find((_WORDS.asked() or "")[:80], _LIMIT.number(), _LAYER.asked())

    return pages


RESOURCE = Resource("search", _routes)
