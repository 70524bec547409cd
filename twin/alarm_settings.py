"""What a park looks for in its points: ``[alarms]`` of ``park.toml``, and what counts where it says nothing.

Entries stand over one another: what this file says of kinds, then ``[alarms]`` for all points, then each
``[[alarms.rules]]`` for the points that it names, the later over the earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from twin.errors import ParkError

SELECTORS = ("kinds", "media", "points")
DEADBANDS = ("deadband", "deadband_of_range_percent", "deadband_of_limit_percent")


@dataclass(frozen=True)
class AlarmRule:
    """One entry: which points (of these kinds, media or ids; all where none is named), and what is looked for there.
    None: nothing is said here. 0 for rate, jump, frozen and offline: not looked for."""

    kinds: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    on_s: float | None = None  # beyond its limit for so long: raised
    off_s: float | None = None  # back for so long: cleared
    deadband: float | None = None  # back is so far from the limit, in the point's unit …
    deadband_of_range_percent: float | None = None  # … or of its measuring range …
    deadband_of_limit_percent: float | None = None  # … or of the limit
    rate_per_min: float | None = None  # faster than this, in the point's unit
    jump: float | None = None  # from one reading to the next, in the point's unit
    frozen_s: float | None = None  # the same value told for so long
    offline_s: float | None = None  # nothing heard for so long; where nothing is said, as in [reading]


# Gas goes out at once (R-GAS-1); where a process swings by nature, a moment beyond is no alarm. Ours, to be changed.
DEFAULTS: tuple[AlarmRule, ...] = (
    AlarmRule(on_s=2.0, off_s=5.0, deadband_of_limit_percent=2.0),
    AlarmRule(kinds=("toxic_gas", "combustible_gas", "oxygen", "smoke"), on_s=0.0, off_s=5.0),
    AlarmRule(kinds=("pressure", "voltage", "current"), on_s=1.0),
    AlarmRule(kinds=("temperature", "level", "flow", "vibration"), on_s=3.0),
    AlarmRule(kinds=("wind_speed", "ph", "water_quality", "power"), on_s=5.0),
)


@dataclass(frozen=True)
class AlarmSettings:
    """Entries in the order in which they stand over one another."""

    rules: tuple[AlarmRule, ...] = DEFAULTS


def read_alarms(raw: Any) -> AlarmSettings:
    """What ``[alarms]`` says, over what counts without it.

    Raises:
        ParkError: something in it is not known.
    """
    if not isinstance(raw, Mapping):
        raise ParkError("park.toml: alarms must be a table", "alarms")
    own = raw.get("rules", [])
    if not isinstance(own, list) or not all(isinstance(each, Mapping) for each in own):
        raise ParkError("park.toml: alarms.rules must be a list of tables ([[alarms.rules]])", "alarms.rules")
    everywhere = _rule({name: each for name, each in raw.items() if name != "rules"}, "alarms")
    return AlarmSettings((*DEFAULTS, everywhere, *(_rule(each, f"alarms.rules[{n}]") for n, each in enumerate(own))))


def _rule(raw: Mapping[str, Any], where: str) -> AlarmRule:
    unknown = sorted(set(raw) - {each.name for each in fields(AlarmRule)})
    if unknown:
        raise ParkError(f"park.toml: [{where}] knows no '{unknown[0]}'", f"{where}.{unknown[0]}")
    said: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in raw.items()}
    return AlarmRule(**said)
