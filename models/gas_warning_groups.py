"""Which excesses make one warning: those of one substance at neighbouring points, within an hour of each other.

Kept in memory and told what becomes known; told again, in one go or piece by piece, it comes to the same warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import hypot

import numpy as np
from numpy.typing import NDArray

from models.chemical import chemical_of
from models.gas_warning import Excess, Span, Stretch, level_at, next_change, stretches
from models.gas_warning_place import Site
from models.gas_warning_state import Source
from twin.moment import Moment
from twin.warning_settings import WarningSettings

_FIRST_ROOM = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """An excess, and where it was seen; ``gone``: taken back by its source; ``toxic``: its device is made for that."""

    excess: Excess
    lon: float | None
    lat: float | None
    name_zh: str | None
    name_en: str | None
    medium: str | None
    owner: str | None
    toxic: bool = False
    gone: bool = False
    warning: str | None = None  # that it belongs to already
    known: Moment | None = None  # since when this is known of it


@dataclass
class Group:
    """One warning that is not closed. ``told``: what of it has been kept last; ``again_at``: when to look next."""

    id: str
    substance: str
    source: Source
    members: dict[str, Excess] = field(default_factory=dict)
    earlier: dict[str, Excess] = field(default_factory=dict)  # at its points, not its own: they count as repeats
    exposed: list[Span] = field(default_factory=list)
    unkept: dict[str, Excess] = field(default_factory=dict)  # members that have not been kept yet
    told: tuple[object, ...] | None = None
    news: bool = True
    again_at: Moment | None = None
    known: Moment | None = None  # of the newest of its members
    points: set[str] = field(default_factory=set)
    looked_at: Moment | None = None  # for people downwind

    @property
    def excesses(self) -> list[Excess]:
        """All that its level is computed from."""
        return [*self.earlier.values(), *self.members.values()]

    def last_at(self, at: Moment) -> Moment:
        """When something of it lasted last, by a moment."""
        return max((min(each.ended or at, at) for each in self.members.values()), default=at)


class _Field:
    """Places of the points of one substance: which of them are near another place."""

    def __init__(self) -> None:
        self._rows = np.empty((_FIRST_ROOM, 3))
        self._owners: list[str] = []

    def add(self, x: float, y: float, radius_m: float, owner: str) -> None:
        """One point of a group."""
        n = len(self._owners)
        if n == len(self._rows):
            self._rows = np.vstack([self._rows, np.empty_like(self._rows)])
        self._rows[n] = x, y, radius_m
        self._owners.append(owner)

    def near(self, x: float, y: float, radius_m: float, near_m: float) -> Iterator[str]:
        """Groups with a point near a place, in the order in which they came."""
        rows: NDArray[np.float64] = self._rows[: len(self._owners)]
        far = np.hypot(rows[:, 0] - x, rows[:, 1] - y)
        found = np.flatnonzero(far <= np.maximum(near_m, rows[:, 2] + radius_m))
        return (self._owners[each] for each in dict.fromkeys(found.tolist()))

    def without(self, gone: frozenset[str]) -> _Field:
        """The same without some groups."""
        rest = _Field()
        for row, owner in zip(self._rows, self._owners, strict=False):
            if owner not in gone:
                rest.add(float(row[0]), float(row[1]), float(row[2]), owner)
        return rest


class Groups:
    """All warnings that are not closed, and what was seen lately."""

    def __init__(self, site: Site, rules: WarningSettings) -> None:
        self.by_id: dict[str, Group] = {}
        self.reach: Mapping[str, float] = {}  # by point: how far a device sees, metres
        self._site = site
        self._rules = rules
        self._of: dict[str, str] = {}  # alarm -> its warning, closed ones included
        self._fields: dict[str, _Field] = {}
        self._places: dict[str, tuple[float, float, float]] = {}  # by point
        self._recent: dict[str, dict[str, Excess]] = {}  # by point: what was seen within the time of repeats

    def hear(self, seen: Seen, at: Moment) -> None:
        """One alarm, new or changed."""
        excess = seen.excess
        if seen.warning is not None:
            self._of[excess.alarm] = seen.warning
        known = self.by_id.get(self._of.get(excess.alarm, ""))
        if seen.gone:
            self._forget(excess, known)
            return
        before = self._recent.setdefault(excess.point, {}).get(excess.alarm)
        self._recent[excess.point][excess.alarm] = excess
        if known is not None:
            self._join(known, seen, kept=excess.alarm not in known.unkept)
        elif excess.alarm not in self._of and self._counts(excess, at):
            self._join(self._neighbour(seen, at) or self._open(seen, f"GW-{excess.alarm}"), seen, kept=False)
        elif before is not None and before.ended is not None and excess.ended is None:
            self._again(seen, at)

    def _again(self, seen: Seen, at: Moment) -> None:
        """An alarm whose warning is closed was over and lasts again: something new, since it is known."""
        begun = seen.known or at
        anew = replace(seen, excess=replace(seen.excess, begun=begun))
        self._recent[seen.excess.point][seen.excess.alarm] = anew.excess
        id = f"GW-{seen.excess.alarm}-{begun:%Y%m%dT%H%M%S%f}Z"
        self._join(self._neighbour(anew, at) or self._open(anew, id), anew, kept=False)

    def restore(self, id: str, source: Source) -> Group:
        """A warning that was kept before; its members are told by ``hear``."""
        group = self.by_id[id] = Group(id, _substance(source.medium), source)
        return group

    def close(self, ids: Iterable[str]) -> None:
        """Nothing more joins these."""
        gone = frozenset(ids) & self.by_id.keys()
        for id in gone:
            del self.by_id[id]
        if gone:
            self._fields = {name: each.without(gone) for name, each in self._fields.items()}

    def prune(self, at: Moment) -> None:
        """Forget what can be no repeat any more."""
        since = at - self._rules.repeats_within - self._rules.calm
        for point, each in list(self._recent.items()):
            lately = {id: one for id, one in each.items() if one.ended is None or one.ended > since}
            if lately:
                self._recent[point] = lately
            else:
                del self._recent[point]
        mine = {alarm for each in self.by_id.values() for alarm in each.members}
        lately_seen = {alarm for each in self._recent.values() for alarm in each}
        self._of = {alarm: id for alarm, id in self._of.items() if alarm in mine or alarm in lately_seen}

    def near(self, one: str, other: str) -> bool:
        """Whether two points are neighbours (R-GAS-3)."""
        (x, y, reach), (other_x, other_y, other_reach) = self._places[one], self._places[other]
        return hypot(x - other_x, y - other_y) <= max(self._rules.near_m, reach + other_reach)

    def level(self, group: Group, at: Moment) -> Stretch | None:
        """What a warning's level comes from; says when to look again."""
        found = stretches(group.excesses, self.near, group.exposed, self._rules)
        group.again_at = next_change(found, at, self._rules)
        return level_at(found, at, self._rules)

    def _counts(self, excess: Excess, at: Moment) -> bool:
        """Whether it lasts, or was over so lately that a warning of it would still have a level."""
        return excess.ended is None or excess.ended + self._rules.calm > at

    def _neighbour(self, seen: Seen, at: Moment) -> Group | None:
        substance = _substance(seen.medium)
        place = self._place(seen)
        nearest = self._fields[substance].near(*place, self._rules.near_m) if substance in self._fields else iter(())
        groups = (self.by_id[id] for id in nearest)
        since = seen.excess.begun - self._rules.repeats_within
        return next((each for each in groups if each.last_at(at) >= since), None)

    def _open(self, seen: Seen, id: str) -> Group:
        excess = seen.excess
        located = seen.lon is not None and seen.lat is not None
        radius = self._place(seen)[2]
        own = self._site.owner_at(seen.lon, seen.lat) if located else self._site.plot(seen.owner)  # type: ignore[arg-type]
        touched = self._site.affected(seen.lon, seen.lat, radius) if located else ()  # type: ignore[arg-type]
        source = Source(
            excess.point, seen.lon, seen.lat, seen.name_zh, seen.name_en, seen.medium,
            seen.toxic or is_toxic(seen.medium), own, tuple(each for each in touched if each != own), radius,
        )  # fmt: skip
        group = self.by_id[id] = Group(id, _substance(seen.medium), source)
        return group

    def _join(self, group: Group, seen: Seen, *, kept: bool) -> None:
        excess = seen.excess
        if excess.point not in self._places:
            self._place(seen)
        if excess.point not in group.points:
            group.points.add(excess.point)
            self._fields.setdefault(group.substance, _Field()).add(*self._place(seen), group.id)
            before = self._recent.get(excess.point, {}).values()
            group.earlier |= {each.alarm: each for each in before if each.alarm != excess.alarm}
        group.earlier.pop(excess.alarm, None)
        group.members[excess.alarm] = excess
        group.known = max(filter(None, (group.known, excess.known)), default=None)
        group.news = True
        self._of[excess.alarm] = group.id
        if not kept:
            group.unkept[excess.alarm] = excess

    def _forget(self, excess: Excess, group: Group | None) -> None:
        self._recent.get(excess.point, {}).pop(excess.alarm, None)
        if group is not None:
            group.news = group.members.pop(excess.alarm, None) is not None or group.news
            group.unkept.pop(excess.alarm, None)

    def _place(self, seen: Seen) -> tuple[float, float, float]:
        """Metres of a point on the park's plane and how far it sees; one without a place is near nothing."""
        point = seen.excess.point
        radius = self.reach.get(point, self._rules.coverage_m)
        if seen.lon is None or seen.lat is None:
            return self._places.setdefault(point, (np.inf, np.inf, radius))
        found = self._places[point] = (*self._site.metres(seen.lon, seen.lat), radius)
        return found


def is_toxic(medium: str | None) -> bool:
    """Whether the chemical table calls a medium toxic."""
    entry = chemical_of(medium)
    return entry is not None and "toxic" in entry.chemical.danger


def _substance(medium: str | None) -> str:
    """What tells two gases apart: ammonia is ammonia, however its tank calls it."""
    entry = chemical_of(medium)
    return entry.chemical.name_zh if entry is not None else medium or ""
