"""What is near a place, told with how far it is."""

from __future__ import annotations

from functools import partial

import polars as pl

from layers._origin import ALARMS, WORKS, feature_rows
from models.geometry import distance_m
from twin import formula
from twin.content import Text, text
from twin.formula import Formula, Where
from twin.lineage import Inputs, setting
from twin.screen import Look
from twin.traced import traced

NEAR_M = 120.0
CAMERAS = ("cameras", "gas_cameras")
WITHIN: Where = ("distance_m", "<=", NEAR_M)
_FAR = ("distance_m", "number", "m")


def is_near(place: tuple[float | None, float | None], lon: float | None, lat: float | None) -> bool:
    """Whether two places are near each other; never where one of them is not known."""
    here_lon, here_lat = place
    if here_lon is None or here_lat is None or lon is None or lat is None:
        return False
    return distance_m(here_lon, here_lat, lon, lat) <= NEAR_M


def limit() -> str:
    """How far is near, as it is said."""
    of = {"near": Inputs(columns=(("value", "number", None),), made=_limit)}
    return traced(f"{NEAR_M:.0f}", formula.one("near", "value", "near_m"), text("explain.setting"), "m", inputs=of)


def _limit(look: Look) -> list[dict[str, object]]:
    return [setting("near_m", NEAR_M, "m", "parktwin")]


def count(of: str, *where: Where) -> tuple[Formula, Text]:
    """How many of a set are near, and how that is said."""
    return formula.count(of, WITHIN, *where), text(f"explain.near.{of}", distance=f"{NEAR_M:.0f}")


def features(name: str, lon: float, lat: float, *files: str, kinds: tuple[str, ...] = ()) -> dict[str, Inputs]:
    """Things of the map by how far they are from a place; those of some ``kinds`` only."""
    made = partial(_features, files=files, kinds=kinds, lon=lon, lat=lat)
    return {name: Inputs(columns=(_FAR,), pick=("points", "id"), made=made)}


def _features(look: Look, files: tuple[str, ...], kinds: tuple[str, ...], lon: float, lat: float) -> pl.DataFrame:
    found = (each for file in files for each in look.park.features.get(file, ()))
    ours = (each for each in found if not kinds or each.props.get("kind") in kinds)
    far = ((each, {"distance_m": distance_m(lon, lat, each.lon, each.lat)}) for each in ours)
    return feature_rows(far, {"distance_m": pl.Float64})


def works(lon: float, lat: float) -> dict[str, Inputs]:
    """Special works by how far they are from a place."""
    return {"works": _by_distance(WORKS, lon, lat)}


def alarms(lon: float, lat: float) -> dict[str, Inputs]:
    """Alarms by how far they are from a place."""
    return {"linked": _by_distance(ALARMS, lon, lat)}


def _by_distance(inputs: Inputs, lon: float, lat: float) -> Inputs:
    columns = (*inputs.columns, _FAR)
    return Inputs(inputs.query, columns, inputs.pick, rows=partial(_distances, lon=lon, lat=lat))


def _distances(rows: pl.DataFrame, look: Look, lon: float, lat: float) -> pl.DataFrame:
    """Rows with how far each is from a place; nothing where its own is not known."""
    places = rows.select("lon", "lat").iter_rows()
    far = [None if None in each else distance_m(lon, lat, *each) for each in places]
    return rows.with_columns(distance_m=pl.Series(far, dtype=pl.Float64))
