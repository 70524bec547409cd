"""The reports of the week, month and year as files to take along (AL-10): of the running one, and of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from dashboards.panels._analysis import READS, period_of
from models.analysis_period import calendar
from models.calendar import local_day
from twin.content import Content, picture, text
from twin.lineage import Figure, Origin
from twin.roles import Right
from twin.screen import Look, Panel, Rows

FORMS = ("pdf", "xlsx")
LANGUAGES = ("zh", "en")


def draw(rows: Rows, look: Look) -> Content:
    """A PDF and an Excel file each, in the language of the page."""
    period, today = period_of(look), local_day(look.at, look.zone)
    before = local_day(calendar(period, today, look.zone, look.at).starts - timedelta(hours=1), look.zone)
    items = [_file(which, form, of, look) for which, of in (("last", before), ("this", today)) for form in FORMS]
    return picture(items, empty=text("analysis_reports.none"))


def _file(which: str, form: str, of: date, look: Look) -> dict[str, Any]:
    period = period_of(look)
    return {
        "key": f"{which}.{form}",
        "title": text(f"analysis_reports.{which}.{period}"),
        "sub": text(f"analysis_reports.{form}"),
        "href": {lang: _address(form, of, lang, look) for lang in LANGUAGES},
        "right": Right.report,
    }


def _address(form: str, of: date, lang: str, look: Look) -> str:
    asked = {"period": period_of(look), "of": of.isoformat(), "lang": lang}
    enterprise = look.params.get("enterprise")
    return f"/api/v1/reports/alarms.{form}?{urlencode(asked | ({'enterprise': enterprise} if enterprise else {}))}"


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """It shows none."""
    return iter(())


PANEL = Panel(key="analysis_reports", reads=READS, queries={}, draw=draw, rule="AL-10", origin=Origin({}, figures))
