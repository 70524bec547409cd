"""The exchange server: every record as the dictionary wants it, cursors that lose nothing, ETags that save the rest."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from http import HTTPStatus
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from demo.books import SOURCES, books
from demo.clock import DAY_MS, HOUR_MS, MINUTE_MS
from demo.exchange import Exchange, server
from tests.demo.worlds import AFTERNOON, ms, world
from twin.dictionary import Field, dictionary

NOW = ms(AFTERNOON)
NOON_TOMORROW = ms("2026-11-22T12:00:00+08:00")
SHANGHAI = ZoneInfo("Asia/Shanghai")
Records = list[dict[str, Any]]


def _all(table: str, at_ms: int = NOW, scenario: str = "quiet_day", limit: int = 500) -> Records:
    book, records, since = books(world(scenario))[table], [], None
    while True:
        page = book.page(since, at_ms, limit)
        records += page.records
        since = page.next
        if not page.more:
            return records


def _is_time(text: Any) -> bool:
    return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None


CHECKS = {
    "string": lambda value: isinstance(value, str),
    "file": lambda value: isinstance(value, str) and value != "",
    "geometry": lambda value: isinstance(value, str) and value.startswith('{"type":'),
    "int": lambda value: type(value) is int,
    "float": lambda value: type(value) in (int, float) and math.isfinite(value),
    "lon": lambda value: type(value) is float and 118 < value < 120,
    "lat": lambda value: type(value) is float and 33 < value < 34,
    "bool": lambda value: type(value) is bool,
    "date": lambda value: re.fullmatch(r"\d{4}-\d\d-\d\d", value) and date.fromisoformat(value),
    "datetime": _is_time,
    "enum": lambda value: isinstance(value, str),
}


def _faults(table: str, record: dict[str, Any]) -> Iterator[str]:
    known: dict[str, Field] = {field.name: field for field in dictionary().table(table).fields}
    yield from (f"{name} is no field" for name in record.keys() - known.keys())
    for name, field in known.items():
        if name not in record:
            if field.required and not field.conditional:
                yield f"{name} is missing"
        elif not CHECKS[field.type](record[name]):
            yield f"{name}: {record[name]!r} is no {field.type}"
        elif field.type == "enum" and field.codes and record[name] not in field.codes:
            yield f"{name}: {record[name]!r} is no code"


@pytest.mark.parametrize("table", [source.table for source in SOURCES])
@pytest.mark.parametrize("scenario", ["quiet_day", "ammonia_leak"])
def test_every_record_is_as_the_dictionary_wants_it(table: str, scenario: str) -> None:
    records = _all(table, NOW + 20 * MINUTE_MS, scenario, limit=5_000)
    assert [fault for record in records for fault in _faults(table, record)] == []


def test_the_first_screen_has_something_to_show() -> None:
    empty = {source.table for source in SOURCES if not _all(source.table)}
    assert empty <= {"gas_leak_statistic", "parking_gas_alarm"}


def test_a_reader_with_a_cursor_ends_up_with_what_a_newcomer_sees() -> None:
    book, since, kept = books(world())["special_work_plan"], None, {}
    for at_ms in range(NOW - 6 * HOUR_MS, NOW + 1, 7 * MINUTE_MS):
        page = book.page(since, at_ms, 5_000)
        kept |= {record["id"]: record for record in page.records}
        since = page.next
        last = at_ms
    assert kept == {record["id"]: record for record in _all("special_work_plan", last)}


def test_pages_repeat_nothing_and_leave_nothing_out() -> None:
    ids = [record["id"] for record in _all("hazard_point", limit=100)]
    assert len(ids) == len(set(ids)) == 1030


def test_the_day_goes_on_after_midnight() -> None:
    records = _all("safety_commitment", NOW + DAY_MS)
    assert Counter(record["commitment_date"] for record in records) == {"2026-11-21": 61, "2026-11-22": 61}


def test_a_quiet_day_has_few_open_alarms_and_a_history() -> None:
    alarms = _all("hazard_alarm")
    by_kind = Counter(alarm["alarm_type"] for alarm in alarms if alarm["alarm_status"] == "01")
    assert sum(by_kind.values()) <= 15
    assert by_kind["01"] + by_kind["02"] + by_kind["04"] <= 3
    recent = [alarm for alarm in alarms if ms(alarm["alarm_at"]) > NOW - DAY_MS]
    assert 40 <= len(recent) <= 140


def test_an_alarm_says_what_the_signal_did() -> None:
    points = world().points
    for alarm in _all("hazard_alarm")[-20:]:
        ix = points.ix_of[alarm["hazard_point_id"]]
        over = alarm["alarm_value"] > alarm["threshold"]
        assert over == (alarm["alarm_type"] in ("01", "02"))
        name = {"01": "alarm_hi", "02": "alarm_hi_hi", "03": "alarm_lo", "04": "alarm_lo_lo"}[alarm["alarm_type"]]
        assert alarm["threshold"] == points.limit(name)[ix]


def test_people_come_in_the_morning_and_go_in_the_evening() -> None:
    passes, counts = _all("person_pass_record", limit=100_000, at_ms=NOON_TOMORROW), _all("area_presence")

    def inside(at_ms: int) -> int:
        day = datetime.fromtimestamp(at_ms / 1_000, SHANGHAI).date().isoformat()
        ways = Counter(
            each["pass_direction"] for each in passes if each["passed_at"] >= day and ms(each["passed_at"]) <= at_ms
        )
        counted = sum(each["person_count"] for each in counts if each["collected_at"].startswith(day))
        return counted + ways["01"] - ways["02"]

    for day in ("2026-11-20", "2026-11-21"):
        night, noon, evening = (inside(ms(f"{day}T{hour}:00:00+08:00")) for hour in ("04", "11", "21"))
        assert 500 < night < 2_500
        assert 4_500 < noon < 8_000
        assert 500 < evening < 2_500


def test_about_forty_works_run_by_day() -> None:
    states = Counter(record["work_status"] for record in _all("special_work_plan"))
    assert 25 <= states["02"] <= 60


def test_dangerous_goods_are_where_the_gates_say_and_on_the_park() -> None:
    inside = {each["vehicle_id"] for each in _all("hazmat_vehicle_position") if not each["is_deleted"]}
    passes = Counter[str]()
    for record in _all("vehicle_pass_record"):
        passes[record["vehicle_id"]] += 1 if record["pass_direction"] == "01" else -1
    assert {f"01:{each}" for each in inside} == {
        vehicle for vehicle, count in passes.items() if count > 0 and vehicle.startswith("01:")
    }
    assert 10 <= len(inside) <= 60


def test_a_booking_stands_before_the_vehicle_and_the_parking_lot_knows_it() -> None:
    bookings = {each["id"]: each for each in _all("hazmat_vehicle_application", limit=5_000)}
    items = {
        each["hazmat_vehicle_application_id"]: each for each in _all("hazmat_vehicle_application_item", limit=5_000)
    }
    came = [each for each in _all("vehicle_pass_record") if each["id"].startswith("VP-H") and each["id"].endswith("IN")]
    assert len(came) > 100
    for each in came:
        booking = bookings["HVA-" + each["id"][3:-3]]
        assert booking["final_reviewed_at"] < booking["pass_window_start_at"] < each["passed_at"]
        assert (booking["review_status"], f"01:{booking['vehicle_id']}") == ("03", each["vehicle_id"])
    parked = _all("parking_vehicle_record")
    assert len(parked) > 20
    for each in parked:
        arrives_loaded = items[each["application_id"]]["handling_mode"] == "02"
        assert each["load_type"] == ("02" if arrives_loaded else "01")
    assert {each["review_status"] for each in bookings.values()} == {"01", "03"}


def test_a_vehicle_that_stands_still_tells_its_place() -> None:
    inside = [each for each in _all("hazmat_vehicle_position") if not each["is_deleted"]]
    assert min(ms(each["located_at"]) for each in inside) >= NOW - 6 * MINUTE_MS


@pytest.fixture
def address() -> Iterator[str]:
    http = server(Exchange(books(world()), lambda: NOW, "run"), 0)
    thread = Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}/exchange"
    http.shutdown()
    thread.join()
    http.server_close()


def test_over_http_with_pages_and_etag(address: str) -> None:
    first = requests.get(f"{address}/hazard_source", params={"limit": 50}, timeout=10)
    said = first.json()
    assert (len(said["records"]), said["more"], said["table"]) == (50, True, "hazard_source")
    rest = requests.get(f"{address}/hazard_source", params={"since": said["next"], "limit": 50}, timeout=10).json()
    assert (len(rest["records"]), rest["more"]) == (19, False)
    same = {"If-None-Match": first.headers["ETag"]}
    again = requests.get(f"{address}/hazard_source", params={"limit": 50}, headers=same, timeout=10)
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")


def test_what_it_does_not_know_it_says(address: str) -> None:
    assert requests.get(f"{address}/nothing", timeout=10).status_code == HTTPStatus.NOT_FOUND
    assert requests.get(f"{address}/park", params={"limit": "0"}, timeout=10).status_code == HTTPStatus.BAD_REQUEST
    unreadable = requests.get(f"{address}/park", params={"since": "nonsense"}, timeout=10).json()
    assert len(unreadable["records"]) == 1
