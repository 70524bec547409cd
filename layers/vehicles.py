"""Hazmat vehicles where they were last located."""

from __future__ import annotations

from typing import Any

from layers._card import POINT_ZOOM, card, crumbs, gone, owner_text
from twin.content import Content, at, facts, text
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Plate, load, cargo, destination, and where it was last seen."""
    inside = reader.read("overview/vehicles", at=look.at, enterprise=None, only=None, zone=look.zone)
    found: dict[str, Any] | None = next((row for row in inside.iter_rows(named=True) if row["id"] == id), None)
    if found is None:
        return gone(id)
    said = [
        (text("column.vehicle_type"), text(f"vehicle_type.{found['vehicle_type']}"), None),
        (text("column.load"), text(f"load.{found['load']}"), None),
        (text("column.cargo"), found["cargo"] or "–", None),
        (text("column.destination"), owner_text(look, found["owner"]) if found["owner"] else "–", None),
        (text("column.place"), found["place"] or "–", at(found["located_at"])),
        (text("prop.last_pass"), at(found["passed_at"]) or "–", found["gate"]),
    ]
    place = (found["lon"], found["lat"], POINT_ZOOM) if found["lon"] else None
    return card(found["plate_no"], crumbs(look, last=found["plate_no"]), [facts(said)], place=place)


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
    query="layers/vehicles",
    reads=frozenset({"hazmat_vehicle_position", "hazmat_vehicle", "clock"}),
    detail=detail,
)
