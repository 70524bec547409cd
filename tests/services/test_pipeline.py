"""What only the park knows about a batch: its points, and which times can be true. With a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from adapters import http_push, socket_push
from cache.store import Store
from park.load import Park
from services.pipeline import WHOLE, Pipeline
from tests.adapters.exchange import record
from twin.dictionary import dictionary
from twin.errors import BadInput
from twin.moment import Moment, iso, parse_moment
from twin.reading import Batch, Commit

NOW = parse_moment("2026-11-21T06:00:00Z")


class House:
    """A store on the small park, and the pipeline in front of it, at a moment of the test's choice."""

    def __init__(self, folder: Path, park: Park) -> None:
        self.now = NOW
        self.store = Store.open(folder, park, clock=lambda: self.now)
        self.pipeline = Pipeline(self.store, park, lambda: self.now)
        self.point = park.points["id"][0]

    def push(self, *rows: dict) -> Commit:
        return self.pipeline.accept(socket_push.decode({"readings": list(rows)}, self.now, "test"))

    def reading(self, ts: Moment, point: str | None = None, value: float = 1.0) -> dict:
        return {"point": point or self.point, "ts": iso(ts), "value": value, "quality": "good"}

    def realtime(self, **more: object) -> Batch:
        row = record("hazard_point_realtime", "R1", hazard_point_id=self.point, collected_at=iso(NOW), **more)
        table = dictionary().table("hazard_point_realtime")
        return http_push.decode_records(orjson.dumps([row]), http_push.JSON, table, "test", None, NOW)


@pytest.fixture
def house(tmp_path: Path, small_park: Park) -> Iterator[House]:
    each = House(tmp_path, small_park)
    yield each
    each.store.close()


def test_good_readings_are_durable_when_the_commit_is_there(house):
    commit = house.push(house.reading(NOW), house.reading(NOW - timedelta(seconds=1)))
    assert (commit.accepted, commit.duplicates, commit.late, commit.rejected) == (2, 0, 1, ())
    state = house.store.state(house.store.tick())
    assert state.filter(id=house.point)["value"].to_list() == [1.0]


def test_an_unknown_point_is_named_and_the_rest_goes_through(house):
    commit = house.push(house.reading(NOW), house.reading(NOW, "NOPE"), house.reading(NOW + timedelta(seconds=1)))
    assert commit.accepted == 2
    [reject] = commit.rejected
    assert (reject.index, reject.code, reject.field) == (1, "unknown_point", "readings[1].point")
    assert "'NOPE'" in reject.message


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        (timedelta(days=-365), "too_old"),
        (timedelta(days=365), "too_far_ahead"),
        (timedelta(seconds=301), "too_far_ahead"),
        (timedelta(days=-31, seconds=-1), "too_old"),
    ],
)
def test_a_time_that_cannot_be_true_is_refused(house, ahead, code):
    [reject] = house.push(house.reading(NOW + ahead), house.reading(NOW)).rejected
    assert (reject.index, reject.code, reject.field) == (0, code, "readings[0].ts")


@pytest.mark.parametrize("ahead", [timedelta(seconds=299), timedelta(days=-30)])
def test_a_time_within_the_window_is_taken(house, ahead):
    assert house.push(house.reading(NOW + ahead)).accepted == 1


@pytest.mark.parametrize("ts", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:00"])
def test_a_time_that_no_calendar_holds_is_refused_like_any_other(house, ts):
    [reject] = house.push({"point": house.point, "ts": ts, "value": 1}).rejected
    assert reject.code in ("too_old", "too_far_ahead")


def test_the_window_moves_with_the_clock_it_is_given(house):
    house.now = NOW + timedelta(days=365)
    assert house.push(house.reading(NOW + timedelta(days=365))).accepted == 1


def test_duplicates_are_counted_and_corrections_kept(house):
    house.push(house.reading(NOW))
    commit = house.push(house.reading(NOW), house.reading(NOW, value=2.0))
    assert (commit.accepted, commit.duplicates, commit.corrections) == (1, 1, 1)


def test_every_reject_is_kept_with_its_reason_and_what_was_sent(house):
    house.push(house.reading(NOW, "NOPE"), {"point": house.point, "ts": iso(NOW), "value": None}, 7)
    kept = house.store.rejects("test").sort("index")
    assert kept["code"].to_list() == ["unknown_point", "bad_type", "not_an_object"]
    assert '"NOPE"' in kept["raw"][0]
    assert kept["raw"][2] == "7"


def test_a_body_that_could_not_be_read_is_kept_as_one_reject(house):
    house.pipeline.refuse("test", b'{"readings": [' + b"x" * 5000, BadInput("not JSON", "body", "bad_json"))
    [row] = house.store.rejects("test").rows(named=True)
    assert (row["index"], row["code"], row["field"]) == (WHOLE, "bad_json", "body")
    assert row["raw"].startswith('{"readings": [xx')
    assert len(row["raw"]) <= 2048


@pytest.mark.parametrize(("code", "quality"), [("01", 0), ("02", 1), ("03", 2), ("04", 2)])
def test_a_real_time_record_becomes_a_reading(house, code, quality):
    commit = house.pipeline.accept(house.realtime(value=7.5, quality=code))
    assert (commit.accepted, commit.rejected) == (1, ())
    row = house.store.state(house.store.tick()).filter(id=house.point).row(0, named=True)
    assert (row["value"], row["quality"], row["ts"]) == (7.5, quality, NOW)


def test_a_real_time_record_of_an_unknown_point_names_the_field_as_it_was_sent(house):
    row = record("gas_realtime", "P", indicator_id="NOPE", collected_at=iso(NOW))
    batch = http_push.decode_records(
        orjson.dumps([row]), http_push.JSON, dictionary().table("gas_realtime"), "test", None, NOW
    )
    [reject] = house.pipeline.accept(batch).rejected
    assert (reject.code, reject.field) == ("unknown_point", "records[0].indicator_id")


def test_records_go_to_their_table(house):
    row = record("enterprise", "E1")
    batch = http_push.decode_records(
        orjson.dumps([row]), http_push.JSON, dictionary().table("enterprise"), "test", "once", NOW
    )
    assert house.pipeline.accept(batch).accepted == 1
    assert house.pipeline.accept(batch).accepted == 1, "sent again with its id it gets the same answer"
    assert house.store.rejects().is_empty()
