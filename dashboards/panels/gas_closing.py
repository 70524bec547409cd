"""Whether gas warnings come full circle: pushed, answered in time, closed (R-GAS-16, KPI-6, KPI-7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas_warning import COLUMNS, PICK, READS, SHOWN, WAITS, WARNINGS
from dashboards.panels._origin import limits_of, newest
from dashboards.panels._state import latest
from dashboards.panels._words import counter, percent
from twin import formula
from twin.content import Content, figure, meta, stack, text, value
from twin.formula import Where
from twin.level import RANK
from twin.lineage import Figure, Origin, item, path, within
from twin.screen import ListOf, Look, Panel, Rows

ANSWER_TARGET = 95.0  # KPI-7
LOOP_TARGET = 100.0  # R-GAS-16
PUSHED: Where = ("pushed", "=", True)
ANSWERED: Where = ("feedback_at", "is not", None)
CLOSED: Where = ("waits", "=", False)


def draw(rows: Rows, look: Look) -> Content:
    """Those that are not closed by level; then the loop of the last 30 days."""
    found = rows["warnings"]
    waits = found.filter("waits")
    levels = [counter(each, text(f"level.{each}"), int((waits["worst"] == each).sum()), level=each) for each in RANK]
    pushed = int(found["pushed"].sum())
    closed, timely = found.filter(~pl.col("waits"), "pushed").height, _timely(found, look).height
    items = [
        _count("pushed", pushed) | {"of": found.height},
        _count("answered", found.filter(pl.col("feedback_at").is_not_null()).height),
        _count("closed", found.filter(~pl.col("waits")).height),
        _share("loop", closed, pushed) | {"target": LOOP_TARGET},
        _share("timely", timely, pushed) | {"target": _target(look)},
    ]
    shown = [figure(levels, "levels"), figure(items, title=text("gas_closing.period"))]
    return stack(*shown, meta=meta(latest(found, "opened_at")))


def _timely(found: pl.DataFrame, look: Look) -> pl.DataFrame:
    within_s = look.park.settings.gas_warning.feedback.total_seconds()
    return found.filter("pushed", pl.col("answer_s") <= within_s)


def _target(look: Look) -> float:
    return float(look.park.settings.limits.get("gas_warnings_timely", ANSWER_TARGET))


def _count(name: str, n: int) -> dict[str, Any]:
    return counter(name, text(f"gas_closing.{name}"), n)


def _share(name: str, part: int, whole: int) -> dict[str, Any]:
    said = value(percent(part / whole) if whole else None, "%", 1)
    return {"key": name, "label": text(f"gas_closing.{name}"), "value": said}


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts of warnings, and shares of those that were pushed."""
    yield newest("warnings", "opened_at")
    yield from within(path("parts", 0), (
        Figure(item(each), formula.count("warnings", WAITS, ("worst", "=", each)), text("explain.warning.level"))
        for each in RANK
    ))  # fmt: skip
    pushed = formula.count("warnings", PUSHED)
    in_time: Where = ("answer_s", "<=", look.park.settings.gas_warning.feedback.total_seconds())
    told = {
        "pushed": (pushed, None, "R-GAS-16"),
        "answered": (formula.count("warnings", ANSWERED), None, "R-GAS-16"),
        "closed": (formula.count("warnings", CLOSED), None, "R-GAS-16"),
        "loop": (formula.percent(formula.count("warnings", CLOSED, PUSHED), pushed), "%", "KPI-6, R-GAS-16"),
        "timely": (formula.percent(formula.count("warnings", PUSHED, in_time), pushed), "%", "KPI-7, R-GAS-16"),
    }
    every = Figure(item("pushed", "of"), formula.count("warnings"), text("explain.warning.computed"))
    targets = [
        Figure(item("loop", "target"), formula.const(LOOP_TARGET), text("explain.warning.loop_target"), "%"),
        Figure(
            item("timely", "target"), formula.one("limits", "value", "limits.gas_warnings_timely"),
            text("explain.setting"), "%",
        ),
    ]  # fmt: skip
    shown = [
        Figure(item(name), made, text(f"explain.warning.{name}"), unit, rules=rules)
        for name, (made, unit, rules) in told.items()
    ]
    yield from within(path("parts", 1), [every, *targets, *shown])


def _of_level(level: str) -> Any:
    return lambda warnings, look: warnings.filter(pl.col("waits") & (pl.col("worst") == level))


PANEL = Panel(
    key="gas_closing",
    reads=READS,
    queries={"warnings": SHOWN},
    draw=draw,
    lists={
        **{each: ListOf(SHOWN, COLUMNS, PICK, rows=_of_level(each)) for each in RANK},
        "pushed": ListOf(SHOWN, COLUMNS, PICK, rows=lambda rows, look: rows.filter("pushed")),
        "answered": ListOf(
            SHOWN, COLUMNS, PICK, rows=lambda rows, look: rows.filter(pl.col("feedback_at").is_not_null())
        ),
        "closed": ListOf(SHOWN, COLUMNS, PICK, rows=lambda rows, look: rows.filter(~pl.col("waits"))),
    },
    rule="R-GAS-16",
    origin=Origin(
        {
            "warnings": WARNINGS,
            "limits": limits_of("gas_warnings_timely", ANSWER_TARGET, "%"),
        },
        figures,
    ),
)
