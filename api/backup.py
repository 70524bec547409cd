"""``/api/v1/backup``: make a backup into the server's own folder, and hear how it goes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from adapters._json import load_json
from api._deps import Deps, Resource, asked_number
from twin.errors import BadInput

LONGEST_WAIT_S = 20


def _name() -> str:
    """The plain name that was posted; a path is none.

    Raises:
        BadInput: the body has no such text.
    """
    body = load_json(request.get_data(cache=False))
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str):
        raise BadInput("name: a plain name for the backup, as text", "name")
    return name


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("backup", __name__)

    @pages.post("/api/v1/backup")
    @deps.needs("operate")
    def post_backup() -> tuple[dict[str, Any], int]:
        """Begin a backup; 202 with how far it is, 409 while another one is being made."""
        return asdict(deps.backups.begin(_name())), 202

    @pages.get("/api/v1/backup")
    @deps.needs("operate")
    def get_backup() -> dict[str, Any]:
        """How far it is; with ``seen`` (the number of an answer) waits up to ``wait_s`` for another one."""
        seen, wait_s = asked_number("seen", -1, -1, 2**31), asked_number("wait_s", 0, 0, LONGEST_WAIT_S)
        return asdict(deps.backups.wait(seen, wait_s))

    return pages


RESOURCE = Resource("backup", _routes)
