"""One measuring point: what it is, what it says at a moment, and what it said before."""

from __future__ import annotations

import math
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from api._box import BBOX, asked_box
from api._contract import AT, JSON, KNOWLEDGE, LANG, instant, number, one_of, part, says, words
from api._deps import Deps, Resource, asked_knowledge, asked_moment
from api._schemas import COUNT, NUMBER, TEXT, TIME, maybe, rows, table, thing
from services.curve import curve
from services.newest import Newest, Wanted
from services.remembered import Remembered
from services.trends import Series, Told, sheet_csv, sheet_xlsx
from twin.behind import Behind
from twin.errors import BadInput, NotFound
from twin.moment import Moment, iso
from twin.reading import QUALITY_NAMES, Quality
from twin.roles import Right

DEFAULT_SPAN = timedelta(hours=1)
_OPEN_END_S = 1.0
MAX_POINTS = 20_000
MAX_SERIES = 8
_FORMS = {
    "csv": (sheet_csv, "text/csv"),
    "xlsx": (sheet_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_ABOUT = ("id", "name_zh", "name_en", "kind", "medium", "unit", "owner", "parent", "lon", "lat", "range_lo", "range_hi")
_LIMITS = ("alarm_lo_lo", "alarm_lo", "alarm_hi", "alarm_hi_hi")
_POINT = part("point", "id of a measuring point")
_POINTS = words("points", "ids with commas between them", pattern=f"^[^,]+(,[^,]+){{0,{MAX_SERIES - 1}}}$")
_FROM = instant("from", "where the history begins; an hour before its end without it")
_TO = instant("to", "where the history ends; at the moment asked for without it")
_MOST = number("max_points", "how many rows at most; no extreme is lost", 2000, 1, MAX_POINTS)
_OWNER = words("owner", "id of the enterprise that they belong to")
_KIND = words("kind", "what they measure, such as toxic_gas")
_AFTER = words("after", "id of a point: only those that follow upon it")
_LISTED = number("limit", "how many at most; count says how many there are", 5000, 1, 20_000)
_FORM = one_of("format", "what the history comes as", "json", *_FORMS)
_FILE_FORM = part("form", "kind of file", enum=list(_FORMS))
_SPAN = (_FROM, _TO, _MOST, AT, KNOWLEDGE, LANG)
_FILES = {mime: {"type": "string", "format": "binary"} for _, mime in _FORMS.values()}
_NEWEST = thing(
    True,
    id=TEXT,
    name_zh=TEXT,
    name_en=TEXT,
    kind=TEXT,
    unit=maybe(TEXT),
    owner=maybe(TEXT),
    lon=NUMBER,
    lat=NUMBER,
    limits=table(maybe(NUMBER)),
    at=TIME,
    ts=maybe(TIME),
    known=maybe(TIME),
    value=maybe(NUMBER),
    quality=maybe(TEXT),
    age_s=maybe(NUMBER),
    state=TEXT,
    repair=maybe(TEXT),
)
_COLUMNS = thing(
    False,
    at=TIME,
    count=COUNT,
    **dict.fromkeys(("id", "state"), rows(TEXT)),
    **dict.fromkeys(("unit", "quality"), rows(maybe(TEXT))),
    **dict.fromkeys(("ts", "known"), rows(maybe(TIME))),
    value=rows(maybe(NUMBER)),
)
_HISTORY = thing(
    True,
    point=TEXT,
    unit=maybe(TEXT),
    bucket_s=maybe(NUMBER),
    ts=rows(TIME),
    value=rows(maybe(NUMBER)),
    min=rows(maybe(NUMBER)),
    max=rows(maybe(NUMBER)),
    quality=rows(TEXT),
    count=COUNT,
)


def point_at(deps: Deps, point: str, at: Moment) -> dict[str, Any]:
    """A point's metadata, limits and newest value as known at ``at``.

    Raises:
        NotFound: the park has no such point.
    """
    row = deps.store.point(at, _index(deps, point), asked_knowledge())
    said = {name: row[name] for name in _ABOUT} | {"limits": {name: row[name] for name in _LIMITS}, "at": iso(at)}
    said["stale_s"] = deps.park.settings.reading.stale_s
    said["repair"] = _repair(deps, point, at)
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


def _index(deps: Deps, point: str) -> int:
    """Where a point stands, if the viewer sees it; another's is unknown to them.

    Raises:
        NotFound: there is none for them.
    """
    if not deps.builder.eyes.sees_point(point, deps.viewer().scope):
        raise NotFound(f"the park has no point '{point[:60]}'", "point", "unknown_point")
    return deps.store.index(point)


def _repair(deps: Deps, point: str, at: Moment) -> str | None:
    """The approved application that a point is under repair or stopped by."""
    approved = deps.store.reader().read("ledger/repairs", at=at).iter_rows(named=True)
    here = (each for each in approved if each["point"] == point and each["starts"] <= at < each["ends"])
    return next((str(each["fault"]) for each in here), None)


def _told(deps: Deps) -> Told:
    """Which history is asked for.

    Raises:
        BadInput: times that cannot be read or are in the wrong order, or an unknown ``knowledge``.
    """
    at = asked_moment(deps)
    end = _TO.moment() or at
    start = _FROM.moment() or end - DEFAULT_SPAN
    if start > end:
        raise BadInput("from is later than to", "from")
    return Told(start, end, at, asked_knowledge())


def _wanted(told: Told) -> dict[str, Any]:
    """What else a history is asked for by.

    Raises:
        BadInput: a ``max_points`` out of range.
    """
    return {"at": told.at, "knowledge": told.knowledge, "max_points": _MOST.number()}


def _curve(deps: Deps, point: str) -> bytes:
    """Samples of a point, or buckets of them that keep every extreme; never more than ``max_points`` rows.

    Raises:
        NotFound: unknown point.
    """
    told = _told(deps)
    return curve(point, deps.store.unit(point), deps.store.told(point, told.start, told.end, **_wanted(told)))


def _shared(deps: Deps, point: str, answers: Remembered) -> bytes:
    """What the present is asked is made once for all who ask alike, until something of the point comes; where an end
    is open it moves on, so then for a second at most."""
    _index(deps, point)
    make = partial(_curve, deps, point)
    if "at" in request.args:
        return make()
    good_s = math.inf if {"from", "to"} <= set(request.args) else _OPEN_END_S
    key = (point, *sorted(request.args.items()))
    return answers.get(key, deps.store.touched(point), make, good_s=good_s)


def _asked_points() -> list[str]:
    """The points that the query names, each once, in their order.

    Raises:
        BadInput: none, or more than a sheet can show side by side.
    """
    points = list(dict.fromkeys(each for each in (_POINTS.asked() or "").split(",") if each))
    if not 1 <= len(points) <= MAX_SERIES:
        raise BadInput(f"points: from 1 to {MAX_SERIES} ids with commas between them", "points")
    return points


def _series(deps: Deps, point: str, told: Told) -> Series:
    row = deps.park.points.row(_index(deps, point), named=True)
    said = deps.store.history(point, told.start, told.end, **_wanted(told))
    return Series(row["name_zh"], row["name_en"], said)


def _file(deps: Deps, points: list[str], form: str) -> Response:
    """Points side by side as a file that a spreadsheet reads.

    Raises:
        NotFound: a form that is none.
    """
    if form not in _FORMS:
        raise NotFound(f"a history has no form '{form[:20]}'", "form", "unknown_form")
    deps.must(Right.export)
    write, mime = _FORMS[form]
    told, lang = _told(deps), LANG.asked() or "zh"
    body = write([_series(deps, each, told) for each in points], told, lang, deps.park.zone)
    name = points[0] if len(points) == 1 else "trend"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, mimetype=mime, headers=headers)


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("points", __name__)
    answers, newest_of = Remembered(), Newest(deps.store, deps.builder)
    Behind(newest_of.prepare, "newest").start()

    @pages.get("/api/v1/points")
    @says(
        "The newest values of many points at a moment, as columns in the park's order",
        BBOX, _OWNER, _KIND, _AFTER, _LISTED, AT, KNOWLEDGE, answer=_COLUMNS,
    )  # fmt: skip
    @deps.needs(Right.view)
    def many() -> Response:
        wanted = Wanted(asked_box(), _OWNER.asked(), _KIND.asked(), _AFTER.asked(), _LISTED.number())
        said = newest_of.columns(wanted, asked_moment(deps), asked_knowledge(), deps.viewer().scope)
        return Response(said, mimetype="application/json")

    @pages.get("/api/v1/points/<point>")
    @says("A point and its newest value at a moment", _POINT, AT, KNOWLEDGE, answer=_NEWEST, refusals=(404,))
    @deps.needs(Right.view)
    def newest(point: str) -> dict[str, Any]:
        return point_at(deps, point, asked_moment(deps))

    @pages.get("/api/v1/points/<point>/history")
    @says("What a point said", _POINT, *_SPAN, _FORM, answers={JSON: _HISTORY, **_FILES}, refusals=(404,))
    @deps.needs(Right.view)
    def past(point: str) -> Response:
        form = _FORM.asked() or "json"
        if form != "json":
            return _file(deps, [point], form)
        return Response(_shared(deps, point, answers), mimetype="application/json")

    @pages.get("/api/v1/points/history.<form>")
    @says("What several points said, side by side", _FILE_FORM, _POINTS, *_SPAN, answers=_FILES, refusals=(404,))
    @deps.needs(Right.view)
    def several(form: str) -> Response:
        return _file(deps, _asked_points(), form)

    return pages


RESOURCE = Resource("points", _routes)
