"""The living part of a detail: values of the points that belong to a thing, and its open alarms."""

from __future__ import annotations

from typing import Any

import polars as pl

from layers._once import once
from layers._origin import alarm_figures, field_of, open_alarms, points_below
from models.quantity import digits, quantity
from models.wording import handling, title
from twin import formula
from twin.content import Content, at, both, listing, text, value
from twin.lineage import Figure
from twin.reading import QUALITY_NAMES, Quality
from twin.screen import Look, Reader
from twin.traced import traced, with_figures

SHOWN_CHILDREN = 12
SHOWN_ALARMS = 6
# Colour of a value beyond its limit before any source has said how grave that is (gas: R-LV-6, section 3).
LEVEL_OF_STATUS = {"hh": "red", "ll": "orange", "h": "orange", "l": "yellow"}
# How a point stands on the map whose value cannot be taken for the present one.
STILL = {"offline": "offline", "nodata": "nodata", "stale": "stale", "bad": "stale"}
RANK_OF_STATUS = {"hh": 0, "h": 1, "ll": 1, "l": 2}


@once
def _worst(found: pl.DataFrame, column: str) -> pl.DataFrame:
    named = found.filter(pl.col("open") & pl.col(column).is_not_null())
    worst = named.unique(column, keep="first", maintain_order=True)
    return worst.select(id=column, state="colour", badge="level")


@once
def worst_of(found: pl.DataFrame, column: str) -> dict[str, dict[str, Any]]:
    """State of everything that open alarms (worst first) name in a column: colour and letter of its worst one."""
    return {row["id"]: row for row in _worst(found, column).iter_rows(named=True)}


@once
def not_at_rest(silent: pl.DataFrame, alarms: pl.DataFrame) -> pl.DataFrame:
    """State of points that are not at rest: colour and letter of their worst open alarm, else that they are silent."""
    alarmed = _worst(alarms, "point")
    return pl.concat([alarmed, silent.join(alarmed, on="id", how="anti")], how="diagonal")


def measured(row: dict[str, Any]) -> dict[str, Any]:
    """A point's newest value with unit, time, quality and level."""
    quality = None if row["quality"] is None else QUALITY_NAMES[Quality(row["quality"])]
    level = LEVEL_OF_STATUS.get(row["status"]) or ("off" if row["status"] in ("offline", "nodata") else None)
    return value(
        row["value"], row["unit"], digits(row["value"], row["unit"]), ts=row["ts"], quality=quality, level=level
    )


def children(reader: Reader, id: str, look: Look) -> Content | None:
    """Newest values of the points below a thing, those beyond a limit first."""
    below = reader.read("detail/children", at=look.at, id=id).to_dicts()
    below.sort(key=lambda row: RANK_OF_STATUS.get(row["status"], 9))
    shown = [_child(row) for row in below[:SHOWN_CHILDREN]]
    said = listing(shown, len(below), title=text("detail.points"))
    total = text("explain.detail.points")
    return traced(said, formula.count("below"), total, at="total", inputs=points_below(id)) if below else None


def _child(row: dict[str, Any]) -> dict[str, Any]:
    said = measured(row)
    shown = {
        "key": row["id"],
        "level": said.get("level"),
        "title": both(row["name_zh"], row["name_en"]),
        "sub": row["id"],
        "right": quantity(row["value"], row["unit"]),
        "right_sub": at(row["ts"]) or text(f"status.{row['status']}"),
        "pick": {"layer": "points", "id": row["id"]},
    }
    return with_figures(shown, reading_figures("below", row, "right", "right_sub/at"))


def reading_figures(of: str, row: dict[str, Any], value_at: str, ts_at: str) -> tuple[Figure, Figure]:
    """A point's newest value and its time, where they stand."""
    worth, ts = formula.one(of, "value", row["id"]), formula.one(of, "ts", row["id"])
    return Figure(value_at, worth, field_of("value"), row["unit"]), Figure(ts_at, ts, field_of("ts"), rules="")


def alarms(reader: Reader, id: str, look: Look) -> Content | None:
    """Open alarms of a thing, worst first; nothing where there are none."""
    found = reader.read("detail/alarms", at=look.at, id=id)
    if found.is_empty():
        return None
    shown = [_alarm_row(row) for row in found.head(SHOWN_ALARMS).iter_rows(named=True)]
    said = listing(shown, found.height, title=text("detail.alarms"))
    total = text("explain.detail.alarms")
    return traced(said, formula.count("alarms"), total, at="total", inputs=open_alarms(id), rules="R-AL-1")


def _alarm_row(row: dict[str, Any]) -> dict[str, Any]:
    """One alarm as a row."""
    shown = {
        "key": row["id"],
        "level": row["colour"],
        "badge": row["level"],
        "title": title(row),
        "sub": row["point"],
        "right": at(row["alarm_at"]),
        "right_sub": handling(row),
        "pick": {"layer": "alarms", "id": row["id"]},
    }
    return with_figures(shown, tuple(alarm_figures(row)))
