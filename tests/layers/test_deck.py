"""The 3-D map's side of a declaration: what draws a layer, how far things stand up, how full they are."""

from __future__ import annotations

import math

import polars as pl
import pytest

from layers import gas_columns, tanks
from layers._deck import deck_layers, deck_parts, extent
from park.load import Park
from services.geometry import features_of, static_columns
from tests.dashboards.conftest import Scene, bare, scene, the_house
from tests.dashboards.story import LEAK
from twin.screen import Layer, Look, Mark

__all__ = ["bare", "scene"]
LAYERS = the_house().layers
NOBODY = pl.DataFrame(schema={"point": pl.String, "open": pl.Boolean, "colour": pl.String, "level": pl.String})


def roles(layer: Layer) -> list[str]:
    """What the parts of a layer show."""
    return [each["role"] for each in deck_parts(layer)]


@pytest.mark.parametrize("key", sorted(set(LAYERS) - {"alarms"}))
def test_every_layer_is_drawn_by_its_declaration_alone(key: str) -> None:
    parts = deck_layers(LAYERS.values())[key]
    assert parts
    assert all(set(each) <= {"@@type", "role", "dash", "radiusUnits", "stroked"} for each in parts)


def test_parts_follow_from_what_the_data_mean() -> None:
    def layer(mark: Mark) -> Layer:
        return Layer("some", "base", mark)

    assert roles(layer(Mark("area"))) == ["ground", "edge"]
    assert roles(layer(Mark("area", fill=False))) == ["edge"]
    assert roles(layer(Mark("area", height_by="height_m"))) == ["walls", "roof", "eaves"]
    assert roles(layer(Mark("line"))) == ["line"]
    assert roles(layer(Mark("line", height_m=6.0))) == ["built"]
    assert roles(layer(Mark("point"))) == ["mark"]
    assert roles(layer(Mark("point", height_by="height_m", width_by="diameter_m"))) == ["round", "mark"]
    assert roles(layer(Mark("point", column_by="share"))) == ["heat", "column"]


def test_tanks_and_units_stand_as_high_as_they_are(demo_park: Park) -> None:
    told = static_columns(LAYERS["tanks"], demo_park)
    at = told["id"].index("E01-T01")  # lies, 40 m³, 2.5 m wide
    assert (told["height_m"][at], told["width_m"][at]) == (2.5, 2.5)
    assert told["length_m"][at] == pytest.approx(40 / (math.pi * 1.25**2), abs=0.01)
    standing = told["kind"].index("vertical")
    assert told["length_m"][standing] == told["width_m"][standing]
    units = static_columns(LAYERS["units"], demo_park)
    assert units["height_m"][units["kind"].index("warehouse")] == 9.0
    assert all(units["height_m"])
    assert extent(LAYERS["roads"].mark, features_of(LAYERS["roads"], demo_park)) == {}


def level(value: float | None, unit: str = "m", status: str = "normal", own: bool = True) -> pl.DataFrame:
    """The newest value of a tank's level point."""
    row = {"id": "LW1-T1-LEVEL", "kind": "level", "value": value, "unit": unit, "status": status, "own": own}
    return pl.DataFrame([row], schema_overrides={"value": pl.Float64})


@pytest.mark.parametrize(
    ("newest", "said"),
    [
        (level(4.0), {"id": "LW1-T1", "fill": 0.4}),
        (level(40.0, "%"), {"id": "LW1-T1", "fill": 0.4}),
        (level(12.0), {"id": "LW1-T1", "fill": 1.0}),
        (level(-1.0), {"id": "LW1-T1", "fill": 0.0}),
        (level(4.0, status="offline"), {"id": "LW1-T1", "state": "offline"}),
        (level(4.0, status="bad"), {"id": "LW1-T1", "state": "stale"}),
        (level(None), None),
        (level(4.0, own=False), None),
    ],
)
def test_a_tank_is_as_full_as_its_level_says(
    newest: pl.DataFrame, said: object, small_park: Park, scene: Scene
) -> None:
    look = Look(scene.told, {}, small_park)
    assert next(tanks.features(newest, look, NOBODY), None) == said


def test_a_tank_has_the_colour_of_the_worst_alarm_of_its_points(small_park: Park, scene: Scene) -> None:
    alarm = {"point": "LW1-T1-TEMP", "open": True, "colour": "orange", "level": "B"}
    told = list(tanks.features(level(4.0), Look(scene.told, {}, small_park), pl.DataFrame([alarm])))
    assert told == [{"id": "LW1-T1", "fill": 0.4, "state": "orange", "badge": "B"}]


def test_detectors_show_what_is_more_than_noise_as_share_of_their_limit(scene: Scene) -> None:
    rows = scene.frame().layers["gas_columns"]
    assert rows[LEAK] == {"share": 1.35, "state": "orange"}
    assert all(row["share"] >= gas_columns.SHOWN_FROM for row in rows.values())
