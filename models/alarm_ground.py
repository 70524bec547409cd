"""What the park knows of the thing that an alarm is about: where it is, whose, what it is called, how grave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.alarm_level import LEAK, OTHER, hazard_of, levels, point_class
from park.load import Park
from twin.level import AlarmLevel

_LIMIT_OF = {"HH": "alarm_hi_hi", "H": "alarm_hi", "L": "alarm_lo", "LL": "alarm_lo_lo"}


@dataclass(frozen=True)
class Subject:
    """What an alarm is about, as its source names it; each may be missing."""

    alarm_class: str | None  # None: the class of the point
    kind: str
    device: str | None = None
    enterprise: str | None = None
    place: str | None = None
    lon: float | None = None
    lat: float | None = None
    medium: str | None = None
    value: float | None = None
    threshold: float | None = None
    named: str | None = None  # what it is called, where that is told and no thing of the map has a name for it

    @property
    def plain(self) -> bool:
        """Whether it is a point and nothing else, and of a kind that its value does not change."""
        more = (self.alarm_class, self.enterprise, self.place, self.lon, self.lat, self.medium)
        return self.kind != LEAK and not any(each is not None for each in more)


class Ground:
    """The points and features of a park by id, and its table of levels."""

    def __init__(self, park: Park) -> None:
        self._park = park
        self._levels = levels(park.settings.levels)
        self._points: dict[str, dict[str, Any]] = {row["id"]: row for row in park.points.iter_rows(named=True)}

        self._known: dict[tuple[str | None, str], dict[str, Any]] = {}

    def point(self, id: str | None) -> Mapping[str, Any] | None:
        """A measuring point, None where the park has none of that id."""
        return self._points.get(id) if id else None

    def alarm_class(self, id: str | None) -> str:
        """Class of a point; that of ordinary process where there is no such point."""
        point = self.point(id)
        return point_class(point["kind"], hazard_of(self._park, point["parent"])) if point else "process"

    def level(self, alarm_class: str, kind: str) -> str:
        """Level of a kind of alarm; the one of unnamed kinds where the table does not know it."""
        known = self._levels
        return known.get((alarm_class, kind)) or known.get((alarm_class, OTHER)) or AlarmLevel.C

    def facts(self, about: Subject) -> dict[str, Any]:
        """What the ledger keeps of it: ``level is_gas point owner lon lat name_zh name_en medium unit value
        threshold kind``."""
        if not about.plain:
            return self._facts(about)
        # of nothing but a point: the same each time but for its value; a flood asks for many
        key = (about.device, about.kind)
        if key not in self._known:
            self._known[key] = self._facts(Subject(None, about.kind, about.device))
        fixed = self._known[key]
        limit = fixed["threshold"] if about.threshold is None else about.threshold
        return {**fixed, "value": about.value, "threshold": limit}

    def _facts(self, about: Subject) -> dict[str, Any]:
        point: Mapping[str, Any] = self.point(about.device) or {}
        alarm_class = about.alarm_class or self.alarm_class(about.device)
        graded = _graded(about, point)
        found = [self._park.feature(each) if each else None for each in (about.device, about.place, about.enterprise)]
        owners = [each.owner for each in found[:2] if each]
        lon, lat = _place(about, point, found)
        return {
            "kind": about.kind,
            "level": self.level(alarm_class, graded),
            "is_gas": alarm_class == "gas",
            "point": about.device,
            "owner": next((each for each in (about.enterprise, point.get("owner"), *owners) if each), None),
            "lon": lon,
            "lat": lat,
            "name_zh": about.named or _first("name_zh", point, found),
            "name_en": about.named or _first("name_en", point, found),
            "medium": about.medium or point.get("medium"),
            "unit": point.get("unit"),
            "value": about.value,
            "threshold": about.threshold if about.threshold is not None else point.get(_LIMIT_OF.get(graded, "")),
        }


def _graded(about: Subject, point: Mapping[str, Any]) -> str:
    """A leak is as grave as the limit that its value has passed."""
    if about.kind != LEAK or about.value is None:
        return about.kind
    for kind in ("HH", "H"):
        limit = point.get(_LIMIT_OF[kind])
        if limit is not None and about.value > limit:
            return kind
    return LEAK


def _place(about: Subject, point: Mapping[str, Any], found: list[Any]) -> tuple[float | None, float | None]:
    """Where it is: as its source says, else where the point, its place or its enterprise is."""
    places = [(about.lon, about.lat), (point.get("lon"), point.get("lat")), *((e.lon, e.lat) for e in found if e)]
    return next(((lon, lat) for lon, lat in places if lon is not None and lat is not None), (None, None))


def _first(name: str, point: Mapping[str, Any], found: list[Any]) -> str | None:
    said = [point.get(name), *(getattr(each, name) for each in found if each)]
    return next((each for each in said if each), None)
