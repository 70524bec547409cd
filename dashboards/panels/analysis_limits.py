"""What limits and delays could be, with the evidence: how many alarms that would have spared, none judged real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._analysis import HERE, OF_ALARMS, POINTS, READS, period_filters, period_of
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import owner_text
from models.analysis_limits import FALLING, SECONDS, SHARES, Suggestion, suggestions
from models.quantity import quantity
from twin import formula
from twin.content import Content, Text, both, meta, table, text
from twin.formula import Formula, Where
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

SHOWN = 50
COLUMNS = {
    "name": "text",
    "kind": "text",
    "owner": "text",
    "what": "text",
    "spared": "number",
    "n": "number",
    "idle": "number",
    "hidden": "number",
    "confirmed": "number",
}


def draw(rows: Rows, look: Look) -> Content:
    """A line a suggestion, what spares most first; each leads to its point, and so to its history."""
    points = rows["points"]
    made = suggestions(points.iter_rows(named=True))
    by_key = {(row["point"], row["kind"]): row for row in points.iter_rows(named=True)}
    return table(
        [{"key": key, "label": text(f"analysis_limits.{key}"), "type": kind} for key, kind in COLUMNS.items()],
        [_row(each, by_key[each.point, each.kind], look) for each in made[:SHOWN]],
        len(made),
        empty=text("analysis_limits.none"),
        note=text(f"analysis.of.{period_of(look)}"),
        meta=meta(latest(points, "newest_at")),
        **period_filters(),
    )


def _row(one: Suggestion, row: dict[str, Any], look: Look) -> dict[str, Any]:
    return {
        "key": _key(one),
        "name": both(row["name_zh"] or one.point, row["name_en"] or one.point),
        "kind": text(f"alarm_kind.{one.kind}"),
        "owner": owner_text(look, row["owner"]),
        "what": _said(one, row),
        "spared": one.spared,
        "n": one.n,
        "idle": one.idle,
        "hidden": one.hidden,
        "confirmed": one.confirmed,
        "pick": {"layer": "points", "id": one.point},
    }


def _key(one: Suggestion) -> str:
    return f"{one.point} {one.kind}"


def _said(one: Suggestion, row: dict[str, Any]) -> Text:
    if one.what == "limit":
        return text("analysis_limits.said.limit", size=one.size, to=quantity(one.to, row["unit"]))
    return text(f"analysis_limits.said.{one.what}", size=one.size)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """What each suggestion stands on, counted over the alarms of its point and kind."""
    here = rows["alarms"].filter(~pl.col("earlier"), pl.col("point").is_not_null())
    made = suggestions(_evidence(here).iter_rows(named=True))
    for one in made[:SHOWN]:
        yield from _figures(one, here)
    yield Figure("total", formula.const(len(made)), text("explain.analysis_limits.total"))
    yield newest("alarms", "alarm_at", HERE, ("point", "is not", None))


def _figures(one: Suggestion, here: pl.DataFrame) -> Iterator[Figure]:
    its: tuple[Where, ...] = (HERE, ("repeated", "=", _key(one)))
    spared = (*its, *_spares(one))
    told: dict[str, Formula] = {
        "n": formula.count("alarms", *its),
        "spared": formula.count("alarms", *spared),
        "idle": formula.count("alarms", *spared, ("idle", "=", True)),
        "hidden": formula.count("alarms", *spared, ("judged", "=", "confirmed")),
        "confirmed": formula.count("alarms", *its, ("judged", "=", "confirmed")),
    }
    for key, each in told.items():
        yield Figure(path("rows", _key(one), key), each, text(f"explain.analysis_limits.{key}"))
    at = path("rows", _key(one), "what", "args")
    yield Figure(f"{at}/size", formula.const(one.size), text("explain.analysis_limits.size"))
    if one.to is not None:
        newest_limit = formula.last("alarms", "threshold", *its, by="alarm_at")
        sign = (-1 if one.kind in FALLING else 1) * (1 if one.to >= 0 else -1)
        to = formula.multiply(newest_limit, formula.const(1 + sign * one.size / 100))
        units = here.filter(pl.col("repeated") == _key(one))["unit"].drop_nulls()
        unit = str(units[0]) if len(units) else None
        yield Figure(f"{at}/to", to, text("explain.analysis_limits.to"), unit)


def _spares(one: Suggestion) -> tuple[Where, ...]:
    """What alarms meet that it would have spared."""
    if one.what == "delay":
        return (("clearing_ms", "<", one.size * 1000),)
    if one.what == "rest":
        return (("gap_ms", ">=", 0), ("gap_ms", "<", one.size * 1000))
    return (("over", ">=", 0), ("over", "<", one.size / 100))


def _evidence(here: pl.DataFrame) -> pl.DataFrame:
    """What ``cache/sql/analysis/points.sql`` counts, out of the alarms themselves."""
    lasted, gap, over = pl.col("clearing_ms") / 1000, pl.col("gap_ms") / 1000, pl.col("over")
    again, beyond = gap >= 0, over >= 0
    real = pl.col("judged").eq_missing("confirmed")
    counts = {f"within_{each}": (lasted < each) for each in SECONDS}
    counts |= {f"within_idle_{each}": (lasted < each) & pl.col("idle") for each in SECONDS}
    counts |= {f"again_{each}": again & (gap < each) for each in SECONDS}
    counts |= {f"again_idle_{each}": again & (gap < each) & pl.col("idle") for each in SECONDS}
    counts |= {f"beyond_{each}": beyond & (over < each / 100) for each in SHARES}
    counts |= {f"idle_{each}": beyond & (over < each / 100) & pl.col("idle") for each in SHARES}
    return (
        here.sort("alarm_at")
        .group_by("point", "alarm_kind")
        .agg(
            pl.len().alias("n"),
            pl.col("threshold").last(),
            pl.col("is_gas").any(),
            real.sum().alias("confirmed"),
            lasted.filter(real).min().alias("real_lasted_s"),
            gap.filter(real & again).min().alias("real_gap_s"),
            over.filter(real & beyond).min().alias("real_over"),
            *(each.fill_null(False).sum().alias(name) for name, each in counts.items()),
        )
        .rename({"alarm_kind": "kind"})
    )


PANEL = Panel(
    key="analysis_limits",
    reads=READS,
    queries={"points": POINTS},
    draw=draw,
    rule="ISA-18.2, EEMUA 191, AL-8",
    origin=Origin({"alarms": OF_ALARMS}, figures),
)
