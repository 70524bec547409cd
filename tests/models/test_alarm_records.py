"""What records of alarms say, in the words of the ledger; without a store."""

from __future__ import annotations

from typing import Any

import pytest

from models.alarm_ground import Ground
from models.alarm_level import DEFAULT_LEVELS
from models.alarm_life import MOMENTARY_TEXT
from models.alarm_records import TABLES, report_of, told_by
from models.alarm_state import Alarm, apply
from tests.cache.batches import NOON, second
from twin.alarm import Action, Event, Stage
from twin.dictionary import dictionary
from twin.labels import LANGUAGES, catalogue
from twin.level import AlarmLevel

HAZARD = {"id": "A", "hazard_point_id": "LW1-T1-LEVEL", "alarm_type": "01", "alarm_at": NOON, "alarm_status": "01"}


def events(small_park: Any, *rows: dict[str, Any], table: str = "hazard_alarm") -> tuple[list[str], Alarm | None]:
    """Events of records that come one minute after the other, and the alarm that they make."""
    ground, alarm, told = Ground(small_park), None, []
    for minute, row in enumerate(rows):
        report, at = report_of(table, row, "plant"), second(60 * minute)
        for event, said in told_by(report, alarm, ground.facts(report.about), at):
            alarm = apply(alarm, "A", event, "plant", at, said)
            told.append(str(event))
    return told, alarm


@pytest.mark.parametrize(
    ("second_row", "expected"),
    [
        ({}, []),
        ({"cause": "pump"}, []),
        ({"alarm_value": 9.5}, ["told"]),
        ({"alarm_type": "02"}, ["told"]),
        ({"handling_status": "02"}, ["taken"]),
        ({"handling_status": "03"}, ["done"]),
        ({"alarm_status": "02"}, ["cleared"]),
        ({"cleared_at": second(30)}, ["cleared"]),
        ({"alarm_status": "02", "handling_status": "03"}, ["cleared", "done"]),
        ({"alarm_status": "03", "handling_status": "03"}, ["cleared", "done", "ended"]),
        ({"alarm_status": "03", "handling_status": "03", "is_false_alarm": True}, ["cleared", "done", "denied"]),
        ({"is_deleted": True}, ["withdrawn"]),
    ],
)
def test_a_second_record_tells_what_is_new_in_it(small_park, second_row, expected):
    told, _ = events(small_park, HAZARD, HAZARD | second_row, HAZARD | second_row)
    assert told == ["raised", *expected], "and nothing when it is said again"


def test_what_lasts_again_is_open_again(small_park):
    over = HAZARD | {"alarm_status": "02", "handling_status": "03"}
    told, alarm = events(small_park, HAZARD, over, HAZARD | {"handling_status": "03"})
    assert told == ["raised", "cleared", "done", "again"]
    assert (alarm.stage, alarm.active, alarm.cleared_at) == ("screen", True, None)


def test_a_leak_that_is_told_again_after_its_end_lasts_again(small_park):
    leak = {"id": "A", "device_id": "LW1-U1-GC1", "max_value": 30.0, "created_at": NOON, "updated_at": second(-590)}
    told, alarm = events(small_park, leak, leak | {"updated_at": second(60)}, table="gas_leak_statistic")
    assert told == ["raised", "again"]
    assert alarm.ends_at == second(660)
    told, alarm = events(
        small_park, leak | {"updated_at": NOON}, leak | {"updated_at": second(60)}, table="gas_leak_statistic"
    )
    assert told == ["raised", "told"]
    assert alarm.ends_at == second(660)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_is_in_the_dictionary_and_an_empty_record_of_it_is_an_alarm(small_park, table):
    fields = {field.name: None for field in dictionary().table(table).fields}
    told, alarm = events(small_park, fields | {"id": "A"}, table=table)
    assert told == ["raised"]
    assert (alarm.alarm_at, alarm.level in set(AlarmLevel)) == (NOON, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_an_alarm_may_be_has_its_words(lang):
    said = catalogue(lang)
    kinds = {key.split(".")[1] for key in DEFAULT_LEVELS}
    wanted = {f"alarm.title.{kind}{bare}" for kind in kinds for bare in ("", ".bare")}
    wanted |= {f"kind.{kind}" for kind in kinds}
    wanted |= {f"alarm.stage.{each}" for each in Stage} | {f"alarm.event.{each}" for each in (*Action, *Event)}
    wanted |= {f"table.{table}" for table in TABLES} | {MOMENTARY_TEXT}
    assert sorted(wanted - set(said)) == []
