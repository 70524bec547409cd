"""The living part of a detail: values of the points that belong to a thing, and its open alarms."""

from __future__ import annotations

from typing import Any

import polars as pl

from layers._once import once
from models.quantity import digits, quantity
from models.wording import handling, title
from twin.content import Content, at, both, listing, text, value
from twin.reading import QUALITY_NAMES, Quality
from twin.screen import Look, Reader

SHOWN_CHILDREN = 12
SHOWN_ALARMS = 6
# Colour of a value beyond its limit before any source has said how grave that is (gas: R-LV-6, section 3).
LEVEL_OF_STATUS = {"hh": "red", "ll": "orange", "h": "orange", "l": "yellow"}
# How a point stands on the map whose value cannot be taken for the present one.
STILL = {"offline": "offline", "nodata": "nodata", "stale": "stale", "bad": "stale"}
RANK_OF_STATUS = {"hh": 0, "h": 1, "ll": 1, "l": 2}


@once
def worst_of(found: pl.DataFrame, column: str) -> dict[str, dict[str, Any]]:
    """State of everything that open alarms (worst first) name in a column: colour and letter of its worst one."""
    worst = found.filter(pl.col("open") & pl.col(column).is_not_null()).unique(
        column, keep="first", maintain_order=True
    )
    return {row[column]: {"id": row[column], "state": row["colour"], "badge": row["level"]} for row in worst.to_dicts()}


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
    return listing(shown, len(below), title=text("detail.points")) if below else None


def _child(row: dict[str, Any]) -> dict[str, Any]:
    said = measured(row)
    return {
        "key": row["id"],
        "level": said.get("level"),
        "title": both(row["name_zh"], row["name_en"]),
        "sub": row["id"],
        "right": quantity(row["value"], row["unit"]),
        "right_sub": at(row["ts"]) or text(f"status.{row['status']}"),
        "pick": {"layer": "points", "id": row["id"]},
    }


def alarms(reader: Reader, id: str, look: Look) -> Content | None:
    """Open alarms of a thing, worst first; nothing where there are none."""
    found = reader.read("detail/alarms", at=look.at, id=id)
    return alarm_list(found) if found.height else None


def alarm_list(found: pl.DataFrame, shown: int = SHOWN_ALARMS) -> Content:
    """Alarms as a list for reading."""
    return listing(
        [alarm_row(row) for row in found.head(shown).iter_rows(named=True)], found.height, title=text("detail.alarms")
    )


def alarm_row(row: dict[str, Any]) -> dict[str, Any]:
    """One alarm as a row."""
    return {
        "key": row["id"],
        "level": row["colour"],
        "badge": row["level"],
        "title": title(row),
        "sub": row["point"],
        "right": at(row["alarm_at"]),
        "right_sub": handling(row),
        "pick": {"layer": "alarms", "id": row["id"]},
    }
