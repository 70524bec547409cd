"""Watches the ledger's gas alarms and keeps the park's gas warnings (R-GAS-1 … R-GAS-8): opened and raised as soon as
an alarm is known, lowered late, overdue by the clock.

What lies in memory is only what was read: after a restart it is read again, and what it comes to is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl

from cache.alarms import ALARM
from cache.books import Deed
from cache.ledger import JOURNAL
from cache.notices import NOTICE
from cache.store import Store
from cache.warnings import TABLES
from models.gas_warning import FIRST, SECOND, Excess, Span, Stretch
from models.gas_warning_evidence import STEPS_WITHIN, disturbance, evidence
from models.gas_warning_groups import Group, Groups, Seen
from models.gas_warning_place import Downwind, Site, Wind
from models.gas_warning_state import Finding, Source
from park.load import Park
from twin.moment import Moment

TOUCHED = TABLES | {NOTICE, JOURNAL}
_AT_ONCE = 200  # findings in one transaction: a flood must not keep the writer long
_TOLD_OF = 8  # points of a warning whose readings are looked at
_PRUNE_EVERY = timedelta(minutes=1)
_WIND_EVERY = timedelta(seconds=5)
_LEVEL_OF_SECOND = "A"  # of a leak whose value is beyond the second limit


class GasWatch:
    """``look`` is called by one thread, at once after alarms have changed and every few seconds."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._park = park
        self._site = Site(park)
        self._rules = park.settings.gas_warning
        self._points = {row["id"]: row for row in park.points.iter_rows(named=True)}
        self._wind = {
            kind: [store.index(id) for id in park.points.filter(pl.col("kind") == kind)["id"]]
            for kind in ("wind_direction", "wind_speed")
        }
        self._groups = Groups(self._site, self._rules)
        self._since: Moment | None = None  # None: nothing has been read yet
        self._pruned: Moment | None = None
        self._around: tuple[Moment, Wind, Mapping[str, int]] | None = None  # what holds for all groups at a moment

    def look(self, at: Moment) -> None:
        """Everything that is known at a moment, and what has become due by it."""
        try:
            standing = self._hear(at)
            findings = list(self._findings(at))
            for start in range(0, len(findings), _AT_ONCE):
                self._keep(findings[start : start + _AT_ONCE])
            self._overdue(standing, at)
        except BaseException:
            self._since = None  # what was read is not certain to have been kept: it is read again
            raise

    # --- reading ----------------------------------------------------------------------------------

    def _hear(self, at: Moment) -> pl.DataFrame:
        """What has become known; the warnings that are not closed."""
        reader = self._store.reader()
        first = self._since is None
        standing = reader.read("warnings/open", at=at)
        if first:
            self._begin(standing, at)
        else:
            self._groups.close(self._groups.by_id.keys() - set(standing["id"]) - self._unkept())
        seen = self._changed(first, at)
        if seen.height:
            reach = reader.read("warnings/reaches", at=at)
            known = reach.filter(pl.col("radius_m").is_not_null())
            self._groups.reach = dict(zip(known["id"], known["radius_m"], strict=True))
        for row in seen.iter_rows(named=True):
            self._groups.hear(self._seen(row), at)
        self._since = at
        if self._pruned is None or at - self._pruned >= _PRUNE_EVERY:
            self._groups.prune(at)
            self._pruned = at
        return standing

    def _changed(self, first: bool, at: Moment) -> pl.DataFrame:
        if self._since is not None and not self._store.changed((ALARM,), self._since):
            return pl.DataFrame()
        lately = at - self._rules.repeats_within - self._rules.calm
        name, since = ("warnings/standing", lately) if first else ("warnings/excesses", self._since)
        return self._store.reader().read(name, at=at, since=since)

    def _begin(self, standing: pl.DataFrame, at: Moment) -> None:
        """What was kept before, as the file has it."""
        self._groups = Groups(self._site, self._rules)
        for row in standing.iter_rows(named=True):
            group = self._groups.restore(row["id"], _source(row))
            group.told = _signature(row["machine"], row["alarms"], row["exposed"], row["affected"])
        for row in self._store.reader().read("warnings/exposures", at=at).iter_rows(named=True):
            _expose(self._groups.by_id[row["warning"]].exposed, row["exposed"], row["known"])

    def _unkept(self) -> set[str]:
        """Warnings that have not been kept yet: nobody can have closed them."""
        return {id for id, each in self._groups.by_id.items() if each.told is None}

    def _seen(self, row: Mapping[str, Any]) -> Seen:
        point = row["point"] or row["id"]
        leak_second = row["kind"] not in (FIRST, SECOND) and row["level"] == _LEVEL_OF_SECOND
        kind = SECOND if row["kind"] == SECOND or leak_second else FIRST
        begun = min(row["alarm_at"], row["raised"])  # a source's clock may be ahead of ours
        ended = max(row["ended"], begun) if row["ended"] is not None else None
        measures = self._points.get(point, {}).get("kind")
        lon, lat = self._traced(point, row)
        return Seen(
            Excess(row["id"], point, kind, begun, ended, row["raised"]),
            lon, lat, row["name_zh"], row["name_en"], row["medium"], row["owner"],
            toxic=measures == "toxic_gas", gone=row["gone"], warning=row.get("warning"), known=row["known"],
        )  # fmt: skip

    def _traced(self, point: str, row: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """Where the gas comes from, as far as a device can tell: what a camera looks at, else where it was seen."""
        device = self._park.feature(point)
        looked_at = self._park.feature(device.props.get("target_unit") or "") if device else None
        return (looked_at.lon, looked_at.lat) if looked_at else (row["lon"], row["lat"])

    # --- judging ----------------------------------------------------------------------------------

    def _findings(self, at: Moment) -> Iterator[tuple[Group, Finding]]:
        spread = None
        for group in list(self._groups.by_id.values()):
            if not (group.news or self._is_time(group, at)):
                continue
            down = self._downwind(group, at)
            _expose(group.exposed, bool(down and down.places), at)
            group.looked_at = at if down else None
            found = self._groups.level(group, at)
            spread = self._spread(at) if spread is None else spread
            told_spread = max((spread[each] for each in group.members if each in spread), default=None)
            source = self._wider(group.source, told_spread)
            level, exposed = found.level if found else None, _exposed(group.exposed)
            told = _signature(level, len(group.members), exposed, source.affected)
            if told == group.told and not group.unkept:
                group.news = False
                continue
            yield group, self._finding(group, found, down, source, told_spread, at)

    def _finding(
        self,
        group: Group,
        found: Stretch | None,
        down: Downwind | None,
        source: Source,
        spread_m: float | None,
        at: Moment,
    ) -> Finding:
        inputs = evidence(
            group.excesses or [Excess("", group.source.point, FIRST, at, at)], at, spread_m=spread_m or source.radius_m,
            disturbance=self._disturbance(group, at), people=down.people if down else None,
        )  # fmt: skip
        return Finding(
            warning=group.id, at=at, level=found.level if found else None, why=found.why if found else "calm",
            held_at=min(max(found.begun, group.known or at), at) if found else at,
            began_at=min((each.begun for each in group.members.values()), default=at), source=source,
            members=tuple(group.unkept.values()), alarms=len(group.members), evidence=inputs,
            exposed=_exposed(group.exposed), places=down.places if down else (),
        )  # fmt: skip

    def _wider(self, source: Source, spread_m: float | None) -> Source:
        """Whoever lies within the spread of the leak is affected as well, where that is wider than the device sees."""
        if spread_m is None or spread_m <= source.radius_m or source.lon is None or source.lat is None:
            return source
        touched = self._site.affected(source.lon, source.lat, spread_m)
        own = tuple(each for each in touched if each != source.owner)
        return replace(source, affected=own, radius_m=spread_m)

    @staticmethod
    def _is_time(group: Group, at: Moment) -> bool:
        """Whether the clock, or the wind, may have changed something of it."""
        wind = group.looked_at is not None and at - group.looked_at >= _WIND_EVERY
        return wind or (group.again_at is not None and group.again_at <= at)

    @staticmethod
    def _may_harm(group: Group, at: Moment) -> bool:
        """Whether a toxic gas is beyond its second limit: then it depends on the wind who is downwind."""
        return group.source.toxic and any(
            each.kind == SECOND and Span(each.begun, each.ended).holds(at) for each in group.members.values()
        )

    def _downwind(self, group: Group, at: Moment) -> Downwind | None:
        source = group.source
        if source.lon is None or source.lat is None or not self._may_harm(group, at):
            return None
        if self._around is None or self._around[0] != at:
            rows = self._store.reader().read("warnings/present", at=at)
            self._around = at, self._wind_at(at), dict(zip(rows["owner"], rows["persons"], strict=True))
        _, wind, present = self._around
        rules = self._rules
        return self._site.downwind(source.lon, source.lat, wind, rules.downwind_m, rules.downwind_deg, present)

    def _wind_at(self, at: Moment) -> Wind:
        """What the station that was heard last tells."""
        told: dict[str, float | None] = {}
        for kind, points in self._wind.items():
            state = self._store.state(at, points=points).filter(
                pl.col("status").is_in(["normal", "h", "hh", "l", "ll"])
            )
            newest = state.sort("ts", nulls_last=False).tail(1)
            told[kind] = newest["value"][0] if newest.height else None
        return Wind(told["wind_direction"], told["wind_speed"])

    def _spread(self, at: Moment) -> dict[str, float]:
        rows = self._store.reader().read("warnings/spread", at=at)
        return dict(zip(rows["id"], rows["spread_m"], strict=True))

    def _disturbance(self, group: Group, at: Moment) -> float | None:
        """Of the readings of the last minutes at its points; those that the park does not measure have none."""
        points = dict.fromkeys(each.point for each in group.members.values())
        mine = [each for each in points if each in self._points][:_TOLD_OF]
        steps = []
        for id in mine:
            rows = self._store.told(id, at - STEPS_WITHIN, at, at=at).rows
            steps.append((rows.ts / 1e6, rows.mean, float(self._points[id]["alarm_hi"] or 0.0)))
        return disturbance(steps)

    # --- keeping ----------------------------------------------------------------------------------

    def _keep(self, findings: Sequence[tuple[Group, Finding]]) -> None:
        book = self._store.books.warnings
        asked = [finding for _, finding in findings]
        self._store.do(Deed(lambda known: book.find(asked, known), TOUCHED)).result()
        for group, finding in findings:
            group.told = _signature(finding.level, finding.alarms, finding.exposed, finding.source.affected)
            group.unkept.clear()
            group.news = False

    def _overdue(self, standing: pl.DataFrame, at: Moment) -> None:
        late = (pl.col("state") == "open") & pl.col("overdue_at").is_null() & (pl.col("due") <= at)
        if standing.filter(late).height:
            book = self._store.books.warnings
            self._store.do(Deed(book.overdue, TOUCHED)).result()


def _signature(level: str | None, alarms: int, exposed: bool, affected: Sequence[str]) -> tuple[object, ...]:
    return level, alarms, exposed, frozenset(affected)


def _expose(spans: list[Span], exposed: bool, at: Moment) -> None:
    """Note that people are downwind from a moment on, or no more."""
    if exposed and not _exposed(spans):
        spans.append(Span(at))
    elif not exposed and _exposed(spans):
        spans[-1] = Span(spans[-1].begun, at)


def _exposed(spans: list[Span]) -> bool:
    return bool(spans) and spans[-1].ended is None


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        row["point"], row["lon"], row["lat"], row["name_zh"], row["name_en"], row["medium"], row["toxic"], row["owner"],
        tuple(row["affected"]), row["radius_m"],
    )  # fmt: skip
