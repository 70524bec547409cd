"""Which level an alarm has: the five-level table (rules section 3, R-AL-17), open to a park's settings.

A row's key is ``<class>.<kind>``: class ``gas``, ``hazard`` (major hazard or key process) or ``process``
of the point, kind ``HH H L LL`` (R-LV-6) or ``leak``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from twin.errors import ParkError
from twin.level import COLOUR_OF_LEVEL, AlarmLevel

GAS_KINDS = frozenset({"combustible_gas", "toxic_gas"})
CLASSES = ("gas", "hazard", "process")
KINDS = ("HH", "H", "L", "LL", "leak")
_HIGH = {
    "hazard.HH": "S",
    "hazard.H": "A",
    "process.HH": "A",
    "process.H": "B",
    "gas.HH": "A",
    "gas.H": "B",
}
_OTHER = {"LL": "B", "L": "C", "leak": "B"}
DEFAULT_LEVELS: Mapping[str, str] = _HIGH | {f"{each}.{kind}": _OTHER[kind] for each in CLASSES for kind in _OTHER}


def point_class(kind: str | None, hazard: str | None) -> str:
    """Class of a point from what it measures and the major hazard its equipment belongs to (None: none)."""
    if kind in GAS_KINDS:
        return "gas"
    return "hazard" if hazard else "process"


def level_rows(changed: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Rows ``(class, kind, level, colour)`` of the defaults with a park's own changes.

    Raises:
        ParkError: a change names no row of the table, or no level.
    """
    for key, level in changed.items():
        if key not in DEFAULT_LEVELS or level not in AlarmLevel.__members__:
            raise ParkError(f"park.toml: [levels] knows no {key} = {level!r}", f"levels.{key}")
    for key, level in {**DEFAULT_LEVELS, **changed}.items():
        owner, kind = key.split(".")
        yield owner, kind, level, COLOUR_OF_LEVEL[AlarmLevel(level)].value
