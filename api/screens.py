"""Screens, and the frame of any of them at any moment."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response, request

from api._contract import AT, KNOWLEDGE, part, says
from api._deps import Deps, Resource, asked_knowledge, asked_moment
from api._schemas import COUNT, TEXT, TIME, rows, table, thing
from services.frames import at_moment
from twin.labels import say
from twin.roles import Right
from twin.screen import Screen, title_key

_NOT_PARAMS = {AT.name, KNOWLEDGE.name}
_SCREEN = thing(
    id=TEXT,
    title_zh=TEXT,
    title_en=TEXT,
    path=TEXT,
    params=rows(TEXT),
    layers=rows(TEXT),
    panels=rows(TEXT),
)
_FRAME = thing(
    screen=TEXT,
    params=table(TEXT),
    at=TIME,
    seq=COUNT,
    build=TEXT,
    mode=TEXT | {"enum": ["peacetime", "wartime"]},
    panels=table({"type": "object"}),
    layers=table(thing(base=TEXT, columns=table(rows({})))),
)


def _said(screen: Screen) -> dict[str, Any]:
    return {
        "id": screen.key,
        "title_zh": say({"key": title_key("screen", screen.key)}, "zh"),
        "title_en": say({"key": title_key("screen", screen.key)}, "en"),
        "path": screen.path,
        "params": list(screen.params),
        "layers": list(screen.layers),
        "panels": list(screen.panels),
    }


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("screens", __name__)

    @pages.get("/api/v1/screens")
    @says("The screens that are one's own to see, in the order of the navigation", answer=rows(_SCREEN))
    @deps.needs(Right.view)
    def screens() -> list[dict[str, Any]]:
        return [_said(each) for each in deps.house.seen_by(deps.viewer())]

    @pages.get("/api/v1/screens/<screen>/frame")
    @says(
        "What a screen shows at a moment: the very content that is pushed live",
        part("screen", "key of a screen", "overview"),
        AT,
        KNOWLEDGE,
        answer=_FRAME,
        refusals=(404,),
        of_screen=True,
    )
    @deps.needs(Right.view)
    def frame(screen: str) -> Response:
        params = {name: each for name, each in request.args.items() if name not in _NOT_PARAMS}
        key, knowledge = deps.builder.key_for(deps.viewer(), screen, params), asked_knowledge()
        if "at" in request.args:
            reader = deps.store.reader(key.scope, knowledge)
            said = at_moment(reader, deps.builder, key, asked_moment(deps), deps.build)
        else:
            said = deps.frames.snapshot(key).result()
        return Response(orjson.dumps(said), mimetype="application/json")

    return pages


RESOURCE = Resource("screens", _routes)
