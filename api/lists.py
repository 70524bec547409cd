"""The list behind every figure: to read, and as CSV or Excel."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from api._contract import AT, JSON, KNOWLEDGE, LANG, one_of, part, says
from api._deps import Deps, Resource, asked_knowledge, asked_moment
from api._schemas import COUNT, TEXT, rows, thing
from services.lists import as_csv, as_table, as_xlsx, find_list, list_rows
from twin.roles import Right

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM = one_of("format", "what the list comes as", "json", "csv", "xlsx")
_PARAMS = (AT, KNOWLEDGE, _FORM, LANG)
_NOT_PARAMS = {each.name for each in _PARAMS}
_ADDRESS = (
    part("screen", "key of a screen", "overview"),
    part("panel", "key of one of its panels", "now"),
    part("item", "key of a list of the panel", "gas"),
)
_LIST = thing(True, kind=TEXT, columns=rows(thing(True, key=TEXT)), rows=rows({"type": "object"}), total=COUNT)
_ANSWERS = {JSON: _LIST, "text/csv": TEXT, _EXCEL: {"type": "string", "format": "binary"}}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("lists", __name__)

    @pages.get("/api/v1/screens/<screen>/lists/<panel>/<item>")
    @says("The list behind a figure", *_ADDRESS, *_PARAMS, answers=_ANSWERS, refusals=(404,), of_screen=True)
    @deps.needs(Right.view)
    def listed(screen: str, panel: str, item: str) -> Response:
        params = {name: each for name, each in request.args.items() if name not in _NOT_PARAMS}
        key = deps.builder.key_for(deps.viewer(), screen, params)
        wanted, form, lang = find_list(deps.builder, key, panel, item), _FORM.asked(), LANG.asked() or "zh"
        found = list_rows(
            deps.builder, deps.store.reader(key.scope, asked_knowledge()), key, wanted, asked_moment(deps)
        )
        if form in (None, "json"):
            return Response(orjson.dumps(as_table(found, wanted, deps.builder.archive)), mimetype=JSON)
        deps.must(Right.export)
        named = {"Content-Disposition": f'attachment; filename="{screen}-{panel}-{item}.{form}"'}
        if form == "csv":
            return Response(as_csv(found, wanted, lang, deps.park.zone), mimetype="text/csv", headers=named)
        return Response(as_xlsx(found, wanted, lang, deps.park.zone), mimetype=_EXCEL, headers=named)

    return pages


RESOURCE = Resource("lists", _routes)
