"""The park in SQL: relations ``point``, ``feature``, ``alarm_level``, filled when its folder changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import polars as pl

from cache.database import Database
from cache.migrate import fingerprint_changed
from cache.numbers import PointNumbers
from models.alarm_level import hazard_of, level_rows, point_class
from park.load import Park

_FEATURE = pl.Schema(
    {name: pl.String() for name in ("layer", "id", "name_zh", "name_en", "owner")}
    | {"lon": pl.Float64(), "lat": pl.Float64(), "props": pl.String()}
)


def fill(database: Database, park: Park, numbers: PointNumbers) -> None:
    """Bring the park's relations to what its folder says (inside the caller's transaction)."""
    tables = {
        "point": _points(park, numbers),
        "feature": pl.DataFrame(list(_features(park)), _FEATURE, orient="row"),
        "alarm_level": pl.DataFrame(
            list(level_rows(park.settings.levels)), ["alarm_class", "kind", "level", "colour"], orient="row"
        ),
    }
    said = "\n".join(frame.write_csv() for frame in tables.values())
    if not fingerprint_changed(database, "park", said):
        return
    for name, frame in tables.items():
        database.execute(f"DELETE FROM {name}")
        database.execute(f"INSERT INTO {name} BY NAME SELECT * FROM rows", tables={"rows": frame})


def _points(park: Park, numbers: PointNumbers) -> pl.DataFrame:
    hazards = [hazard_of(park, parent) for parent in park.points["parent"]]
    classes = [point_class(kind, hazard) for kind, hazard in zip(park.points["kind"], hazards, strict=True)]
    return park.points.with_columns(
        number=numbers.of_ix(park.points["ix"].to_numpy()),
        hazard=pl.Series(hazards, dtype=pl.String),
        alarm_class=pl.Series(classes, dtype=pl.String),
    )


def _features(park: Park) -> Iterator[tuple[Any, ...]]:
    for layer, features in park.features.items():
        for each in features:
            props = orjson.dumps(each.props).decode()
            yield layer, each.id, each.name_zh, each.name_en, each.owner, each.lon, each.lat, props
