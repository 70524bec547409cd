"""Places and kinds that raise no alarm of their own (R-AL-16): masks hide, merges join repeats to the alarm before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import shapely
from shapely.geometry import shape

from models.alarm_state import Alarm
from park.load import Park
from twin.errors import ParkError
from twin.moment import Moment
from twin.settings import Mask, Merge


class Masks:
    """The masks of a park. An alarm is hidden where one of them names its kind and its point or its place."""

    def __init__(self, park: Park) -> None:
        self._masks = [(each, _area(park, each)) for each in park.settings.masks]

    def hide(self, facts: Mapping[str, Any]) -> bool:
        """Whether an alarm of these facts (``models.alarm_ground``) is hidden."""
        return any(self._hides(mask, area, facts) for mask, area in self._masks)

    @staticmethod
    def _hides(mask: Mask, area: Any, facts: Mapping[str, Any]) -> bool:
        if mask.kinds and facts["kind"] not in mask.kinds:
            return False
        if facts["point"] in mask.points:
            return True
        placed = facts["lon"] is not None and facts["lat"] is not None
        return bool(area is not None and placed and shapely.contains_xy(area, facts["lon"], facts["lat"]))


def _area(park: Park, mask: Mask) -> Any:
    if not mask.zone:
        return None
    zone = park.feature(mask.zone)
    if zone is None or not str(zone.geometry.get("type", "")).endswith("Polygon"):
        raise ParkError(f"park.toml: masks.zone '{mask.zone}' is no area of this park", "masks.zone")
    area = shape(zone.geometry)
    shapely.prepare(area)
    return area


class Merges:
    """Which repeats belong to the alarm before."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._within = {kind: timedelta(seconds=each.within_s) for each in merges for kind in each.kinds}

    def within(self, alarm: Alarm, at: Moment) -> bool:
        """Whether something that is said again at a moment still belongs to an alarm that is not closed."""
        within = self._within.get(alarm.kind)
        if within is None:
            return False
        return alarm.lasts(at) or at - (alarm.cleared_at or alarm.last_at or alarm.raised) <= within
