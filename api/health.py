"""`/healthz`: is the twin well; needs no login and tells nothing secret."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._deps import Deps, Resource
from twin.moment import iso


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
    pages.add_url_rule("/healthz", view_func=lambda: health(deps), endpoint="healthz")
    return pages


RESOURCE = Resource("health", _routes)
