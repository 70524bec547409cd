"""Tanks: how full each is, in the colour of the worst alarm of its points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from layers._card import feature_card
from layers._live import STILL, children, worst_of
from layers._live import alarms as alarms_of
from layers._once import once
from models.alarm_tables import ALARM_TABLES
from park.feature import Feature
from twin.content import Content
from twin.screen import Layer, Look, Mark, Reader


@once
def _belongs(points: pl.DataFrame, features: Mapping[str, Sequence[Feature]]) -> pl.DataFrame:
    """The points of tanks, and whose each is."""
    tanks = [each.id for each in features.get("tanks", ())]
    return points.select(point="id", tank="parent").filter(pl.col("tank").is_in(tanks))


def features(state: pl.DataFrame, look: Look, alarms: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Share to which each tank is full where its level is known, its worst open alarm, or that its level is silent."""
    tanks = {each.id: each for each in look.park.features.get("tanks", ())}
    belongs = _belongs(look.park.points, look.park.features)
    worst = worst_of(alarms.join(belongs, on="point"), "tank")
    levels = state.select("id", "status", "unit", "value", pl.col("own") & (pl.col("kind") == "level")).filter("own")
    found = levels.join(belongs, left_on="id", right_on="point")
    said = (found[name].to_list() for name in ("status", "unit", "value"))
    told = dict(zip(found["tank"].to_list(), zip(*said, strict=True), strict=True))
    for id, tank in tanks.items():
        shown = {**_level(told.get(id), tank), **worst.get(id, {})}
        if shown:
            yield {"id": id, **shown}


def _level(said: tuple[str, str | None, float | None] | None, tank: Feature) -> dict[str, Any]:
    """What a tank's level point says (status, unit, value), to a hundredth of the tank's height."""
    if said is None:
        return {}
    status, unit, value = said
    if status in STILL:
        return {"state": STILL[status]}
    whole = 100.0 if unit == "%" else tank.props.get("height_m")
    if value is None or not whole:
        return {}
    return {"fill": round(min(1.0, max(0.0, value / whole)), 2)}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What is in it, its open alarms, and level, temperature and pressure now."""
    return feature_card(
        look,
        id,
        "chemical",
        "kind",
        "volume_m3",
        "diameter_m",
        "height_m",
        "working_pressure_mpa",
        "design_pressure_mpa",
        "working_temp_c",
        "hazard",
        extra=[alarms_of(reader, id, look), children(reader, id, look)],
    )


LAYER = Layer(
    "tanks",
    "safety",
    Mark(
        "point",
        symbol="tank",
        colour_by="state",
        tone="unit",
        size_px=4.0,
        height_by="height_m",
        width_by="diameter_m",
        volume_by="volume_m3",
        fill_by="fill",
        label="name",
        label_zoom=17.5,
        min_zoom=14.0,
    ),
    geo="tanks",
    order=60,
    query="state/now",
    also={"alarms": "alarms/recent"},
    features=features,
    reads=ALARM_TABLES | {"reading", "clock"},
    detail=detail,
)
