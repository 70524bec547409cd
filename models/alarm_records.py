"""Alarms that arrive as records: what each exchange table says, in the words of the ledger.

``report_of`` reads one record; ``told_by`` compares it with the alarm as the ledger knows it and says what has happened
since. A record that says nothing new makes no event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from models.alarm_ground import Subject
from models.alarm_level import LEAK, OTHER
from models.alarm_state import LOUD, Alarm
from twin.alarm import ClosedAs, Event, Stage
from twin.moment import Moment

EXPIRY = "expiry"  # no table of the exchange's: the twin finds it out by itself
LEAK_LASTS = timedelta(minutes=10)  # after its last report (R-GAS-3)
_LIMITS = {"01": "H", "02": "HH", "03": "L", "04": "LL"}
_WORK = {"01": "work_gas", "02": "work_video", "03": "work_person"}
_IDLE = ("-", "01")  # nobody of the source's has begun
_LASTS, _TAKEN, _DONE, _ENDED = "01", "02", "03", "03"
Row = Mapping[str, Any]
Told = tuple[Event, dict[str, Any]]
_CORRECTED = ("kind", "level", "owner", "lon", "lat", "medium", "value", "threshold", "alarm_at", "ends_at")


@dataclass(frozen=True)
class Report:
    """One record. ``lasting``: it says that the alarm lasts; ``says``: how far its source is, in its own codes."""

    id: str
    table: str
    source: str
    about: Subject
    alarm_at: Moment | None
    lasting: bool
    clears: bool = True
    cleared_at: Moment | None = None
    ends_at: Moment | None = None
    handling: str | None = None
    ended: bool = False
    denied: bool = False
    deleted: bool = False
    handled_at: Moment | None = None
    handler: str | None = None
    measures: str | None = None

    @property
    def says(self) -> str:
        """What of it tells of people's work."""
        return f"{self.handling or '-'}{'e' if self.ended else ''}{'f' if self.denied else ''}"


def report_of(table: str, row: Row, source: str) -> Report:
    """What a record of one of ``TABLES`` says."""
    said = _READ[table](row, source)
    return replace(
        said,
        deleted=bool(row.get("is_deleted")),
        handled_at=row.get("handled_at"),
        handler=row.get("handler_id"),
        measures=row.get("handling_measures"),
    )


def told_by(report: Report, alarm: Alarm | None, facts: Mapping[str, Any], at: Moment) -> Iterator[Told]:
    """What a record makes known of an alarm (None: of a new one), in order."""
    if report.deleted:
        if alarm is not None and alarm.closed_as != ClosedAs.WITHDRAWN:
            yield Event.WITHDRAWN, {}
        return
    if alarm is None:
        steps = list(_steps(report, Stage.NEW, facts["level"]))
        yield Event.RAISED, _raised(report, facts, at) | {"says": "-" if steps else report.says}
    else:
        stage = Stage(alarm.stage)
        for event, said in _lasting(report, alarm, facts, at):
            if event is Event.AGAIN and stage in (Stage.HANDLED, Stage.OFF, Stage.CLOSED):
                stage = Stage.SCREEN if alarm.first_handled_at else Stage.NEW
            yield event, said
        if report.says == alarm.says or (report.says in _IDLE and not alarm.says):
            return
        steps = list(_steps(report, stage, alarm.level))
        if not steps:
            yield Event.TOLD, {"says": report.says}
    about = _work(report, at) | {"says": report.says}
    yield from ((event, about) for event in steps)


def _raised(report: Report, facts: Mapping[str, Any], at: Moment) -> dict[str, Any]:
    said = {**facts, "origin": report.table, "source": report.source, "alarm_at": report.alarm_at or at}
    said |= {"told": report.lasting, "clears": report.clears}
    if report.ends_at is not None:
        said["ends_at"] = report.ends_at
    return said if report.lasting else said | {"cleared_at": report.cleared_at}


def _lasting(report: Report, alarm: Alarm, facts: Mapping[str, Any], at: Moment) -> Iterator[Told]:
    changed = _changed(report, alarm, facts)
    lasted = alarm.told and (alarm.ends_at is None or alarm.ends_at > at)
    if report.lasting and (not lasted or alarm.closed_as == ClosedAs.WITHDRAWN):
        yield Event.AGAIN, changed | {"told": True}
        return
    if changed:
        yield Event.TOLD, changed
    if alarm.told and not report.lasting:
        yield Event.CLEARED, {"told": False, "cleared_at": report.cleared_at or at}


def _changed(report: Report, alarm: Alarm, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What its source corrects; not of an alarm that was joined to another one, which has its own."""
    if alarm.origin != report.table or alarm.id != report.id:
        return {}
    said = {
        **facts,
        "alarm_at": report.alarm_at or alarm.alarm_at,
        "ends_at": report.ends_at if report.lasting else None,
    }
    if not report.lasting:
        said["ends_at"] = alarm.ends_at
    return {name: said[name] for name in _CORRECTED if said.get(name) != getattr(alarm, name)}


def _steps(report: Report, stage: Stage, level: str) -> Iterator[Event]:
    """How far the source's own people are beyond a stage."""
    if stage is Stage.CLOSED:
        return
    if report.handling == _DONE and stage not in (Stage.HANDLED, Stage.OFF):
        yield Event.DONE
    elif report.handling == _TAKEN and stage is Stage.NEW:
        yield Event.TAKEN
    if report.denied:
        yield Event.DENIED
    if report.ended and report.handling == _DONE and not (report.denied and level in LOUD):
        yield Event.ENDED


def _work(report: Report, at: Moment) -> dict[str, Any]:
    said: dict[str, Any] = {"by": report.handler or report.source, "measures": report.measures}
    if report.handled_at is not None:
        said["handled_at"] = min(report.handled_at, at)
    return {name: each for name, each in said.items() if each is not None}


# --- tables ------------------------------------------------------------------------------------


def _hazard(row: Row, source: str) -> Report:
    kind = _LIMITS.get(row.get("alarm_type") or "", OTHER)
    about = Subject(
        None, kind, row.get("hazard_point_id"), row.get("enterprise_id"), row.get("hazard_source_id"),
        value=row.get("alarm_value"), threshold=row.get("threshold"),
    )  # fmt: skip
    return _ranged("hazard_alarm", row, source, about)


def _parking_gas(row: Row, source: str) -> Report:
    kind = _LIMITS.get(row.get("alarm_type") or "", OTHER)
    about = Subject("gas", kind, row.get("indicator_id"), place=row.get("parking_lot_id"))
    return _ranged("parking_gas_alarm", row, source, about)


def _parking_fire(row: Row, source: str) -> Report:
    about = Subject("fire", "fire", row.get("parking_lot_id"), place=row.get("parking_lot_id"))
    return _ranged("parking_fire_alarm", row, source, about)


def _ranged(table: str, row: Row, source: str, about: Subject) -> Report:
    """A record that says itself whether it lasts."""
    return Report(
        row["id"], table, source, about, row.get("alarm_at"),
        lasting=row.get("alarm_status") == _LASTS and row.get("cleared_at") is None,
        cleared_at=row.get("cleared_at"), handling=row.get("handling_status"),
        ended=row.get("alarm_status") == _ENDED, denied=bool(row.get("is_false_alarm")),
    )  # fmt: skip


def _leak(row: Row, source: str) -> Report:
    about = Subject(
        "gas", LEAK, row.get("device_id"), lon=row.get("longitude"), lat=row.get("latitude"),
        medium=row.get("leaked_chemical_name"), value=row.get("max_value"),
    )  # fmt: skip
    last = row.get("updated_at") or row.get("created_at")
    ends = last + LEAK_LASTS if last else None
    return Report(row["id"], "gas_leak_statistic", source, about, row.get("created_at"), True, ends_at=ends)


def _video(row: Row, source: str) -> Report:
    about = Subject("video", row.get("alarm_type") or OTHER, row.get("alarm_device_id"))
    return _seen("video_ai_alarm", row, source, about)


def _work_alarm(row: Row, source: str) -> Report:
    kind = _WORK.get(row.get("alarm_type") or "", OTHER)
    device = row.get("device_id") or row.get("special_work_plan_id")
    about = Subject("work", kind, device, row.get("enterprise_id"))
    return _seen("special_work_alarm", row, source, about)


def _seen(table: str, row: Row, source: str, about: Subject) -> Report:
    """A record that says when it was over, and nothing else."""
    over = row.get("cleared_at") is not None
    return Report(
        row["id"], table, source, about, row.get("alarm_at"), lasting=not over, cleared_at=row.get("cleared_at"),
        handling=row.get("handling_status"), ended=over and row.get("handling_status") == _DONE,
        denied=bool(row.get("is_false_alarm")),
    )  # fmt: skip


def _closure(row: Row, source: str) -> Report:
    """A violation is an event: it lasts until it is handled."""
    about = Subject("closure", "closure", row.get("vehicle_id"), lon=row.get("longitude"), lat=row.get("latitude"))
    done = row.get("handling_status") == _DONE
    return Report(
        row["id"], "closure_alarm", source, about, row.get("alarm_at"), lasting=not done, clears=False,
        cleared_at=row.get("handled_at"), handling=row.get("handling_status"), ended=done,
        denied=bool(row.get("is_false_alarm")),
    )  # fmt: skip


def _paper(row: Row, source: str) -> Report:
    """A paper that is good no longer (rules section 9), as the twin's own look at the papers tells it; its alarm lasts
    until it is renewed."""
    about = Subject("document", "expiry", enterprise=row.get("enterprise_id"), named=row.get("paper"))
    over = row.get("cleared_at") is not None
    return Report(row["id"], EXPIRY, source, about, row.get("alarm_at"), not over, cleared_at=row.get("cleared_at"))


_READ: Mapping[str, Callable[[Row, str], Report]] = {
    "hazard_alarm": _hazard,
    "gas_leak_statistic": _leak,
    "parking_gas_alarm": _parking_gas,
    "parking_fire_alarm": _parking_fire,
    "video_ai_alarm": _video,
    "special_work_alarm": _work_alarm,
    "closure_alarm": _closure,
    EXPIRY: _paper,
}
TABLES = frozenset(_READ) - {EXPIRY}  # of the exchange
