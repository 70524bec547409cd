"""``GET /api/v1/reports/alarms.pdf`` and ``.xlsx``: the report of a week, a month or a year of alarms (AL-10)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response

from api._contract import LANG, one_of, says, words
from api._deps import Deps, Resource
from models.analysis_period import bounds, calendar
from models.calendar import local_day
from services.builder import Key
from services.report import PERIODS, Asked, Report, facts_of
from services.report_sections import Writer
from services.report_xlsx import as_xlsx
from twin.errors import BadInput, NotFound
from twin.moment import Moment, parse_moment
from twin.registry import later
from twin.roles import Right
from twin.screen import Reader

as_pdf = later("services.report_pdf", "as_pdf")  # its library takes long to load
_PERIOD = one_of("period", "week (from Monday), month or year of the calendar", *PERIODS)
_OF = words(
    "of",
    "a day that lies in it, or a moment: up to it and as known then; absent means today",
    anyOf=[{"format": "date"}, {"format": "date-time"}],
)
_ENTERPRISE = words("enterprise", "of one enterprise only", maxLength=200)
_PARAMS = (_PERIOD, _OF, LANG, _ENTERPRISE)
_FIRST = 2000  # no park's ledger begins before
_DAY_LENGTH = 10
_FILE = {"type": "string", "format": "binary"}
_PDF, _XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _day_of(deps: Deps) -> tuple[date, Moment]:
    """The day that is asked for, and the moment as of which is told.

    Raises:
        BadInput: neither a day nor a moment. NotFound: before 2000, or in the future.
    """
    said, now = _OF.asked(), deps.store.tick()
    if said is None:
        return local_day(now, deps.park.zone), now
    if len(said) > _DAY_LENGTH:
        at = parse_moment(said, "of")
        if at > now or at.year < _FIRST:
            raise _never(said)
        return local_day(at, deps.park.zone), at
    day = _day(said)
    if day > local_day(now, deps.park.zone) or day.year < _FIRST:
        raise _never(said)
    return day, now


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise BadInput(f"of: '{said}' is no day such as 2026-11-22, and no moment", "of") from None


def _never(said: str) -> NotFound:
    return NotFound(f"of: there is no report of {said}: it lies in the future, or before {_FIRST}", "of", "no_period")


def _enterprise(reader: Reader, at: Moment) -> str | None:
    """The enterprise that is asked for.

    Raises:
        NotFound: the viewer sees none of that id.
    """
    said = _ENTERPRISE.asked() or None
    seen = reader.read("park/enterprises", at=at, enterprise=said, only=None)
    if said and said not in seen["id"].to_list():
        raise NotFound(f"no enterprise '{said[:60]}'", "enterprise", "unknown_enterprise")
    return said


def _report(deps: Deps) -> tuple[Report, Moment, str]:
    """The report that is asked for, as of when it tells, and what its file is called."""
    period, lang, (day, at) = _PERIOD.asked() or "month", LANG.asked() or "zh", _day_of(deps)
    viewer = deps.viewer()
    reader = deps.store.reader(viewer.scope)
    enterprise = _enterprise(reader, at)
    asked = Asked(period, calendar(period, day, deps.park.zone, at), lang, enterprise)
    look = deps.builder.look(Key("analysis", (), viewer.scope), at)
    name = f"alarms-{period}-{bounds(period, day)[0].isoformat()}-{lang}"
    return Writer(asked, facts_of(reader, asked, look, at), look, at).report(), at, name


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("reports", __name__)

    @pages.get("/api/v1/reports/alarms.pdf")
    @says("The alarms of a week, month or year as a PDF", *_PARAMS, answers={_PDF: _FILE}, refusals=(404,))
    @deps.needs(Right.report)
    def pdf() -> Response:
        report, at, name = _report(deps)
        return _file(as_pdf(report, at), _PDF, f"{name}.pdf")

    @pages.get("/api/v1/reports/alarms.xlsx")
    @says("The alarms of a week, month or year as an Excel file", *_PARAMS, answers={_XLSX: _FILE}, refusals=(404,))
    @deps.needs(Right.report)
    def xlsx() -> Response:
        report, _, name = _report(deps)
        return _file(as_xlsx(report), _XLSX, f"{name}.xlsx")

    return pages


RESOURCE = Resource("reports", _routes)
