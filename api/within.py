"""What lies within a shape that was drawn: counts, states, things and people; to read, and as CSV or Excel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, request

from api._body import unpacked
from api._contract import AT, JSON, KNOWLEDGE, LANG, number, one_of, says
from api._deps import Deps, Resource, asked_knowledge, asked_moment
from api._schemas import COUNT, NUMBER, TEXT, TIME, maybe, rows, table, thing
from models.drawing import LEAST_RADIUS_M, MOST_RADIUS_M, MOST_VERTICES, read_drawn
from services.within import Finder
from services.within_told import as_json, within_csv, within_xlsx
from twin.errors import BadInput
from twin.roles import Right
from twin.screen import Layer

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM = one_of("format", "what it comes as; a file lists everything", "json", "csv", "xlsx")
_LIMIT = number("limit", "how many things of a layer are listed at most; all are counted", 100, 0, 2_000)
_FILES = {"csv": (within_csv, "text/csv"), "xlsx": (within_xlsx, _EXCEL)}

_LON, _LAT = (
    {"type": "number", "minimum": -180, "maximum": 180},
    {"type": "number", "minimum": -85, "maximum": 85},
)
_RADIUS = {"type": "number", "minimum": LEAST_RADIUS_M, "maximum": MOST_RADIUS_M}
_POSITION = {"type": "array", "prefixItems": [_LON, _LAT, NUMBER], "items": False, "minItems": 2}
_RING = {"type": "array", "items": _POSITION, "minItems": 4, "maxItems": MOST_VERTICES + 1}
_LAYERS = {"layers": {"type": "array", "items": TEXT, "description": "keys of layers; all of them without it"}}


def _shape(required: list[str], **fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {**fields, **_LAYERS}, "required": required}


_BODY = {
    "anyOf": [
        _shape(["circle"], circle=thing(lon=_LON, lat=_LAT, radius_m=_RADIUS)),
        _shape(["type", "coordinates"], type={"const": "Polygon"}, coordinates=rows(_RING)),
        _shape(["type", "coordinates"], type={"const": "MultiPolygon"}, coordinates=rows(rows(_RING))),
    ]
}
_NAMED = {"id": TEXT, "name_zh": TEXT, "name_en": TEXT}
_DRAWN = thing(
    kind=TEXT, vertices=COUNT, area_m2=NUMBER, perimeter_m=NUMBER, radius_m=maybe(NUMBER), lon=NUMBER, lat=NUMBER
)
_PEOPLE = thing(
    False,
    **{name: maybe(COUNT) for name in ("fewest", "by_share", "most", "works", "workers")},
    **dict.fromkeys(("counted", "touched", "targets", "residents", "beds"), COUNT),
    collected_at=maybe(TIME),
)
_ENTERPRISE = thing(False, **_NAMED, share=NUMBER, persons=maybe(COUNT), collected_at=maybe(TIME))
_FEATURE = thing(
    False, **_NAMED, state=TEXT, owner=maybe(TEXT), lon=NUMBER, lat=NUMBER, distance_m=NUMBER, share=maybe(NUMBER)
)
_LAYER = thing(id=TEXT, title_zh=TEXT, title_en=TEXT, count=COUNT, states=table(COUNT), features=rows(_FEATURE))
_WITHIN = thing(at=TIME, shape=_DRAWN, people=_PEOPLE, enterprises=rows(_ENTERPRISE), layers=rows(_LAYER))
_ANSWERS = {JSON: _WITHIN, "text/csv": TEXT, _EXCEL: {"type": "string", "format": "binary"}}


def _asked(said: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(said)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"body: not JSON: {error}", "body", "bad_json") from error
    if not isinstance(body, dict):
        raise BadInput("body: not an object", "body")
    return body


def _layers(deps: Deps, said: Any) -> Sequence[Layer]:
    """The layers named, each once; all where none is."""
    if said is None:
        return list(deps.house.layers.values())
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise BadInput("layers: a list of keys", "layers")
    return [deps.house.layer(each) for each in dict.fromkeys(said)]


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("within", __name__)
    finder = Finder(deps.house, deps.park, deps.builder)

    @pages.post("/api/v1/within")
    @says(
        "What lies within a drawn shape, the gravest first, and who is there",
        AT,
        KNOWLEDGE,
        _LIMIT,
        _FORM,
        LANG,
        answers=_ANSWERS,
        bodies={JSON: _BODY},
        refusals=(404, 413, 415),
    )
    @deps.needs(Right.view)
    def within() -> Response:
        body = _asked(unpacked(request.get_data(cache=False), request.headers.get("Content-Encoding", "")))
        form, most, lang = _FORM.asked(), _LIMIT.number(), LANG.asked() or "zh"
        drawn, layers = read_drawn(body), _layers(deps, body.get("layers"))
        found = finder.find(
            drawn, layers, deps.store.reader(deps.viewer().scope, asked_knowledge()), asked_moment(deps)
        )
        if form in (None, "json"):
            return Response(orjson.dumps(as_json(found, most)), mimetype=JSON)
        deps.must(Right.export)
        write, mime = _FILES[form]
        named = {"Content-Disposition": f'attachment; filename="within.{form}"'}
        return Response(write(found, lang, deps.park.zone), mimetype=mime, headers=named)

    return pages


RESOURCE = Resource("within", _routes)
