"""Which level an alarm has: the five-level table (rules section 3, R-AL-17), open to a park's settings.

A row's key is ``<class>.<kind>``. Class ``gas``, ``hazard`` (major hazard or key process) or ``process`` of the point,
with the kinds of detection (``twin.alarm.Condition``) and ``leak``; or the class of a table of records with its own
kinds: ``video`` (codes of the exchange dictionary), ``work``, ``fire``, ``closure``, ``document``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from park.load import Park
from twin.alarm import Condition
from twin.errors import ParkError
from twin.level import COLOUR_OF_LEVEL, AlarmLevel

GAS_KINDS = frozenset({"combustible_gas", "toxic_gas"})
CLASSES = ("gas", "hazard", "process")
LEAK = "leak"
OTHER = "other"  # a kind that its source does not name
KINDS = (*Condition, LEAK, OTHER)
_HIGH = {
    "hazard.HH": "S",
    "hazard.H": "A",
    "process.HH": "A",
    "process.H": "B",
    "gas.HH": "A",
    "gas.H": "B",
}
# of any point; how a value moves and doubtful points are notes, silence is a fault of a device
_OTHER = {
    "LL": "B", "L": "C", LEAK: "B", "rate": "B", "frozen": "D", "jump": "D", "offline": "C", "source": "C", OTHER: "C",
}  # fmt: skip
# of records: smoke and open flame are S by the rules, the rest is ours to set out from
_VIDEO = {
    "HZ": "S", "YW": "S", "XL": "A", "CHY": "B", "FYWL": "B", "RYRQ": "B", "RYYJ": "B", "RYJJ": "B", "ZBLG": "C",
    "ZBSG": "C", "DDH": "C", "WDAQM": "C", "WCGZF": "C", OTHER: "C",
}  # fmt: skip
_RECORDS = {f"video.{kind}": level for kind, level in _VIDEO.items()} | {
    "work.work_gas": "A",
    "work.work_video": "B",
    "work.work_person": "B",
    "work.other": "B",
    "fire.fire": "S",
    "closure.closure": "C",
    "document.expiry": "C",
}
DEFAULT_LEVELS: Mapping[str, str] = (
    _HIGH | {f"{each}.{kind}": _OTHER[kind] for each in CLASSES for kind in _OTHER} | _RECORDS
)


def point_class(kind: str | None, hazard: str | None) -> str:
    """Class of a point from what it measures and the major hazard its equipment belongs to (None: none)."""
    if kind in GAS_KINDS:
        return "gas"
    return "hazard" if hazard else "process"


def hazard_of(park: Park, parent: str | None) -> str | None:
    """The major hazard that a point's tank or unit belongs to."""
    owner = park.feature(parent) if parent else None
    hazard = owner.props.get("hazard") if owner else None
    return str(hazard) if hazard else None


def levels(changed: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Levels by ``(class, kind)``: the defaults with a park's own changes.

    Raises:
        ParkError: a change names no row of the table, or no level.
    """
    return {(owner, kind): level for owner, kind, level, _ in level_rows(changed)}


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
