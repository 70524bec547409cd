"""Gas-cloud cameras, in the colour of the leak they see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import feature_card
from layers._live import alarms, worst_of
from models.alarm_tables import ALARM_TABLES
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


def features(found: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    """Cameras that see a leak now, in the colour of the worst."""
    cameras = {each.id for each in look.park.features.get("gas_cameras", ())}
    yield from (row for id, row in worst_of(found, "point").items() if id in cameras)


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Which gases it sees, how far, and the leaks it sees now."""
    return feature_card(
        look,
        id,
        "target_gases",
        "coverage_m",
        "direction_deg",
        "fov_deg",
        "target_unit",
        "mounting",
        extra=[alarms(reader, id, look)],
    )


LAYER = Layer(
    "gas_cameras",
    "monitoring",
    Mark("point", symbol="cloud", colour_by="state", tone="plan", size_px=7.0, label="name", label_zoom=16.5),
    geo="gas_cameras",
    order=72,
    query="alarms/recent",
    reads=ALARM_TABLES,
    features=features,
    detail=detail,
)
