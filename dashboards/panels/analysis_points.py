"""Points that raise alarms again and again: how often, how much of all that is, which chatter, what for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._analysis import HERE, OF_ALARMS, POINTS, READS, period_filters, period_of
from dashboards.panels._measures import TIMES
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from dashboards.panels._words import owner_text, percent
from twin import formula
from twin.content import Content, both, meta, table, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 50
COLUMNS = {
    "name": ("text", None),
    "kind": ("text", None),
    "owner": ("text", None),
    "n": ("number", None),
    "share": ("number", "%"),
    "bursts": ("number", None),
    "judged": ("number", None),
    "idle": ("number", None),
    "confirmed": ("number", None),
    "clearing": ("number", "min"),
}


def draw(rows: Rows, look: Look) -> Content:
    """The fifty that raised most, with their kind; each leads to its point."""
    points = rows["points"]
    every = int(points["n"].sum()) if points.height else 0
    return table(
        [_column(*each) for each in COLUMNS.items()],
        [_row(each, every, look) for each in points.head(SHOWN).iter_rows(named=True)],
        points.height,
        empty=text("analysis.none"),
        note=text(f"analysis.of.{period_of(look)}"),
        meta=meta(latest(points, "newest_at")),
        list="points",
        **period_filters(),
    )


def _column(key: str, said: tuple[str, str | None]) -> dict[str, Any]:
    return {"key": key, "label": text(f"analysis_points.{key}"), "type": said[0], "unit": said[1]}


def _row(row: dict[str, Any], every: int, look: Look) -> dict[str, Any]:
    return {
        "key": repeated(row),
        "name": both(row["name_zh"] or row["point"], row["name_en"] or row["point"]),
        "kind": text(f"alarm_kind.{row['kind']}"),
        "owner": owner_text(look, row["owner"]),
        "share": percent(row["n"] / every),
        "clearing": TIMES[1].tell(row),
        **{name: row[name] for name in ("n", "bursts", "judged", "idle", "confirmed")},
        "pick": {"layer": "points", "id": row["point"]},
    }


def repeated(row: dict[str, Any]) -> str:
    """What the alarms of one point and kind are found by (``repeated`` in ``cache/sql/analysis/alarms.sql``)."""
    return f"{row['point']} {row['kind']}"


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Counts over the alarms of each point and kind."""
    here = rows["alarms"].filter(~pl.col("earlier"), pl.col("point").is_not_null())
    every = formula.count("alarms", HERE, ("point", "is not", None))
    for (its,) in by_repeated(here).head(SHOWN).select("repeated").iter_rows():
        where: Where = ("repeated", "=", its)
        n = formula.count("alarms", HERE, where)
        made = {
            "n": n,
            "share": formula.percent(n, every),
            "bursts": formula.count("alarms", HERE, where, ("chatters", "=", True)),
            "judged": formula.count("alarms", HERE, where, ("judged", "is not", None)),
            "idle": formula.count("alarms", HERE, where, ("idle", "=", True)),
            "confirmed": formula.count("alarms", HERE, where, ("judged", "=", "confirmed")),
            "clearing": TIMES[1].told(HERE, where),
        }
        for key, told in made.items():
            yield Figure(path("rows", its, key), told, text(f"explain.analysis_points.{key}"), COLUMNS[key][1])
    total = formula.distinct("alarms", "repeated", HERE, ("point", "is not", None))
    yield Figure("total", total, text("explain.analysis_points.total"))
    yield newest("alarms", "alarm_at", HERE, ("point", "is not", None))


def by_repeated(here: pl.DataFrame) -> pl.DataFrame:
    """Points and kinds in the order of ``cache/sql/analysis/points.sql``."""
    summed = here.group_by("repeated", "point", "alarm_kind").agg(n=pl.len())
    return summed.sort(["n", "point", "alarm_kind"], descending=[True, False, False])


def _listed(points: pl.DataFrame, look: Look) -> pl.DataFrame:
    minutes = pl.when(pl.col("cleared") > 0).then((pl.col("clearing_ms") / pl.col("cleared") / 60_000).round(1))
    return points.rename({"kind": "alarm_kind"}).with_columns(
        id=pl.col("point"),
        clearing_min=minutes,
        **{f"{name}_n": pl.col(name) for name in ("judged", "idle", "confirmed")},
    )


LISTED = (
    ("id", "text", None),
    ("name", "text", None),
    ("alarm_kind", "code", None),
    ("owner", "text", None),
    ("n", "number", None),
    ("bursts", "number", None),
    ("judged_n", "number", None),
    ("idle_n", "number", None),
    ("confirmed_n", "number", None),
    ("clearing_min", "number", "min"),
)
PANEL = Panel(
    key="analysis_points",
    reads=READS,
    queries={"points": POINTS},
    draw=draw,
    lists={"points": ListOf(POINTS, LISTED, ("points", "id"), rows=_listed)},
    rule="ISA-18.2, AL-8",
    origin=Origin({"alarms": OF_ALARMS}, figures),
)
