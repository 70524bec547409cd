"""Places of a source that speaks GCJ-02 or BD-09 (option ``crs``), turned into WGS 84 where they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import shapely

from adapters._options import option_error
from adapters._rules import Rule, refuse
from models.coordinates import TO_WGS84, Shift
from twin.dictionary import Field, Table
from twin.reading import Batch
from twin.source import SourceSettings

_WGS84 = "wgs84"
_WKT_DIGITS = 9  # a tenth of a millimetre


def systems_of(sources: Sequence[SourceSettings]) -> dict[str, Shift]:
    """The way to WGS 84 for each source that needs one, by its id and by the holder of its token.

    Raises:
        ParkError: a source names a system that is not known.
    """
    ways: dict[str, Shift] = {}
    for source in sources:
        crs = source.options.get("crs", _WGS84)
        if crs not in (_WGS84, *TO_WGS84):
            raise option_error(source, "crs", f"{crs!r} is not one of {', '.join((_WGS84, *TO_WGS84))}")
        if crs != _WGS84:
            ways |= dict.fromkeys((source.id, str(source.options.get("holder", source.id))), TO_WGS84[crs])
    return ways


def way_of(source: str, ways: Mapping[str, Shift]) -> Shift | None:
    """The way to WGS 84 for what came from ``source`` (``id`` or ``id/table``); None where it is WGS 84."""
    return ways.get(source) or ways.get(source.partition("/")[0])


def in_wgs84(batch: Batch, table: Table, way: Shift) -> Batch:
    """A batch of records whose longitudes, latitudes and geometries are WGS 84; unreadable geometries are refused."""
    shapes = [each for each in table.fields if each.type == "geometry"]
    turned = {each.name: pl.Series(_turned(batch.rows[each.name], way), dtype=pl.String) for each in shapes}
    rules = tuple(_rule(each, batch.rows, turned[each.name]) for each in shapes)
    rows = _places(batch.rows.with_columns(**turned), table, way)
    if not rules:
        return replace(batch, rows=rows)
    named = batch.named or "records"
    kept, rejects = refuse(rows, rules, lambda index, column: f"{named}[{index}].{column}")
    return replace(batch, rows=kept, rejects=(*batch.rejects, *rejects))


def _rule(field: Field, rows: pl.DataFrame, turned: pl.Series) -> Rule:
    lost = rows[field.name].is_not_null() & turned.is_null()
    return Rule("bad_geometry", field.name, pl.lit(lost), "neither WKT nor GeoJSON, so its places cannot be converted")


def _places(rows: pl.DataFrame, table: Table, way: Shift) -> pl.DataFrame:
    if not (table.field("longitude") and table.field("latitude")):
        return rows
    lon, lat = way(rows["longitude"].to_numpy(), rows["latitude"].to_numpy())
    return rows.with_columns(longitude=lon, latitude=lat)


def _turned(texts: pl.Series, way: Shift) -> list[str | None]:
    return [None if text is None else _text(text, way) for text in texts]


def _text(text: str, way: Shift) -> str | None:
    """A geometry in the spelling it came in; None where it is none."""
    as_json = text.lstrip().startswith("{")
    shape = (shapely.from_geojson if as_json else shapely.from_wkt)(text, on_invalid="ignore")
    if shape is None:
        return None
    turned = shapely.transform(shape, lambda places: np.column_stack(way(places[:, 0], places[:, 1])))
    return _written(turned, as_json)


def _written(shape: Any, as_json: bool) -> str:
    return str(shapely.to_geojson(shape) if as_json else shapely.to_wkt(shape, rounding_precision=_WKT_DIGITS))
