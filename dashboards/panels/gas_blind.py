"""Blind spots: how much of the risk sources' areas no gas device covers, and where most (GS-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import GAP_INPUTS, HAZARDS, gap_list, gap_rows
from dashboards.panels._words import percent
from layers._gas import COVER, READS
from models.quantity import plain
from twin import formula
from twin.content import Content, both, figure, listing, meta, stack, text, value
from twin.formula import Formula
from twin.lineage import Figure, Origin, item, path, within
from twin.screen import Look, Panel, Rows

SHOWN = 6


def draw(rows: Rows, look: Look) -> Content:
    """Square metres and share without cover, what only silent devices cover, and the largest gaps."""
    gaps = gap_rows(look=look, **rows)
    sizes = {name: int(gaps[name].sum()) for name in ("blind_m2", "unheard_m2", "area_m2")}
    area, blind = sizes["area_m2"], sizes["blind_m2"]
    share = text("gas_blind.of", percent=f"{percent(blind / area)} %") if area else None
    items = [_area(key, each if area else None, share if key == "blind_m2" else None) for key, each in sizes.items()]
    open_gaps = gaps.filter(pl.col("blind_m2") > 0)
    listed = [_row(row) for row in open_gaps.head(SHOWN).iter_rows(named=True)]
    empty = text("gas_blind.none" if gaps.height else "gas_blind.no_areas")
    shown = listing(listed, open_gaps.height, empty, title=text("gas_blind.largest"), list="largest")
    return stack(figure(items, "big"), shown, meta=meta(note=text("gas_blind.note")))


def _area(key: str, m2: int | None, note: Any) -> dict[str, Any]:
    said = {"key": key, "label": text(f"gas_blind.{key}"), "value": value(m2, "m²"), "list": key}
    return said | ({"note": note} if note else {})


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["id"],
        "title": both(row["name_zh"], row["name_en"]),
        "sub": both(row["owner_zh"], row["owner_en"]),
        "right": text("gas_blind.m2", m2=f"{row['blind_m2']:,}"),
        "right_sub": text("gas_blind.of", percent=f"{plain(row['blind_percent'])} %"),
        "pick": {"layer": "hazards", "id": row["id"]},
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Sums over the risk sources; the gap of each is geometry: its area less what the devices in use cover."""
    area, blind, unheard = (formula.total("hazards", each) for each in ("area_m2", "blind_m2", "unheard_m2"))
    yield from within(
        path("parts", 0),
        (
            Figure(item("blind_m2"), blind, text("explain.gas.blind"), "m²"),
            Figure(
                item("blind_m2", "note", "args", "percent"),
                formula.percent(blind, area),
                text("explain.gas.blind_share"),
                "%",
            ),
            Figure(item("unheard_m2"), unheard, text("explain.gas.unheard"), "m²"),
            Figure(item("area_m2"), area, text("explain.gas.area"), "m²"),
        ),
    )
    yield Figure(path("parts", 1, "total"), formula.count("hazards", ("blind_m2", ">", 0)), text("explain.gas.gaps"))
    for row in rows["hazards"].filter(pl.col("blind_m2") > 0).head(SHOWN).iter_rows(named=True):
        yield from within(path("parts", 1, "rows", row["id"]), _of_row(row["id"]))


def _of_row(id: str) -> Iterator[Figure]:
    gap, area = (_one(column, id) for column in ("blind_m2", "area_m2"))
    share = formula.rounded(formula.multiply(formula.const(100), formula.divide(gap, area)), 1)
    yield Figure(path("right", "args", "m2"), gap, text("explain.gas.blind"), "m²")
    yield Figure(path("right_sub", "args", "percent"), share, text("explain.gas.blind_share"), "%")


def _one(column: str, id: str) -> Formula:
    return formula.one("hazards", column, id)


PANEL = Panel(
    key="gas_blind",
    reads=READS | {"hazard_source"},
    queries={"hazards": HAZARDS, **COVER},
    draw=draw,
    lists={
        "blind_m2": gap_list(),
        "unheard_m2": gap_list(lambda rows: rows.filter(pl.col("unheard_m2") > 0)),
        "area_m2": gap_list(),
        "largest": gap_list(lambda rows: rows.filter(pl.col("blind_m2") > 0)),
    },
    rule="GS-11",
    origin=Origin({"hazards": GAP_INPUTS}, figures),
)
