"""The list behind every figure: to read, and as CSV or Excel."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from api._deps import Deps, Resource, asked_knowledge, asked_moment
from services.lists import as_csv, as_table, as_xlsx, find_list, list_rows
from twin.errors import BadInput

_NOT_PARAMS = {"at", "knowledge", "format", "lang"}
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("lists", __name__)

    @pages.get("/api/v1/screens/<screen>/lists/<panel>/<item>")
    def rows(screen: str, panel: str, item: str) -> Response:
        key = deps.builder.key(screen, {name: each for name, each in request.args.items() if name not in _NOT_PARAMS})
        wanted, form = find_list(deps.builder, key, panel, item), request.args.get("format", "json")
        lang = "en" if request.args.get("lang") == "en" else "zh"
        found = list_rows(deps.builder, deps.store.reader(knowledge=asked_knowledge()), key, wanted, asked_moment(deps))
        if form == "json":
            return Response(orjson.dumps(as_table(found, wanted, deps.builder.archive)), mimetype="application/json")
        named = {"Content-Disposition": f'attachment; filename="{screen}-{panel}-{item}.{form}"'}
        if form == "csv":
            return Response(as_csv(found, wanted, lang, deps.park.zone), mimetype="text/csv", headers=named)
        if form == "xlsx":
            return Response(as_xlsx(found, wanted, lang, deps.park.zone), mimetype=_EXCEL, headers=named)
        raise BadInput(f"format: '{form[:20]}' is none of json, csv, xlsx", "format")

    return pages


RESOURCE = Resource("lists", _routes)
