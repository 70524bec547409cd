"""Hazmat vehicles where they were last located."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import POINT_ZOOM, card, crumbs, gone, owner_text
from layers._origin import VEHICLES, field_of
from models.wording import medium_name
from twin import formula
from twin.content import Content, at, facts, text
from twin.formula import Where
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced

PLACED: Where = ("says", "=", "place")
PASSED: Where = ("table", "=", "vehicle_pass_record")
LATE_S = 900.0  # three times the period in which places are told
VEHICLE_TABLES = frozenset({"hazmat_vehicle", "hazmat_vehicle_position", "hazmat_vehicle_application", "minute"}) | {
    "hazmat_vehicle_application_item",
    "parking_vehicle_record",
    "vehicle_pass_record",
}


def features(inside: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    """Vehicles inside whose place has been told; one that has not told it for a while is grey."""
    placed = inside.filter(pl.col("lon").is_not_null())
    for row in placed.iter_rows(named=True):
        late = (look.at.replace(second=0, microsecond=0) - row["located_at"]).total_seconds() > LATE_S
        said = {name: row[name] for name in ("id", "lon", "lat", "load")}
        named = {"name_zh": row["plate_no"], "name_en": row["plate_no"], "updated_at": row["located_at"]}
        yield {**said, **named, "state": "stale" if late else "normal"}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Plate, load, cargo, destination, and where it was last seen."""
    inside = reader.read("overview/vehicles", at=look.at, enterprise=None, only=None, zone=look.zone)
    found: dict[str, Any] | None = next((row for row in inside.iter_rows(named=True) if row["id"] == id), None)
    if found is None:
        return gone(id)
    said = [
        (text("column.vehicle_type"), text(f"vehicle_type.{found['vehicle_type']}"), None),
        (text("column.load"), text(f"load.{found['load']}"), None),
        (text("column.cargo"), medium_name(found["cargo"]) or "–", None),
        (text("column.destination"), owner_text(look, found["owner"]) if found["owner"] else "–", None),
        (text("column.place"), found["place"] or "–", _time(found, "located_at", PLACED)),
        (text("prop.last_pass"), _time(found, "passed_at", PASSED, "–"), found["gate"]),
    ]
    place = (found["lon"], found["lat"], POINT_ZOOM) if found["lon"] else None
    return card(found["plate_no"], crumbs(look, last=found["plate_no"]), [facts(said)], place=place)


def _time(found: dict[str, Any], column: str, decides: Where, missing: str | None = None) -> Any:
    """A time of the vehicle, from the record that decides."""
    decided = formula.one("vehicles", "ts", found["id"], "vehicle", decides)
    return traced(at(found[column]) or missing, decided, field_of(column), at="at", inputs={"vehicles": VEHICLES})


LAYER = Layer(
    "vehicles",
    "closure",
    Mark(
        "point",
        symbol="truck",
        colour_by="state",
        tone="line",
        size_px=6.0,
        min_zoom=13.0,
        label="name",
        label_zoom=16.0,
    ),
    order=75,
    query="overview/vehicles",
    reads=VEHICLE_TABLES,
    features=features,
    detail=detail,
)
