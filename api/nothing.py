"""Addresses under ``/api/`` that mean nothing: said so in the one error shape, never answered with the page."""

from __future__ import annotations

from flask import Blueprint, Response

from api._deps import Deps, Resource
from api._gate import OPEN
from twin.errors import NotFound


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("nothing", __name__)

    @pages.get("/api/", defaults={"rest": ""})
    @pages.get("/api/<path:rest>")
    @deps.needs(OPEN)
    def nothing(rest: str) -> Response:
        raise NotFound(f"there is nothing at '/api/{rest[:80]}'")

    return pages


RESOURCE = Resource("nothing", _routes)
