"""`/healthz`: is the twin well; needs no login and tells nothing secret."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import says
from api._deps import Deps, Resource
from api._gate import OPEN
from api._schemas import COUNT, NUMBER, TEXT, TIME, TRUTH, maybe, rows, thing
from twin.moment import iso

_SOURCE = thing(
    id=TEXT,
    protocol=TEXT,
    state=TEXT | {"enum": ["ok", "late", "down"]},
    last_success=maybe(TIME),
    lag_s=maybe(NUMBER),
    rows=COUNT,
    rejected=COUNT,
)
_STORE = thing(
    points=COUNT,
    readings=COUNT,
    size_bytes=COUNT,
    write_queue=COUNT,
    disk_free_bytes=COUNT,
    disk_low=TRUTH,
)
_HEALTH = thing(
    status=TEXT | {"enum": ["ok", "degraded"]},
    version=TEXT,
    build=TEXT,
    park=thing(id=TEXT, name_zh=TEXT, name_en=TEXT),
    started_at=TIME,
    store=_STORE,
    backup=thing(newest=maybe(TIME), state=TEXT),
    sources=rows(_SOURCE),
    viewers=COUNT,
)


def health(deps: Deps) -> dict[str, Any]:
    """The state of the store and of every source; ``degraded`` when a source is not ok, the disk is low, or
    the last backup failed."""
    sources = [_source(each) for each in deps.supervisor.health()]
    low = deps.store.disk_low
    backup = deps.backups.health()
    well = not low and backup["state"] != "failed" and all(each["state"] == "ok" for each in sources)
    return {
        "status": "ok" if well else "degraded",
        "version": deps.version,
        "build": deps.build,
        "park": {"id": deps.park.id, "name_zh": deps.park.name_zh, "name_en": deps.park.name_en},
        "started_at": iso(deps.started_at),
        "store": deps.store.stats() | {"disk_low": low},
        "backup": backup,
        "sources": sources,
        "viewers": deps.metrics.viewers,
    }


def _source(each: dict[str, Any]) -> dict[str, Any]:
    last = each.get("last_success")
    kept = ("id", "protocol", "state", "lag_s", "rows", "rejected")
    return {**{name: each.get(name) for name in kept}, "last_success": iso(last) if last else None}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    @says("Whether the twin is well", answer=_HEALTH, refusals=(503,))
    @deps.needs(OPEN)
    def healthz() -> dict[str, Any]:
        return health(deps)

    return pages


RESOURCE = Resource("health", _routes)
