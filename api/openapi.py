"""``/api/v1/openapi.json``: the contract as a document, made of what the views themselves declare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from apispec import APISpec
from flask import Blueprint, Flask, Response, current_app
from werkzeug.routing import Rule

from api._contract import JSON, Contract, Param, says
from api._deps import Deps, Resource
from api._gate import ANYONE, OPEN
from api._schemas import ERROR
from services.house import House
from twin.dictionary import dictionary
from twin.roles import DEMO_RIGHTS

_PLACE = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_METHODS = ("GET", "POST")
_SECURITY = {"type": "http", "scheme": "bearer", "description": "a machine's token; its scopes say what it may do"}
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "parktwin_<port>",
    "description": "a session; what changes something sends the page's token as X-CSRFToken besides",
}
_SIGNED: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
_REFUSED = {
    400: "something of the request cannot be understood; `field` names the place",
    401: "not signed in, or no token that is ours",
    403: "without the right, or a foreign Host or Origin",
    404: "there is no such thing",
    409: "the state does not allow it",
    413: "more than is taken at once",
    415: "a content type or an encoding that is not taken",
    429: "too often, or the write queue is full; `Retry-After` says when to try again",
    503: "starting",
    507: "no room on the disk to promise durability",
}
Names = Mapping[str, Sequence[str]]


def document(app: Flask, house: House, version: str) -> dict[str, Any]:
    """The OpenAPI document of every call that declares itself."""
    spec = APISpec("ParkTwin", version, "3.1.0", info={"description": "The digital twin of a chemical industrial park"})
    spec.components.schema("Error", ERROR)
    spec.components.security_scheme("token", _SECURITY)
    spec.components.security_scheme("session", _SESSION)
    names = {
        "screen": sorted(house.screens),
        "layer": sorted(house.layers),
        "table": sorted(each.name for each in dictionary()),
        "params": sorted({name for each in house.screens.values() for name in each.params}),
    }
    calls = [(rule, _contract(app, rule)) for rule in app.url_map.iter_rules()]
    for rule, contract in sorted(calls, key=lambda each: each[0].rule):
        if contract is not None:
            spec.path(_PLACE.sub(r"{\1}", rule.rule), operations=_operations(rule, contract, names))
    return spec.to_dict()


def _contract(app: Flask, rule: Rule) -> Contract | None:
    return getattr(app.view_functions[rule.endpoint], "contract", None)


def _operations(rule: Rule, contract: Contract, names: Names) -> dict[str, Any]:
    return {each.lower(): _operation(rule, contract, names) for each in _METHODS if each in (rule.methods or ())}


def _operation(rule: Rule, contract: Contract, names: Names) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": rule.endpoint,
        "summary": contract.summary,
        "parameters": [_parameter(each, names) for each in contract.params],
        "responses": _responses(contract),
    }
    if contract.of_screen:
        said["parameters"] += [_of_screens(each) for each in names["params"] if each not in contract.names("query")]
    if contract.bodies:
        said["requestBody"] = {"required": True, "content": _content(contract.bodies)}
    return said | _needs(contract)


def _needs(contract: Contract) -> dict[str, Any]:
    """Which right it takes; what the demo operator may do needs no sign-in while login is off."""
    if contract.needs in (None, OPEN):
        return {"security": []}
    if contract.needs == ANYONE:
        return {"security": [*_SIGNED, {}], "description": "For whoever is signed in."}
    free: list[dict[str, list[str]]] = [{}] if contract.needs in DEMO_RIGHTS else []
    said = {"security": [*_SIGNED, *free], "x-right": str(contract.needs)}
    return said | {"description": f"Needs the right `{contract.needs}`."}


def _parameter(param: Param, names: Names) -> dict[str, Any]:
    schema = dict(param.schema)
    if param.place == "path" and param.name in names:
        schema["enum"] = list(names[param.name])
    said: dict[str, Any] = {"name": param.name, "in": param.place, "description": param.about, "schema": schema}
    if param.place == "path":
        said["required"] = True
    if param.example is not None:
        said["example"] = param.example
    return said


def _of_screens(name: str) -> dict[str, Any]:
    about = "a parameter of the screens that declare it"
    return {"name": name, "in": "query", "description": about, "schema": {"type": "string"}}


def _responses(contract: Contract) -> dict[str, Any]:
    refused = {400, *contract.refusals} | ({401, 403, 429} if contract.needs not in (None, OPEN) else set())
    refused |= {429} if contract.limited else set()
    error = _content({JSON: {"$ref": "#/components/schemas/Error"}})
    answers = {str(code): {"description": _REFUSED[code], "content": error} for code in sorted(refused)}
    return {str(contract.status): {"description": "the answer", "content": _content(contract.answers)}} | answers


def _content(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {media: {"schema": schema} for media, schema in schemas.items()}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("openapi", __name__)

    @pages.get("/api/v1/openapi.json")
    @says("This document", answer={"type": "object"})
    @deps.needs(ANYONE)
    def openapi() -> Response:
        said = document(current_app._get_current_object(), deps.house, deps.version)  # type: ignore[attr-defined]
        return Response(orjson.dumps(said), mimetype=JSON)

    return pages


RESOURCE = Resource("openapi", _routes)
