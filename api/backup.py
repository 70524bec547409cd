"""``/api/v1/backup``: make a backup into the server's own folder, and hear how it goes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint

from api._contract import number, says
from api._deps import Deps, Resource
from api._posted import posted_as
from api._schemas import COUNT, TEXT, maybe, thing
from twin.roles import Right

_SEEN = number("seen", "number of the answer that is known; another one is waited for", -1, -1, 2**31)
_WAIT_S = number("wait_s", "how long to wait for another answer, in seconds", 0, 0, 20)
_PROGRESS = thing(
    number=COUNT,
    state=TEXT | {"enum": ["idle", "running", "done", "failed"]},
    name=maybe(TEXT),
    step=maybe(TEXT),
    bytes=COUNT,
    path=maybe(TEXT),
    made=maybe({"type": "object"}),
    error=maybe({"type": "object"}),
)
_BODY = thing(name=TEXT | {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,75}$"})


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("backup", __name__)

    @pages.post("/api/v1/backup")
    @says(
        "Begin a backup into the server's own folder",
        answer=_PROGRESS,
        status=202,
        bodies={"application/json": _BODY},
        refusals=(409, 507),
    )
    @deps.needs(Right.backup)
    def post_backup() -> tuple[dict[str, Any], int]:
        return asdict(deps.backups.begin(posted_as(_BODY)["name"])), 202

    @pages.get("/api/v1/backup")
    @says("How far the backup is that is being made", _SEEN, _WAIT_S, answer=_PROGRESS)
    @deps.needs(Right.backup)
    def get_backup() -> dict[str, Any]:
        return asdict(deps.backups.wait(_SEEN.number(), _WAIT_S.number()))

    return pages


RESOURCE = Resource("backup", _routes)
