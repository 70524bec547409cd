"""What gas devices cover, and what nobody covers, as areas of the map (GS-1, GS-11)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from layers._gas import COVER, DEVICE_TABLES, DEVICES, HAZARDS, READS, covering, gaps_of
from layers._gas_device import detail
from layers.hazards import detail as hazard_detail
from models.geometry import rings
from twin.screen import Layer, Look, Mark

_DRAWN = ("id", "lon", "lat", "radius_m", "direction_deg", "fov_deg")


def reach_layer(key: str, kinds: tuple[str, ...], *, width_px: float, min_zoom: float = 0.0) -> Layer:
    """The layer of what the devices of some kinds cover; the browser draws the circles from radius and direction."""
    return Layer(
        key,
        "monitoring",
        Mark("area", symbol="outline", tone="plan", width_px=width_px, min_zoom=min_zoom),
        order=36,
        query=DEVICES,
        features=partial(_reaches, kinds),
        reads=DEVICE_TABLES,
        detail=detail,
    )


def _reaches(kinds: tuple[str, ...], devices: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    ours = covering(devices).filter(pl.col("device_type").is_in(kinds))
    return ours.select(*_DRAWN, state=pl.lit("normal")).iter_rows(named=True)


def gap_layer(key: str, part: str, dash: str) -> Layer:
    """The layer of the risk sources' areas that no device covers (``blind``), or only silent ones (``silent``)."""
    return Layer(
        key,
        "monitoring",
        Mark("area", symbol="hatch", tone="plan", width_px=1.0, dash=dash),
        order=35,
        query=HAZARDS,
        also=COVER,
        features=partial(_gaps, part),
        reads=READS | {"hazard_source"},
        detail=hazard_detail,
    )


def _gaps(part: str, hazards: pl.DataFrame, look: Look, **cover: pl.DataFrame) -> Iterator[dict[str, Any]]:
    found = gaps_of(hazards, *(cover[name] for name in COVER), look.park)
    for row in hazards.select("id", "name_zh", "name_en", "owner").iter_rows(named=True):
        shape = getattr(found[row["id"]], part) if row["id"] in found else None
        if shape:
            lon, lat = rings(shape)[0][0]
            yield {**row, "lon": lon, "lat": lat, "geometry": shape, "state": "normal"}
