"""Where the figures of a panel come from: every input with its source, age and quality, the formula, the rule.

The card of a thing on the map is the panel ``detail`` of the screen ``detail`` with its parameters ``layer``, ``id``.
"""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from api._contract import AT, JSON, KNOWLEDGE, number, part, says, words
from api._deps import Deps, Resource, asked_knowledge, asked_moment
from api._schemas import ANYTHING, COUNT, NUMBER, TEXT, TIME, TRUTH, maybe, rows, table, thing
from services.explain import Page, Wanted, explain
from twin.errors import BadInput
from twin.roles import Right

MOST_INPUTS = 20_000
_FIGURE = words("figure", "only the figures at or below this path", maxLength=400)
_LIMIT = number("limit", "so many inputs at most; `next` leads to the rest", 5_000, 1, MOST_INPUTS)
_CURSOR = number("cursor", "`next` of the answer before; its `at` belongs to it", 0, 0, 100_000_000)
_PARAMS = (AT, KNOWLEDGE, _FIGURE, _LIMIT, _CURSOR)
_NOT_PARAMS = {each.name for each in _PARAMS}
_ADDRESS = (part("screen", "key of a screen", "overview"), part("panel", "key of one of its panels", "online"))
_EXPLAINED = thing(
    key=TEXT,
    label=rows(ANYTHING),
    label_zh=TEXT,
    label_en=TEXT,
    shown=ANYTHING,
    unit=maybe(TEXT),
    formula=thing(True, op=TEXT),
    said=ANYTHING,
    formula_zh=TEXT,
    formula_en=TEXT,
    rules=rows(TEXT),
    coverage=rows(COUNT),
    inputs_total=COUNT,
)
_INPUT = thing(
    True,
    id=TEXT,
    kind=TEXT | {"enum": ["point", "record", "feature", "setting"]},
    table=maybe(TEXT),
    name_zh=maybe(TEXT),
    name_en=maybe(TEXT),
    source=maybe(TEXT),
    ts=maybe(TIME),
    known=maybe(TIME),
    age_s=maybe(NUMBER),
    quality=maybe(TEXT | {"enum": ["good", "uncertain", "bad"]}),
    counted=TRUTH,
    answered=TRUTH,
)
_COLUMN = thing(key=TEXT, type=TEXT, unit=maybe(TEXT))
_ANSWER = thing(
    screen=TEXT,
    panel=TEXT,
    at=TIME,
    params=table(TEXT),
    figures=rows(_EXPLAINED),
    inputs=table(thing(total=COUNT, columns=rows(_COLUMN), rows=rows(_INPUT))),
    rules=rows(thing(no=TEXT, said_zh=maybe(TEXT), said_en=maybe(TEXT))),
    next=maybe(TEXT),
)


def _page() -> Page:
    """Which inputs are asked for.

    Raises:
        BadInput: not a number, or a cursor without the moment that it belongs to.
    """
    page = Page(_LIMIT.number(), _CURSOR.number())
    if page.start and "at" not in request.args:
        raise BadInput("cursor: belongs to the moment of the answer that gave it; ask with its 'at'", "cursor")
    return page


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("explain", __name__)

    @pages.get("/api/v1/explain/<screen>/<panel>")
    @says(
        "Where the figures of a panel come from; those of a thing's card: of detail/detail with layer and id",
        *_ADDRESS,
        *_PARAMS,
        answer=_ANSWER,
        refusals=(404, 413),
        of_screen=True,
    )
    @deps.needs(Right.view)
    def explained(screen: str, panel: str) -> Response:
        params = {name: each for name, each in request.args.items() if name not in _NOT_PARAMS}
        wanted = Wanted(deps.builder.key_for(deps.viewer(), screen, params), panel, request.args.get("figure"))
        page, knowledge, at = _page(), asked_knowledge(), asked_moment(deps)
        said = explain(deps.builder, deps.store.reader(wanted.key.scope, knowledge), wanted, at, page)
        return Response(orjson.dumps(said), mimetype=JSON)

    return pages


RESOURCE = Resource("explain", _routes)
