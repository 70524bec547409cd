"""Map layers: their list, their features at any moment as GeoJSON, and their unmoving geometry for the map."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from api._box import BBOX, asked_box
from api._contract import AT, JSON, KNOWLEDGE, part, says, words
from api._deps import Deps, Resource, asked_knowledge, asked_moment
from api._schemas import COUNT, TEXT, TIME, maybe, rows, thing
from services.features import Features
from twin.errors import NotFound
from twin.labels import say
from twin.moment import Moment, iso
from twin.roles import Right
from twin.screen import Layer, title_key

_GEOMETRY = {"point": "Point", "line": "LineString", "area": "Polygon"}
_FOR_EVER = "public, max-age=31536000, immutable"
_LAYER = part("layer", "key of a layer", "points")
_VERSION = words("v", "version of the geometry: with it the answer may be kept for ever")
_LISTED = thing(
    id=TEXT,
    title_zh=TEXT,
    title_en=TEXT,
    group=TEXT,
    geometry=TEXT,
    count=COUNT,
    updated_at=TIME,
    static=maybe(TEXT),
)
_PROPERTIES = thing(True, id=TEXT, name_zh=TEXT, name_en=TEXT, state=TEXT, updated_at=TIME)
_FEATURE = thing(type=TEXT, id=TEXT, geometry={"type": "object"}, properties=_PROPERTIES)
_COLLECTION = thing(type=TEXT, layer=TEXT, at=TIME, features=rows(_FEATURE))


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("layers", __name__)
    features = Features(deps.store, deps.builder)

    @pages.get("/api/v1/layers")
    @says("The layers of the map, the lowest first", AT, answer=rows(_LISTED))
    @deps.needs(Right.view)
    def layers() -> list[dict[str, Any]]:
        at = asked_moment(deps)
        return [_listed(deps, each, at) for each in sorted(deps.house.layers.values(), key=lambda one: one.order)]

    @pages.get("/api/v1/layers/<layer>")
    @says(
        "A layer's features at a moment",
        _LAYER,
        AT,
        KNOWLEDGE,
        BBOX,
        answers={"application/geo+json": _COLLECTION},
        refusals=(404,),
    )
    @deps.needs(Right.view)
    def collection(layer: str) -> Response:
        asked = deps.house.layer(layer)
        said = features.collection(asked, asked_moment(deps), asked_box(), asked_knowledge(), deps.viewer().scope)
        return Response(said, mimetype="application/geo+json")

    @pages.get("/api/v1/layers/<layer>/static.json")
    @says(
        "What does not move of a layer, as columns",
        _LAYER,
        _VERSION,
        answers={JSON: {"type": "object"}},
        refusals=(404,),
    )
    @deps.needs(Right.view)
    def static(layer: str) -> Response:
        deps.house.layer(layer)
        kept = deps.geometry.of(layer, deps.viewer().scope)
        if request.args.get("v") not in (None, kept.version):
            raise NotFound(f"layer '{layer}' is not of that version any more", "v")
        lasting = _FOR_EVER if "v" in request.args else "no-cache"
        return Response(kept.body, mimetype="application/json", headers={"Cache-Control": lasting})

    return pages


def _listed(deps: Deps, layer: Layer, at: Moment) -> dict[str, Any]:
    scope = deps.viewer().scope
    fixed = deps.geometry.of(layer.key, scope)
    look = deps.builder.look(deps.builder.key("strip", {}, scope), at)
    moving = 0 if layer.geo else len(deps.builder.layer(layer, deps.store.reader(scope), look))
    return {
        "id": layer.key,
        "title_zh": say({"key": title_key("layer", layer.key)}, "zh"),
        "title_en": say({"key": title_key("layer", layer.key)}, "en"),
        "group": layer.group,
        "geometry": _GEOMETRY[layer.mark.shape],
        "count": fixed.count + moving,
        "updated_at": iso(at if not layer.geo or layer.query else deps.started_at),
        "static": f"/api/v1/layers/{layer.key}/static.json?v={fixed.version}" if layer.geo else None,
    }


RESOURCE = Resource("layers", _routes)
