"""Reports over HTTP: files that can be read, figures that are the ledger's, and everything that is refused."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from werkzeug.test import TestResponse

from services import report_pdf
from tests.cache.batches import records
from tests.people.house import Wired, wired
from twin.moment import iso

ZONE = ZoneInfo("Asia/Shanghai")
POINTS = {"LW1-T1-LEVEL": "LW1", "LW1-U2-PRESS": "LW1", "LW2-U1-TEMP": "LW2"}
KINDS = {"01": "H", "02": "HH", "03": "L", "04": "LL"}
weeks = count()  # each example has a week of its own


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """The small park, with one alarm in March 2026 that was false."""
    with wired(tmp_path_factory.mktemp("reports")) as each:
        tell(each, [("LW1-U2-PRESS", "03", datetime(2026, 3, 4, 5, tzinfo=UTC), 20, True)], "march")
        yield each


def tell(house: Wired, alarms: Sequence[tuple[Any, ...]], name: str) -> None:
    """Alarms as their source reports them: point, kind, when, cleared after so many minutes, whether false."""
    said = [
        {
            "id": f"{name}-{number}",
            "hazard_point_id": point,
            "enterprise_id": POINTS[point],
            "alarm_type": kind,
            "alarm_at": at,
            "cleared_at": None if minutes is None else at + timedelta(minutes=minutes),
            "alarm_status": "01" if minutes is None else "02",
            "handling_status": "01" if minutes is None else "02",
            "is_false_alarm": False,
            "is_deleted": False,
            "alarm_value": 9.0,
            "threshold": 8.5,
        }
        for number, (point, kind, at, minutes, false) in enumerate(alarms)
    ]
    house.parts.store.append(records("hazard_alarm", *said))
    denied = [each | {"is_false_alarm": True} for each, (*_, false) in zip(said, alarms, strict=True) if false]
    if denied:
        house.parts.store.append(records("hazard_alarm", *denied))


def ask(house: Wired, form: str, **asked: str) -> TestResponse:
    return house.ask("GET", f"/api/v1/reports/alarms.{form}", query_string=asked)


def sheets(answer: TestResponse) -> list[list[tuple[Any, ...]]]:
    """The tables of an Excel file, in order, each without its head."""
    assert answer.status_code == 200, answer.text
    read = pl.read_excel(io.BytesIO(answer.data), sheet_id=0, drop_empty_rows=False, raise_if_empty=False)
    return [frame.rows() for frame in read.values()]


def words(answer: TestResponse) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            ("报警分析月报", "2026-03-01 至 2026-03-31", "无效 1 条", "按级别统计", "阈值与延时建议", "树脂釜压力"),
        ),
        ("en", ("Monthly alarm report", "2026-03-01 to 2026-03-31", "1 invalid", "By level", "Resin reactor pressure")),
    ],
)
def test_the_text_of_a_pdf_can_be_selected_and_its_typeface_goes_with_it(
    house: Wired, lang: str, said: tuple[str, ...]
) -> None:
    answer = ask(house, "pdf", period="month", of="2026-03-20", lang=lang)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="alarms-month-2026-03-01-{lang}.pdf"'
    told = words(answer)
    assert [each for each in said if each not in told] == []
    for page in PdfReader(io.BytesIO(answer.data)).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            assert "/ToUnicode" in font.get_object()
    assert len(answer.data) < 300_000  # the glyphs that are used, not ten megabytes


def test_an_excel_file_holds_numbers(house: Wired) -> None:
    head, figures, levels, *_ = sheets(ask(house, "xlsx", period="month", of="2026-03-20", lang="en"))
    assert ("Period", "2026-03-01 to 2026-03-31") in head
    assert figures[0][:3] == ("Alarms raised", 1, 0)
    assert [(each[0], each[1], each[3]) for each in levels][-1] == ("All", 1, 1)


@pytest.mark.parametrize(("form", "period"), [("pdf", "week"), ("xlsx", "month"), ("xlsx", "year")])
def test_a_period_without_alarms_is_an_honest_page(house: Wired, form: str, period: str) -> None:
    answer = ask(house, form, period=period, of="2003-05-05", lang="en")
    if form == "pdf":
        assert "There was no alarm in this period." in words(answer)
    else:
        assert len(sheets(answer)) == 2
        assert sheets(answer)[1][0][:2] == ("Alarms raised", 0)


def test_a_period_that_is_not_over_says_so(house: Wired) -> None:
    assert "时段未结束" in words(ask(house, "pdf"))
    assert "the period is not over" in str(sheets(ask(house, "xlsx", period="year", lang="en"))[0])


def test_of_a_moment_it_tells_what_was_known_then(house: Wired) -> None:
    before = iso(house.parts.store.tick())
    at = house.parts.store.tick() - timedelta(minutes=1)
    tell(house, [("LW1-T1-LEVEL", "02", at, None, False)], "later")
    now, then = (sheets(ask(house, "xlsx", period="year", **asked))[1][0][1] for asked in ({}, {"of": before}))
    assert now == then + 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"period": "day"}, "period"),
        ({"period": ""}, "period"),
        ({"lang": "de"}, "lang"),
        ({"of": "yesterday"}, "of"),
        ({"of": "2026-02-30"}, "of"),
        ({"of": "2026-02-20T12:00:00"}, "of"),
        ({"of": ""}, "of"),
        ({"when": "now"}, "when"),
    ],
)
def test_what_makes_no_sense_is_named(house: Wired, asked: dict[str, str], field: str) -> None:
    for form in ("pdf", "xlsx"):
        answer = ask(house, form, **asked)
        assert (answer.status_code, answer.json["error"]["field"]) == (400, field)


@pytest.mark.parametrize("of", ["1999-12-31", "0001-01-01T00:00:00Z", "2999-01-01", "2999-01-01T00:00:00Z"])
def test_there_is_no_report_of_what_never_was(house: Wired, of: str) -> None:
    answer = ask(house, "pdf", of=of)
    assert (answer.status_code, answer.json["error"]["field"]) == (404, "of")


def test_there_is_no_report_of_nobody(house: Wired) -> None:
    answer = ask(house, "pdf", enterprise="LW9")
    assert (answer.status_code, answer.json["error"]["field"]) == (404, "enterprise")


def test_without_its_typeface_a_pdf_is_refused_with_what_to_do(house: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_pdf, "FONT", report_pdf.FONT.with_name("gone.ttf"))
    answer = ask(house, "pdf")
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "font")
    assert "make setup" in answer.json["error"]["message"]


def test_a_report_that_was_taken_is_in_the_log(house: Wired) -> None:
    ask(house, "xlsx", period="week", of="2003-01-01")
    reader = house.parts.store.reader()
    bound = {"stream": "audit", "who": None, "since": None, "before": None, "most": 1}
    tell(house, [("LW1-T1-LEVEL", "01", datetime(2004, 1, 1, tzinfo=UTC), 1, False)], "after")  # written in turn
    noted = reader.read("people/audit", at=house.parts.store.tick(), **bound)
    assert noted["subject"].to_list() == ["GET /api/v1/reports/alarms.xlsx"]
    assert "of=2003-01-01" in noted["said"][0]


alarms = st.lists(
    st.tuples(
        st.sampled_from(sorted(POINTS)),
        st.sampled_from(sorted(KINDS)),
        st.integers(0, 7 * 24 * 60 - 1),
        st.none() | st.integers(0, 3000),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alarms, st.sampled_from([None, "LW1", "LW2"]))
def test_the_figures_of_a_report_are_the_ledgers_sums(
    house: Wired, made: list[tuple[Any, ...]], enterprise: str | None
) -> None:
    number = next(weeks)
    monday = datetime(2005, 1, 3, tzinfo=ZONE) + timedelta(weeks=2 * number)
    told = [(point, kind, (monday + timedelta(minutes=at)).astimezone(UTC), *rest) for point, kind, at, *rest in made]
    tell(house, told, f"week{number}")
    asked = {"period": "week", "of": monday.date().isoformat(), "lang": "en"}
    answer = ask(house, "xlsx", **asked, **({"enterprise": enterprise} if enterprise else {}))
    ledger = of_ledger(house, monday, enterprise)
    _, figures, *tables = sheets(answer)
    assert figures[0][1] == len(ledger)
    assert figures[2][1] == sum(map(invalid, ledger))
    if not ledger:
        assert not tables
        return
    levels, _, days, enterprises, _, _, kinds, causes, points, *_ = tables
    assert counted(levels[:-1]) == both(ledger, "level")
    assert levels[-1][1:4] == (len(ledger), len(ledger) - sum(map(invalid, ledger)), sum(map(invalid, ledger)))
    assert sum(each[1] for each in kinds) == sum(each[1] for each in causes) == sum(each[3] for each in points)
    assert Counter({each[0]: each[1] for each in days}) == Counter(local_day(each) for each in ledger)
    assert sorted(each[1:4] for each in enterprises) == sorted(
        (n, n - void, void) for n, void in both(ledger, "owner").values()
    )


def of_ledger(house: Wired, monday: datetime, enterprise: str | None) -> list[dict[str, Any]]:
    """The alarms of a week, page by page."""
    asked: dict[str, Any] = {"state": "all", "from": iso(monday), "to": iso(monday + timedelta(days=7)), "limit": 5}
    asked |= {"owner": enterprise} if enterprise else {}
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = house.ask("GET", "/api/v1/alarms", query_string=asked | ({"cursor": cursor} if cursor else {})).json
        found, cursor = [*found, *page["alarms"]], page["next"]
    return found


def invalid(alarm: dict[str, Any]) -> bool:
    return alarm["closed_as"] in ("false", "momentary")


def local_day(alarm: dict[str, Any]) -> str:
    return datetime.fromisoformat(alarm["alarm_at"]).astimezone(ZONE).strftime("%m-%d")


def counted(table: list[tuple[Any, ...]]) -> dict[Any, tuple[int, int]]:
    return {each[0]: (each[1], each[3]) for each in table if each[1]}


def both(ledger: list[dict[str, Any]], by: str) -> dict[Any, tuple[int, int]]:
    """How many there are and how many of them invalid, by something."""
    every, void = Counter(each[by] for each in ledger), Counter(each[by] for each in ledger if invalid(each))
    return {each: (n, void[each]) for each, n in every.items()}


def test_who_has_no_right_to_reports_gets_none(house: Wired) -> None:
    head, duty = house.account("lw2", "enterprise_head", "LW2"), house.account("duty", "operator")
    secrets = [None, house.session(head), house.session(duty)]
    path = "/api/v1/reports/alarms.xlsx?period=week&of=2003-01-01&enterprise=LW2"
    assert [house.ask("GET", path, secret).status_code for secret in secrets] == [401, 403, 200]
