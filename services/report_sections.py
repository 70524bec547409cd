"""The tables of an alarm report, in its language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from dashboards.panels._load import limit_of
from dashboards.panels._words import percent
from dashboards.panels.analysis_days import ACK_LIMIT_MIN
from dashboards.panels.analysis_statistics import BY, name_of
from models.analysis import (
    LEVELS,
    busiest_share,
    change_percent,
    flooded,
    mean_minutes,
    share,
    summed,
    total,
)
from models.analysis_limits import Suggestion, suggestions
from models.analysis_period import bucket_name, bucket_of, days_of, step_of
from models.quantity import plain, quantity
from services.report import Asked, Bars, Column, Facts, Report, Section
from twin.content import both, text
from twin.labels import say
from twin.moment import Moment
from twin.screen import Look

POINTS_SHOWN, SUGGESTED = 20, 20
Row = dict[str, Any]
APART = ("enterprise", "area", "industry", "kind")


class Writer:
    """Writes one report: its words in one language, its numbers out of what the ledger says."""

    def __init__(self, asked: Asked, facts: Facts, look: Look, at: Moment) -> None:
        self._asked, self._facts, self._look, self._at = asked, facts, look, at
        self._here = facts.tallies.filter(~pl.col("earlier"))
        self._now, self._before = total(self._here), total(facts.tallies.filter("earlier"))

    def report(self) -> Report:
        """The whole report; of a period without alarms the sentence that says so, and what there was before."""
        makers: tuple[Callable[[], Section], ...] = (self._figures,)
        if self._now["n"]:
            makers += (self._levels, self._load, self._days)
        sections = [make() for make in makers]
        if self._now["n"]:
            sections += [self._apart(by) for by in APART]
            sections += [self._causes(), self._points(), self._suggested()]
        return Report(
            self._say(f"report.title.{self._asked.period}"),
            tuple(self._head()),
            self._sentence(),
            tuple(sections),
            self._say("report.footer", park=self._park(), at=self._clock(self._at)),
            self._asked.lang,
        )

    # --- words ----------------------------------------------------------------------------------

    def _say(self, key: str, **args: Any) -> str:
        return say(text(key, **args), self._asked.lang, self._look.zone)

    def _park(self) -> str:
        return say(both(self._look.park.name_zh, self._look.park.name_en), self._asked.lang)

    def _clock(self, moment: Moment) -> str:
        return moment.astimezone(ZoneInfo(self._look.zone)).strftime("%Y-%m-%d %H:%M")

    def _day(self, moment: Moment) -> str:
        return self._clock(moment)[:10]

    def _head(self) -> Iterator[tuple[str, str]]:
        span = self._asked.span
        yield self._say("report.park"), self._park()
        if self._asked.enterprise:
            name = say(name_of(self._asked.enterprise, "enterprise", self._look), self._asked.lang)
            yield self._say("report.enterprise"), name
        ends = self._day(span.ends - timedelta(microseconds=1)) if span.whole else self._clock(span.ends)
        key = "report.whole" if span.whole else "report.until"
        yield self._say("report.period"), self._say(key, starts=self._day(span.starts), ends=ends)
        earlier = (
            self._day(span.earlier_ends - timedelta(microseconds=1)) if span.whole else self._clock(span.earlier_ends)
        )
        yield (
            self._say("report.before"),
            self._say("report.whole", starts=self._day(span.earlier_starts), ends=earlier),
        )
        yield self._say("report.known"), self._clock(self._at)

    def _sentence(self) -> str:
        if not self._now["n"]:
            return self._say("report.nothing")
        valid = self._now["n"] - self._now["invalid"]
        handled = percent(share(self._now, "handled") or 0.0)
        return self._say(
            "report.sentence", n=self._now["n"], valid=valid, invalid=self._now["invalid"], handled=handled
        )

    def _columns(self, *names: str, first: str = "report.column.name") -> tuple[Column, ...]:
        wide = {"handled", "timely", "untrue", "ack", "clearing"}
        digits = [1 if each in wide else 0 for each in names]
        numbers = (Column(self._say(f"report.column.{n}"), d) for n, d in zip(names, digits, strict=True))
        return (Column(self._say(first), None, 3.0), *numbers)

    # --- tables ---------------------------------------------------------------------------------

    def _figures(self) -> Section:
        """The key figures against the period before (KPI-2 … KPI-6)."""
        rows = [(self._say(f"report.figure.{key}"), *_compared(now, before)) for key, now, before in self._pairs()]
        columns = (
            Column(self._say("report.column.figure"), None, 4.0),
            *(Column(self._say(f"report.column.{each}"), 1) for each in ("now", "before", "difference", "change")),
        )
        return Section("figures", self._say("report.section.figures"), columns, tuple(rows))

    def _pairs(self) -> Iterator[tuple[str, float | None, float | None]]:
        now, before = self._now, self._before
        yield "n", now["n"], before["n"]
        yield "valid", now["n"] - now["invalid"], before["n"] - before["invalid"]
        yield "invalid", now["invalid"], before["invalid"]
        for key in ("handled", "timely", "untrue"):
            yield key, _percent(share(now, key)), _percent(share(before, key))
        kpi, earlier = self._facts.kpi, self._facts.kpi_before
        yield "closed", _percent(kpi["closed_rate"]), _percent(earlier["closed_rate"])
        yield "ack", mean_minutes(now, "ack"), mean_minutes(before, "ack")
        yield "clearing", _minutes(kpi["clearing_s"]), _minutes(earlier["clearing_s"])
        yield "lasting", kpi["lasting"], earlier["lasting"]

    def _levels(self) -> Section:
        """By level with valid and invalid (AL-10), and all together."""
        by_level = {row["key"]: row for row in summed(self._here, "level")}
        rows = [(each, *_kept(by_level.get(each, NOTHING))) for each in LEVELS]
        rows.append((self._say("report.all"), *_kept(self._now)))
        columns = self._columns(*KEPT, first="report.column.level")
        return Section("levels", self._say("report.section.levels"), columns, tuple(rows))

    def _load(self) -> Section:
        """The figures of ISA-18.2 and EEMUA 191 with their limits."""
        told = list(self._held())
        rows = tuple((self._say(f"report.load.{key}"), number, limit) for key, number, limit in told)
        over = frozenset(n for n, (_, number, limit) in enumerate(told) if _beyond(number, limit))
        columns = (
            Column(self._say("report.column.figure"), None, 4.0),
            Column(self._say("report.column.value"), 2),
            Column(self._say("report.column.limit"), 2),
        )
        return Section(
            "load", self._say("report.section.load"), columns, rows, self._say("report.load.note"), over=over
        )

    def _held(self) -> Iterator[tuple[str, float | None, float | None]]:
        look, slots = self._look, self._facts.slots.filter(~pl.col("earlier"))
        most, every = limit_of(look, "alarms_per_10min"), max(1, self._asked.span.slots)
        rate = self._now["n"] / every / limit_of(look, "alarms_operators")
        busiest = busiest_share(self._facts.points, self._now["n"])
        yield "average", round(rate, 2), limit_of(look, "alarms_per_operator_10min")
        yield "peak", max(slots["n"], default=0), most
        yield "flooded", percent(flooded(slots, most) / every), limit_of(look, "alarms_flood_percent")
        yield "busiest", _percent(busiest), limit_of(look, "alarms_busiest_percent")
        yield "stale", self._now["stale"], None
        yield "chattering", self._facts.points.filter(pl.col("bursts") > 0)["point"].n_unique(), None
        yield "ack", mean_minutes(self._now, "ack"), ACK_LIMIT_MIN
        yield "clearing", mean_minutes(self._now, "clearing"), None

    def _days(self) -> Section:
        """Day by day, of a year month by month: drawn, and as a table."""
        step = step_of(self._asked.period)
        firsts = list(dict.fromkeys(bucket_of(day, step) for day, _ in days_of(self._asked.span, self._look.zone)))
        found = {row["key"]: row for row in summed(self._facts.days, f"of_{step}")}
        rows = [(bucket_name(each, step), *_kept(found.get(bucket_name(each, step), NOTHING))) for each in firsts]
        counts = tuple(float(found.get(bucket_name(each, step), NOTHING)["n"]) for each in firsts)
        bars = Bars(tuple(bucket_name(each, step) for each in firsts), counts, self._say(f"report.bars.{step}"))
        columns = self._columns(*KEPT, first=f"analysis.by.{step}")
        return Section(step, self._say(f"report.section.{step}"), columns, tuple(rows), bars=bars)

    def _apart(self, by: str) -> Section:
        rows = [
            (say(name_of(row["key"], by, self._look), self._asked.lang), *_kept(row))
            for row in summed(self._here, BY[by])
        ]
        columns = self._columns(*KEPT, first=f"analysis.by.{by}")
        return Section(by, self._say(f"report.section.{by}"), columns, tuple(rows))

    def _causes(self) -> Section:
        rows = [
            (self._say(f"analysis_causes.{cause}"), n, percent(n / self._now["n"]))
            for cause, n in self._facts.causes.select("cause", "n").iter_rows()
        ]
        columns = (
            Column(self._say("report.column.cause"), None, 4.0),
            Column(self._say("report.column.n"), 0),
            Column(self._say("report.column.share"), 1),
        )
        return Section("causes", self._say("report.section.causes"), columns, tuple(rows))

    def _points(self) -> Section:
        rows = tuple(self._point(each) for each in self._facts.points.head(POINTS_SHOWN).iter_rows(named=True))
        columns = (
            Column(self._say("analysis_points.name"), None, 3.0),
            Column(self._say("analysis_points.kind"), None, 1.2),
            Column(self._say("analysis_points.owner"), None, 3.0),
            *(Column(self._say(f"analysis_points.{each}"), 0) for each in ("n", "bursts", "idle", "confirmed")),
            Column(self._say("report.column.clearing"), 1),
        )
        return Section("points", self._say("report.section.points", n=POINTS_SHOWN), columns, rows)

    def _point(self, row: Row) -> tuple[Any, ...]:
        head = (*self._named(row), say(name_of(row["owner"] or "", "enterprise", self._look), self._asked.lang))
        return (*head, row["n"], row["bursts"], row["idle"], row["confirmed"], mean_minutes(row, "clearing"))

    def _named(self, row: Row) -> tuple[str, str]:
        name = both(row["name_zh"] or row["point"], row["name_en"] or row["point"])
        return say(name, self._asked.lang), self._say(f"alarm_kind.{row['kind']}")

    def _suggested(self) -> Section:
        points = {(row["point"], row["kind"]): row for row in self._facts.points.iter_rows(named=True)}
        made = suggestions(points.values())[:SUGGESTED]
        rows = tuple(self._suggestion(each, points[each.point, each.kind]) for each in made)
        columns = (
            Column(self._say("analysis_limits.name"), None, 3.0),
            Column(self._say("analysis_limits.kind"), None, 1.2),
            Column(self._say("analysis_limits.what"), None, 3.0),
            *(
                Column(self._say(f"analysis_limits.{each}"), 0)
                for each in ("spared", "n", "idle", "hidden", "confirmed")
            ),
        )
        note = "" if rows else self._say("analysis_limits.none")
        return Section("suggested", self._say("report.section.suggested"), columns, rows, note)

    def _suggestion(self, one: Suggestion, row: Row) -> tuple[Any, ...]:
        to = quantity(one.to, row["unit"]) if one.to is not None else ""
        said = self._say(f"analysis_limits.said.{one.what}", size=plain(one.size), to=to)
        return (*self._named(row), said, one.spared, one.n, one.idle, one.hidden, one.confirmed)


NOTHING = total(pl.DataFrame())
KEPT = ("n", "valid", "invalid", "handled", "timely", "untrue", "ack", "clearing")


def _kept(row: Row) -> tuple[float | None, ...]:
    """What tables tell of a number of alarms, in the order of ``KEPT``."""
    shares = (_percent(share(row, each)) for each in ("handled", "timely", "untrue"))
    times = (mean_minutes(row, each) for each in ("ack", "clearing"))
    return (row["n"], row["n"] - row["invalid"], row["invalid"], *shares, *times)


def _compared(now: float | None, before: float | None) -> tuple[float | None, ...]:
    difference = None if now is None or before is None else round(now - before, 1)
    return now, before, difference, change_percent(now, before)


def _percent(part: float | None) -> float | None:
    return None if part is None else percent(part)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)


def _beyond(number: float | None, limit: float | None) -> bool:
    return number is not None and limit is not None and number > limit
