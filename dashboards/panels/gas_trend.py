"""Gas alarms by month and by day, and by gas: as far back as anything is known of alarms (GS-3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from dashboards.panels._gas import ALARM_INPUTS, ALARMS, BEGUN_INPUTS, OF_A_YEAR, alarm_list
from dashboards.panels._gas_rank import rank_figures, ranked
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from models.alarm_tables import ALARM_TABLES
from models.calendar import day_start, days, local_day, months
from twin import formula
from twin.content import Content, Text, chart, meta, stack, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path, within
from twin.moment import Moment, iso
from twin.screen import Look, Panel, Rows

MONTHS, DAYS = 12, 30
GRAVE = "red"
STEPS = ("month", "day")


def draw(rows: Rows, look: Look) -> Content:
    """A column a month, a column a day, the part of red ones in their colour; the gases of the last 30 days."""
    by_day, begun = rows["by_day"], rows["begun"]["begun_at"].max() if rows["begun"].height else None
    charts = [_chart(step, by_day, begun, look) for step in STEPS]
    within_days = _since(rows["alarms"], _starts("day", look)[0])
    told = meta(latest(within_days, "alarm_at"), note=_begun(begun))
    by_gas = ranked(within_days, text("gas_trend.gases"), text("gas_trend.none"), "days")
    return stack(*charts, by_gas, meta=told)


def _begun(begun: Any) -> Text | None:
    return text("gas_trend.begun", at={"at": iso(begun)}) if isinstance(begun, Moment) else text("gas_trend.unknown")


def _starts(step: str, look: Look) -> list[date]:
    today = local_day(look.at, look.zone)
    return months(today, MONTHS) if step == "month" else days(today, DAYS)


def _since(alarms: pl.DataFrame, day: date) -> pl.DataFrame:
    return alarms.filter(pl.col("day") >= day)


def _chart(step: str, by_day: pl.DataFrame, begun: Any, look: Look) -> Content:
    starts = _starts(step, look)
    first = local_day(begun, look.zone) if isinstance(begun, Moment) else None
    known = [first is not None and (until is None or until > first) for _, until in _bounds(starts)]
    counted = [_counted(_since(each, starts[0]), step) for each in (by_day, _grave(by_day))]
    every, grave = ([each[day] if sure else None for day, sure in zip(starts, known, strict=True)] for each in counted)
    total = counted[0].total()
    return chart(
        "columns",
        step=step,
        x=[iso(day_start(each, look.zone)) for each in starts],
        series=[{"key": "all", "y": every}, {"key": "red", "level": GRAVE, "y": grave}],
        total={"value": total, "list": f"{step}s"},
        title=text(f"gas_trend.{step}s", n=total, red=counted[1].total()),
    )


def _bounds(starts: Sequence[date]) -> list[tuple[date, date | None]]:
    """Each step's first day, and that of the next one."""
    return list(zip(starts, [*starts[1:], None], strict=True))


def _grave(alarms: pl.DataFrame) -> pl.DataFrame:
    return alarms.filter(pl.col("colour") == GRAVE)


def _counted(by_day: pl.DataFrame, step: str) -> Counter[date]:
    """How many alarms each day or month has, by its first day."""
    counts: Counter[date] = Counter()
    for day, n in by_day.select("day", "n").iter_rows():
        counts[day.replace(day=1) if step == "month" else day] += n
    return counts


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of alarm records by the local day on which each was raised."""
    yield newest("alarms", "alarm_at", ("day", ">=", _starts("day", look)[0]))
    yield Figure(
        path("meta", "note", "args", "at", "at"), formula.lowest("begun", "begun_at"), text("explain.gas.begun")
    )
    for place, step in enumerate(STEPS):
        yield from within(path("parts", place), _of_chart(_starts(step, look)))
    first = _starts("day", look)[0]
    yield from within(path("parts", 2), rank_figures(_since(rows["alarms"], first), ("day", ">=", first)))


def _of_chart(starts: Sequence[date]) -> Iterator[Figure]:
    whole = formula.count("alarms", ("day", ">=", starts[0]))
    for at in (path("total", "value"), path("title", "args", "n")):
        yield Figure(at, whole, text("explain.gas.raised"))
    graver = formula.count("alarms", ("day", ">=", starts[0]), ("colour", "=", GRAVE))
    yield Figure(path("title", "args", "red"), graver, text("explain.gas.raised_red"))
    for place, (first, until) in enumerate(_bounds(starts)):
        here: tuple[Where, ...] = (("day", ">=", first), *((("day", "<", until),) if until else ()))
        yield Figure(path("series", "all", "y", place), formula.count("alarms", *here), text("explain.gas.raised"))
        grave = formula.count("alarms", *here, ("colour", "=", GRAVE))
        yield Figure(path("series", "red", "y", place), grave, text("explain.gas.raised_red"))


def _months(alarms: pl.DataFrame, look: Look) -> pl.DataFrame:
    return _since(alarms, _starts("month", look)[0])


def _days(alarms: pl.DataFrame, look: Look) -> pl.DataFrame:
    return _since(alarms, _starts("day", look)[0])


PANEL = Panel(
    key="gas_trend",
    reads=ALARM_TABLES | {"indicator", "gas_device"},
    queries={"alarms": ALARMS, "by_day": "gas/alarm_days", "begun": "gas/begun"},
    draw=draw,
    lists={"months": alarm_list(_months, OF_A_YEAR), "days": alarm_list(_days)},
    rule="GS-3",
    origin=Origin({"alarms": replace(ALARM_INPUTS, params=OF_A_YEAR), "begun": BEGUN_INPUTS}, figures),
)
