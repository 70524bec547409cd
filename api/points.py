"""One measuring point: what it is, what it says at a moment, and what it said before."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import orjson
import polars as pl
from flask import Blueprint, Response, request

from api._deps import Deps, Resource, asked_moment, asked_number
from twin.errors import BadInput, NotFound
from twin.moment import Moment, iso, parse_moment
from twin.reading import QUALITY_NAMES, Quality

DEFAULT_SPAN = timedelta(hours=1)
MAX_POINTS = 20_000
_ABOUT = ("id", "name_zh", "name_en", "kind", "medium", "unit", "owner", "parent", "lon", "lat", "range_lo", "range_hi")
_LIMITS = ("alarm_lo_lo", "alarm_lo", "alarm_hi", "alarm_hi_hi")


def _known_point(deps: Deps, point: str) -> None:
    if deps.park.points.filter(pl.col("id") == point).is_empty():
        raise NotFound(f"no point '{point[:80]}'", "point", "unknown_point")


def point_at(deps: Deps, point: str, at: Moment) -> dict[str, Any]:
    """A point's metadata, limits and newest value as known at ``at``.

    Raises:
        NotFound: the park has no such point.
    """
    _known_point(deps, point)
    row = deps.store.state(at).row(by_predicate=pl.col("id") == point, named=True)
    said = {name: row[name] for name in _ABOUT} | {"limits": {name: row[name] for name in _LIMITS}, "at": iso(at)}
    if row["ts"] is None:
        return said | {"ts": None, "known": None, "value": None, "quality": None, "age_s": None, "state": row["status"]}
    return said | {
        "ts": iso(row["ts"]),
        "known": iso(row["known"]),
        "value": row["value"],
        "quality": QUALITY_NAMES[Quality(row["quality"])],
        "age_s": round((at - row["ts"]).total_seconds(), 3),
        "changed": iso(row["changed"]) if row["changed"] else None,
        "source": row["source"],
        "state": row["status"],
    }


def _span(deps: Deps) -> tuple[Moment, Moment, Moment]:
    at = asked_moment(deps)
    end = parse_moment(request.args["to"], "to") if "to" in request.args else at
    start = parse_moment(request.args["from"], "from") if "from" in request.args else end - DEFAULT_SPAN
    if start > end:
        raise BadInput("from is later than to", "from")
    return start, end, at


def history(deps: Deps, point: str) -> dict[str, Any]:
    """Samples of a point, or buckets of them that keep every extreme.

    Raises:
        NotFound: unknown point. BadInput: times or numbers that cannot be read.
    """
    _known_point(deps, point)
    start, end, at = _span(deps)
    most = asked_number("max_points", 2000, 1, MAX_POINTS)
    return deps.store.history(point, start, end, at=at, max_points=most)


def _csv(said: dict[str, Any]) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["ts", f"value [{said['unit']}]", "min", "max", "quality"])
    rows.writerows(zip(said["ts"], said["value"], said["min"], said["max"], said["quality"], strict=True))
    return "\ufeff" + out.getvalue()  # so that spreadsheets read it as UTF-8


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("points", __name__)

    @pages.get("/api/v1/points/<point>")
    def newest(point: str) -> dict[str, Any]:
        return point_at(deps, point, asked_moment(deps))

    @pages.get("/api/v1/points/<point>/history")
    def past(point: str) -> Response:
        said = history(deps, point)
        if request.args.get("format") == "csv":
            headers = {"Content-Disposition": f'attachment; filename="{point}.csv"'}
            return Response(_csv(said), mimetype="text/csv", headers=headers)
        return Response(orjson.dumps(said), mimetype="application/json")

    return pages


RESOURCE = Resource("points", _routes)
