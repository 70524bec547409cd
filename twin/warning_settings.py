"""What levels and deadlines of gas warnings are counted with: ``[gas_warning]`` of ``park.toml`` (R-GAS-3, R-GAS-7).

The rules leave most of these open; what stands here counts where a park says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from twin.errors import ParkError


@dataclass(frozen=True)
class WarningSettings:
    """Times, distances and counts; units are in the names."""

    lasting_min: float = 5.0  # above the first limit for so long: yellow
    repeats: int = 3  # so often …
    repeats_min: float = 60.0  # … within so long: yellow
    second_lasting_min: float = 10.0  # above the second limit for so long: red
    calm_min: float = 10.0  # below for so long: the level falls
    near_m: float = 100.0  # neighbouring, where what the two devices cover does not reach as far
    coverage_m: float = 30.0  # what a device covers where nobody says
    downwind_m: float = 1000.0  # so far people are looked for …
    downwind_deg: float = 60.0  # … in so wide a sector
    orange_h: float = 24.0  # R-GAS-7
    red_h: float = 12.0
    feedback_min: float = 10.0  # in time (KPI-7)
    row: int = 3  # caution notices in a row until the inspection (R-GAS-8)
    watch_times: int = 3  # so often orange, red or late …
    watch_days: float = 30.0  # … within so long: a point of close watch (R-GAS-9)

    def __post_init__(self) -> None:
        for each in fields(self):
            said = getattr(self, each.name)
            number = isinstance(said, (int, float)) and not isinstance(said, bool)
            if not number or said <= 0:
                why = f"park.toml: gas_warning.{each.name} = {said!r} is no number above 0"
                raise ParkError(why, f"gas_warning.{each.name}")

    @property
    def lasting(self) -> timedelta:
        """Above the first limit for so long: yellow."""
        return timedelta(minutes=self.lasting_min)

    @property
    def second_lasting(self) -> timedelta:
        """Above the second limit for so long: red."""
        return timedelta(minutes=self.second_lasting_min)

    @property
    def repeats_within(self) -> timedelta:
        """Repeats are counted within it."""
        return timedelta(minutes=self.repeats_min)

    @property
    def calm(self) -> timedelta:
        """Below for so long: the level falls."""
        return timedelta(minutes=self.calm_min)

    @property
    def feedback(self) -> timedelta:
        """Feedback is in time until then."""
        return timedelta(minutes=self.feedback_min)

    @property
    def allowed(self) -> dict[str, timedelta]:
        """How long a level may stand until it counts as not handled."""
        return {"orange": timedelta(hours=self.orange_h), "red": timedelta(hours=self.red_h)}
