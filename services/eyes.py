"""The park as somebody's eyes see it: an enterprise's people see what is common and what is their own.

Common is what belongs to nobody on the map (the park's edge, roads, gates, water, zones, targets), the weather, and of
every enterprise the outline of its plot with its name; docs/people.md says it for people. What the queries tell a
scope (``cache/sql``) is its own alone, so no device of another's, and none of the park's, may stand there as if all
were well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import polars as pl

from park.feature import Feature
from park.load import Park
from twin.person import MASKED, PARK

ALL = frozenset({PARK, MASKED})  # scopes that see the features of all
PLOTS = "enterprises"
# what is somebody's even where the map does not say whose
OWNED = frozenset({"sensors", "cameras", "gas_cameras", "gas_devices", "hazards", "tanks", "units", "resources"})
_OF_A_PLOT = ("id", "name_zh", "name_en", "label")
COMMON_KINDS = frozenset({"wind_direction", "wind_speed"})  # the weather is everybody's, whoever measures it


class Eyes:
    """One park; what each scope sees of it is made when it is first asked for."""

    def __init__(self, park: Park) -> None:
        self._park = park
        self.of = lru_cache(maxsize=256)(self._of)

    def sees_point(self, point: str, scope: str) -> bool:
        """Whether a scope sees a measuring point."""
        return scope in ALL or not self.of(scope).points.filter(pl.col("id") == point).is_empty()

    def _of(self, scope: str) -> Park:
        if scope in ALL:
            return self._park
        features = {name: _seen(each, name, scope) for name, each in self._park.features.items()}
        by_id = {each.id: each for file in features.values() for each in file}
        mine = pl.col("owner").eq_missing(scope) | pl.col("kind").is_in(list(COMMON_KINDS))
        return replace(self._park, features=features, points=self._park.points.filter(mine), _by_id=by_id)


def _seen(features: Sequence[Feature], file: str, scope: str) -> list[Feature]:
    if file == PLOTS:
        return [each if each.id == scope else _outline(each) for each in features]
    common = file not in OWNED
    return [each for each in features if each.owner == scope or (common and each.owner is None)]


def _outline(plot: Feature) -> Feature:
    """A neighbour's plot: where it is and what it is called."""
    return replace(plot, props={name: plot.props[name] for name in _OF_A_PLOT if name in plot.props})
