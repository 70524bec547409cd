"""How alarms and their handling went day by day (a year month by month), against the limits of ISA-18.2, R-AL-9."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from dashboards.panels._analysis import DAYS_SUMS, HERE, INPUTS, READS, SLOTS, period_filters, period_of, span_of
from dashboards.panels._load import limit_of
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import percent
from models.analysis import counted
from models.analysis_period import bucket_name, bucket_of, days_of, step_of
from models.calendar import day_start
from models.quantity import plain
from twin import formula
from twin.content import Content, chart, meta, stack, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path
from twin.moment import iso
from twin.screen import Look, Panel, Rows

ACK_LIMIT_MIN = 10.0  # R-AL-9, of all levels but S and A
OVER = "over"
Buckets = dict[date, int]  # first day -> how many stretches of ten minutes


def draw(rows: Rows, look: Look) -> Content:
    """Alarms per operator and ten minutes, share of time in flood, minutes until somebody took one in hand."""
    buckets, series = _buckets(look), _series(rows["days"], rows["slots"].filter(~pl.col("earlier")), look)
    parts = [_chart(key, each, buckets, look) for key, each in series.items()]
    shown = parts if rows["days"].height else []
    head = {"note": text(f"analysis.of.{period_of(look)}"), "meta": meta(latest(rows["days"], "newest_at"))}
    return stack(*shown, empty=text("analysis.none"), **period_filters(), **head)


def _series(days: pl.DataFrame, slots: pl.DataFrame, look: Look) -> dict[str, list[float | None]]:
    """What each chart shows of each day or month."""
    counts = _by_bucket(days, look, pl.col("n").sum())
    flooded = slots.filter(pl.col("n") > limit_of(look, "alarms_per_10min"))
    over = _by_bucket(flooded, look, pl.col("slots").sum())
    acked = _by_bucket(days, look, pl.col("ack_ms").sum() / pl.col("acked").sum())
    operators, buckets = limit_of(look, "alarms_operators"), _buckets(look).items()
    return {
        "rate": [round(counts.get(day, 0) / lasts / operators, 2) for day, lasts in buckets],
        "flooded": [percent(over.get(day, 0) / lasts) for day, lasts in buckets],
        "ack": [_minutes(acked.get(day)) for day, _ in buckets],
    }


def _buckets(look: Look) -> Buckets:
    found: Buckets = {}
    for day, slots in days_of(span_of(look), look.zone):
        first = bucket_of(day, step_of(period_of(look)))
        found[first] = found.get(first, 0) + slots
    return found


def _by_bucket(rows: pl.DataFrame, look: Look, told: pl.Expr) -> dict[date, Any]:
    step = step_of(period_of(look))
    first = pl.col("day").dt.truncate("1mo") if step == "month" else pl.col("day")
    return dict(rows.group_by(first.alias("first")).agg(told.alias("told")).iter_rows())


def _minutes(ms: float | None) -> float | None:
    return None if ms is None or ms != ms else round(ms / 60_000, 1)


def _chart(key: str, told: list[float | None], buckets: Buckets, look: Look) -> Content:
    most = _limit(key, look)
    return chart(
        "columns",
        key=key,
        title=text(f"analysis_days.{key}", limit=plain(most)),
        x=[iso(day_start(day, look.zone)) for day in buckets],
        step=step_of(period_of(look)),
        series=[{"key": key, "y": told}, {"key": OVER, "level": "orange", "y": [_over(each, most) for each in told]}],
        limit=most,
    )


def _over(told: float | None, most: float) -> float:
    """A column that is beyond its limit, once more in the colour of that."""
    return told if told is not None and told > most else 0


def _limit(key: str, look: Look) -> float:
    held = {"rate": "alarms_per_operator_10min", "flooded": "alarms_flood_percent"}
    return limit_of(look, held[key]) if key in held else ACK_LIMIT_MIN


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts, shares and means over the alarms of each day or month."""
    here = rows["alarms"].filter(~pl.col("earlier"))
    alarms = counted(here.with_columns(pl.col("day").str.to_date()))
    if alarms.height:
        for key, told in _series(alarms, _slots(alarms), look).items():
            yield from _figures(key, told, look)
    yield newest("alarms", "alarm_at", HERE)


def _slots(alarms: pl.DataFrame) -> pl.DataFrame:
    each = alarms.group_by("day", "slot").agg(n=pl.len())
    return each.group_by("day", "n").agg(slots=pl.len())


def _figures(key: str, told: list[float | None], look: Look) -> Iterator[Figure]:
    most, held, of = limit_of(look, "alarms_per_10min"), _limit(key, look), step_of(period_of(look))
    for place in (("limit",), ("title", "args", "limit")):
        yield Figure(path("parts", key, *place), _held(key), text("explain.setting"))
    for number, (day, slots) in enumerate(_buckets(look).items()):
        its = ("of_month", "=", bucket_name(day, of)) if of == "month" else ("day", "=", str(day))
        made, said = _told(key, its, slots, most), text(f"explain.analysis_days.{key}")
        yield Figure(path("parts", key, "series", key, "y", number), made, said)
        over = made if _over(told[number], held) else formula.const(0)
        yield Figure(path("parts", key, "series", OVER, "y", number), over, said)


def _held(key: str) -> formula.Formula:
    if key == "ack":
        return formula.const(ACK_LIMIT_MIN)
    name = "alarms_per_operator_10min" if key == "rate" else "alarms_flood_percent"
    return formula.one("limits", "value", f"limits.{name}")


def _told(key: str, its: Where, slots: int, most: float) -> formula.Formula:
    if key == "ack":
        return formula.rounded(formula.divide(formula.mean("alarms", "ack_ms", HERE, its), formula.const(60_000)), 1)
    if key == "flooded":
        over = formula.distinct("alarms", "slot", HERE, its, ("slot_n", ">", most))
        return formula.percent(over, formula.const(slots))
    rate = formula.divide(formula.count("alarms", HERE, its), formula.const(slots))
    return formula.rounded(formula.divide(rate, formula.one("limits", "value", "limits.alarms_operators")), 2)


PANEL = Panel(
    key="analysis_days",
    reads=READS,
    queries={"days": DAYS_SUMS, "slots": SLOTS},
    draw=draw,
    rule="ISA-18.2, EEMUA 191, R-AL-9",
    origin=Origin(INPUTS, figures),
)
