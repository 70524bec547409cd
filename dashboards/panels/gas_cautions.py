"""What is on file of gas warnings that were not handled in time, and who is watched closely (R-GAS-7 … R-GAS-9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from dashboards.panels._gas_warning import (
    CAUTIONS,
    FILED,
    FILED_COLUMNS,
    OF_CAUTION,
    READS,
    SHOWN,
    WARNINGS,
)  # fmt: skip
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from layers._gas_told import where_text
from layers._origin import field_of
from twin import formula
from twin.content import Content, at, both, listing, meta, stack, text
from twin.formula import Where
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

ROWS, WATCHED = 5, 5
PUBLIC = "public"
GRAVE: Where = ("grave", "=", True)
LATE: Where = ("was_late", "=", True)


def draw(rows: Rows, look: Look) -> Content:
    """The newest on file; then enterprises and areas with frequent orange, red or late warnings."""
    filed, watched = rows["filed"], _watched(rows["warnings"], look)
    lines = [_line(each, look) for each in filed.head(ROWS).iter_rows(named=True)]
    close = [_watch(each, look) for each in watched.head(WATCHED).iter_rows(named=True)]
    shown = [
        listing(lines, filed.height, text("gas_cautions.none"), list="filed", title=text("gas_cautions.filed")),
        listing(close, watched.height, text("gas_cautions.none_watched"), title=text("gas_cautions.watched")),
    ]
    return stack(*shown, meta=meta(latest(filed, "filed_at")))


def _line(row: dict[str, Any], look: Look) -> dict[str, Any]:
    in_row = text("gas_cautions.in_row", n=row["in_row"]) if row["in_row"] else ""
    return {
        "key": row["id"],
        "level": row["level"],
        "title": text(
            "gas_cautions.title", kind=text(f"caution_kind.{row['caution_kind']}"), level=text(f"level.{row['level']}")
        ),
        "sub": text(
            "gas_cautions.of", where=where_text(row["owner"], look), place=both(row["name_zh"], row["name_en"])
        ),
        "right": at(row["filed_at"]),
        "right_sub": in_row,
        "pick": {"layer": "gas_warnings", "id": row["warning"]},
    }


def _watched(warnings: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Owners (None: the public area) that had orange, red or late warnings so often."""
    rules = look.park.settings.gas_warning
    lately = _lately(look)
    return (
        warnings.filter(pl.col("opened_at") > lately)
        .group_by("owner")
        .agg(graves=pl.col("grave").sum().cast(pl.Int64), lates=pl.col("was_late").sum().cast(pl.Int64))
        .filter((pl.col("graves") >= rules.watch_times) | (pl.col("lates") >= rules.watch_times))
        .sort("lates", "graves", "owner", descending=[True, True, False], nulls_last=True)
    )


def _lately(look: Look) -> Any:
    days = min(look.park.settings.gas_warning.watch_days, 30.0)  # older ones that are closed are not asked for
    return look.at.replace(second=0, microsecond=0) - timedelta(days=days)


def _watch(row: dict[str, Any], look: Look) -> dict[str, Any]:
    return {
        "key": row["owner"] or PUBLIC,
        "title": where_text(row["owner"], look),
        "right": text("gas_cautions.graves", n=row["graves"]),
        "right_sub": text("gas_cautions.lates", n=row["lates"]),
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many are on file, and counts of those that are watched."""
    filed, watched = rows["filed"], _watched(rows["warnings"], look)
    yield newest("filed", "filed_at")
    yield Figure(path("parts", 0, "total"), formula.count("filed"), text("explain.warning.filed"))
    for row in filed.head(ROWS).iter_rows(named=True):
        for place, column in (("right/at", "filed_at"), ("right_sub/args/n", "in_row")):
            told = formula.one("filed", column, row["id"])
            yield Figure(f"{path('parts', 0, 'rows', row['id'])}/{place}", told, field_of(column))
    every = _of_any(watched["owner"].to_list(), _lately(look))
    yield Figure(path("parts", 1, "total"), every, text("explain.warning.watched"), rules="R-GAS-9")
    for row in watched.head(WATCHED).iter_rows(named=True):
        at_row = path("parts", 1, "rows", row["owner"] or PUBLIC)
        for place, where in (("right/args/n", GRAVE), ("right_sub/args/n", LATE)):
            told = formula.count("warnings", _of(row["owner"]), where, ("opened_at", ">", _lately(look)))
            yield Figure(f"{at_row}/{place}", told, text("explain.warning.watch"), rules="R-GAS-9")


def _of(owner: str | None) -> Where:
    return ("owner", "is", None) if owner is None else ("owner", "=", owner)


def _of_any(owners: list[str | None], lately: Any) -> formula.Formula:
    """How many owners there are: those with a name, and the public area."""
    since: Where = ("opened_at", ">", lately)
    named = tuple(each for each in owners if each is not None)
    counted = formula.distinct("warnings", "owner", ("owner", "in", named), since)
    if None not in owners:
        return counted
    areas = formula.distinct("warnings", "grave", ("owner", "is", None), GRAVE, since)
    return formula.add(counted, areas)


PANEL = Panel(
    key="gas_cautions",
    reads=READS | {"gas_caution"},
    queries={"filed": FILED, "warnings": SHOWN},
    draw=draw,
    lists={"filed": ListOf(FILED, FILED_COLUMNS, OF_CAUTION)},
    rule="R-GAS-7, R-GAS-8",
    origin=Origin({"filed": CAUTIONS, "warnings": WARNINGS}, figures),
)
