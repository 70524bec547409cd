"""Language without reload: the catalogue is one kept file a language, the shell's phrases are filled on the client."""

from __future__ import annotations

import hashlib
from functools import cache

import orjson
from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from flask import Response, abort

from callbacks._deps import Deps
from twin.ids import SHELL, Role, cid
from twin.labels import LANGUAGES, catalogue

PHRASES = ((Role.TEXT, "children"), (Role.HINT, "title"))
_FOR_EVER = "public, max-age=31536000, immutable"


@cache
def _packed(lang: str) -> tuple[bytes, str]:
    body = orjson.dumps(dict(catalogue(lang)))
    return body, hashlib.sha256(body).hexdigest()[:16]


def locale_url(lang: str) -> str:
    """Address of a language's catalogue; changes with its content."""
    return f"/locale/{lang}.json?v={_packed(lang)[1]}"


def _answer(lang: str) -> Response:
    if lang not in LANGUAGES:
        abort(404)
    return Response(_packed(lang)[0], mimetype="application/json", headers={"Cache-Control": _FOR_EVER})


def register(app: Dash, deps: Deps) -> None:
    """Serve the catalogues, and fill all phrases and hints of the shell in the language that is spoken."""
    app.server.add_url_rule("/locale/<lang>.json", "locale", _answer)
    fill = ClientsideFunction("parktwin", "phrases")
    spoken = Input(cid(Role.STORE, SHELL, "lang"), "data")
    for role, prop in PHRASES:
        every = {"role": str(role), "screen": ALL, "name": ALL}
        app.clientside_callback(fill, Output(every, prop), spoken, State(every, "id"))
