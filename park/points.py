"""The park's measuring points as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from park.fault import is_number
from park.feature import Feature
from twin.errors import ParkError

LIMITS = ("range_lo", "range_hi", "alarm_lo_lo", "alarm_lo", "alarm_hi", "alarm_hi_hi")
WORDS = ("kind", "medium", "unit", "owner", "parent")
SCHEMA = pl.Schema(
    {"ix": pl.Int32(), "id": pl.String(), "name_zh": pl.String(), "name_en": pl.String()}
    | {name: pl.String() for name in WORDS}
    | {"lon": pl.Float64(), "lat": pl.Float64()}
    | {name: pl.Float64() for name in LIMITS}
)


def points_table(sensors: Sequence[Feature]) -> pl.DataFrame:
    """One row per measuring point in order of the file; ``ix`` is its index in every array.

    Raises:
        ParkError: a limit is not a number, or a word is not text.
    """
    columns: dict[str, list[Any]] = {
        "ix": list(range(len(sensors))),
        "id": [each.id for each in sensors],
        "name_zh": [each.name_zh for each in sensors],
        "name_en": [each.name_en for each in sensors],
    }
    columns |= {name: [_word(each, name) for each in sensors] for name in WORDS}
    columns |= {"lon": [each.lon for each in sensors], "lat": [each.lat for each in sensors]}
    columns |= {name: [_number(each, name) for each in sensors] for name in LIMITS}
    return pl.DataFrame(columns, schema=SCHEMA)


def _word(sensor: Feature, name: str) -> str | None:
    said = sensor.props.get(name)
    if said is not None and not isinstance(said, str):
        raise ParkError(f"sensors.geojson {sensor.id}: {name} is {said!r}, not text", f"{sensor.id}.{name}")
    return said


def _number(sensor: Feature, name: str) -> float | None:
    said = sensor.props.get(name)
    if said is None:
        return None
    if not is_number(said):
        raise ParkError(f"sensors.geojson {sensor.id}: {name} is {said!r}, not a number", f"{sensor.id}.{name}")
    return float(said)
