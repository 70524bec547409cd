"""A file of every earlier form, made with plain SQL, opens with all that was in it; and what stands in the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import orjson
import polars as pl
import pytest

from cache import migrate
from cache.answers import key_of
from cache.database import FILE
from cache.exchange import statements
from cache.store import Store
from cache.verify import verify
from tests.cache.batches import NOON, Clock, quick, readings
from twin.dictionary import dictionary
from twin.errors import StoreError

STEPS = {int(each.name[:3]): each for each in sorted((Path(migrate.__file__).parent / "schema").glob("*.sql"))}
LEVEL, TEMP = "LW1-T1-LEVEL", "LW1-T1-TEMP"
BEGAN = NOON - timedelta(minutes=30)
READINGS = 900


def at(seconds: float) -> datetime:
    """So long after the beginning, as a file keeps times."""
    return (BEGAN + timedelta(seconds=seconds)).replace(tzinfo=None)


def fill_first(file: duckdb.DuckDBPyConnection) -> None:
    """A quarter of an hour of two points, a late reading, a correction, records, answers, rejects, a cursor."""
    for sql in statements(dictionary(), {}):
        file.execute(sql)
    file.execute("INSERT INTO source_number VALUES ('plant', 0)")
    file.execute("INSERT INTO point_number VALUES (?, 0), (?, 1), ('GONE-1', 2)", [LEVEL, TEMP])
    rows = [(each % 2, at(each), float(each), 0, at(each + 0.5), 0, 2) for each in range(READINGS)]
    rows += [
        (0, at(101.5), 7.25, 1, at(910), 0, 0),
        (1, at(101), -5.0, 0, at(911), 0, 0),
        (2, at(3), 1.0, 0, at(912), 0, 2),
    ]
    file.executemany("INSERT INTO reading_raw VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    snapshot = [(at(600.6), each % 2, at(each), float(each), 0, at(each + 0.5), 0, at(each)) for each in (599, 600)]
    file.executemany("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?)", snapshot)
    answer = orjson.dumps({"accepted": 3, "duplicates": 1, "rejected": [], "late": 0, "corrections": 0}).decode()
    key = key_of(readings(batch_id="first"))
    file.execute("INSERT INTO batch VALUES (?, 'plant', 'first', ?, ?)", [key, at(900), answer])
    file.execute("INSERT INTO source_cursor VALUES ('plant', 'page-9', ?)", [at(900)])
    raw = [at(900), "plant", "first", "reading", 4, "unknown_point", "the park has no point 'X'", "readings[4]", "{}"]
    file.execute("INSERT INTO reject VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", raw)
    file.execute("INSERT INTO pulse VALUES (?, 12, 2, 1)", [at(900)])
    commitment = (
        "INSERT INTO x_safety_commitment (id, risk_grade, known_from, known_to, from_source) VALUES (?, ?, ?, ?, ?)"
    )
    file.execute(commitment, ["C1", "04", at(10), at(500), "plant"])
    file.execute(commitment, ["C1", "03", at(500), None, "plant"])
    alarm = (
        "INSERT INTO x_hazard_alarm (id, hazard_point_id, alarm_type, alarm_at, alarm_status, handling_status, "
        "known_from, known_to, from_source) VALUES ('HA1', ?, '02', ?, '01', ?, ?, ?, 'plant')"
    )
    file.execute(alarm, [LEVEL, at(20), "01", at(21), at(400)])
    file.execute(alarm, [LEVEL, at(20), "02", at(400), None])


# what is put into a file that stands at a step; a later step that fills other tables adds its own
FILLS: dict[int, Callable[[duckdb.DuckDBPyConnection], None]] = {1: fill_first}


def older(folder: Path, step: int) -> Path:
    """A file as the program of that step left it."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(folder / FILE)) as file:
        file.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name VARCHAR, applied_at TIMESTAMP)")
        for each in sorted(each for each in STEPS if each <= step):
            file.execute(STEPS[each].read_text("utf-8"))
            file.execute("INSERT INTO schema_version VALUES (?, ?, ?)", [each, STEPS[each].stem, at(0)])
        FILLS[max(each for each in FILLS if each <= step)](file)
    return folder


def check(store: Store) -> None:
    """All that was put in is there, asked as a screen or a program would."""
    assert store.stats()["readings"] == READINGS + 3
    said = store.history(LEVEL, BEGAN, NOON, max_points=2000)
    expected = sorted([*((float(each), float(each)) for each in range(0, READINGS, 2)), (101.5, 7.25)])
    assert [
        ((ts - BEGAN).total_seconds(), value) for ts, value in zip(times(said), said["value"], strict=True)
    ] == expected
    temp = store.history(TEMP, BEGAN, NOON, max_points=2000)["value"]
    assert -5.0 in temp
    state = store.state(store.tick()).filter(state_of(LEVEL))
    assert state["value"].to_list() == [898.0]
    assert store.state(BEGAN + timedelta(seconds=300)).filter(state_of(LEVEL))["value"].to_list() == [298.0]
    assert store.cursor("plant") == "page-9"
    assert store.rejects()["message"].to_list() == ["the park has no point 'X'"]
    again = store.append(readings((LEVEL, 0, 1.0), batch_id="first"))
    assert (again.accepted, again.duplicates) == (3, 1), "a batch sent again gets the answer it got then"
    assert grade(store, 300) == ["04"]
    assert grade(store, 600) == ["03"]
    assert [alarm(store, seconds) for seconds in (10, 60, 600)] == [[], [("S", "new", True)], [("S", "screen", True)]]
    assert verify(store._database).entries == 2


def times(said: dict) -> list[datetime]:
    """Times of a history."""
    return [each if isinstance(each, datetime) else datetime.fromisoformat(each) for each in said["ts"]]


def state_of(point: str) -> pl.Expr:
    """The row of a point."""
    return pl.col("id") == point


def alarm(store: Store, seconds: float) -> list[tuple]:
    """Level and stage of the alarms that were known then, and whether they lasted."""
    sql = "SELECT level, stage, open FROM alarm_at($at)"
    return store._database.query(sql, {"at": BEGAN + timedelta(seconds=seconds)}).rows()


def grade(store: Store, seconds: float) -> list[str]:
    """What the commitment said then."""
    sql = "SELECT risk_grade FROM safety_commitment_at($at)"
    return store._database.query(sql, {"at": BEGAN + timedelta(seconds=seconds)})["risk_grade"].to_list()


@pytest.mark.parametrize("step", [each for each in STEPS if each < max(STEPS)])
def test_a_file_of_an_earlier_form_opens_with_all_that_was_in_it(tmp_path, small_park, step):
    folder = older(tmp_path / "data", step)
    for _ in range(2):
        store = Store.open(folder, small_park, settings=quick(), clock=Clock())
        check(store)
        store.close()
    kept = folder / f"parktwin.before-{max(STEPS):03}.duckdb"
    assert [each.name for each in folder.glob("*.before-*")] == [kept.name]
    with duckdb.connect(str(kept), read_only=True) as file:
        assert file.execute("SELECT max(version) FROM schema_version").fetchall() == [(step,)]
        assert file.execute("SELECT count(*) FROM reading_raw").fetchall() == [(READINGS + 3,)]


def test_a_new_file_has_nothing_to_be_kept(tmp_path, small_park):
    Store.open(tmp_path, small_park, settings=quick()).close()
    Store.open(tmp_path, small_park, settings=quick()).close()
    assert list(tmp_path.glob("*.before-*")) == []


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path, template, small_park):
    folder = Path(shutil.copytree(template, tmp_path / "data"))
    with duckdb.connect(str(folder / FILE)) as file:
        file.execute("INSERT INTO schema_version VALUES (999, 'future', now()::TIMESTAMP)")
    before = (folder / FILE).read_bytes()
    with pytest.raises(StoreError, match=r"newer version \(step 999\)"):
        Store.open(folder, small_park, settings=quick())
    assert (folder / FILE).read_bytes() == before
    assert sorted(each.name for each in folder.iterdir()) == [FILE]


def test_a_step_that_fails_in_the_middle_leaves_the_file_as_it_was(tmp_path, small_park, monkeypatch):
    folder = older(tmp_path / "data", 1)
    broken = tmp_path / "cache"
    shutil.copytree(Path(migrate.__file__).parent / "schema", broken / "schema")
    (broken / "schema" / f"{max(STEPS) + 1:03}_broken.sql").write_text(
        "ALTER TABLE pulse ADD COLUMN more INTEGER;\nDELETE FROM reject;\nINSERT INTO nowhere VALUES (1);"
    )
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "_HERE", broken)
        with pytest.raises(duckdb.CatalogException, match="nowhere"):
            Store.open(folder, small_park, settings=quick())
    store = Store.open(folder, small_park, settings=quick(), clock=Clock())
    check(store)
    store.close()


def test_where_there_is_no_room_it_goes_on_without_a_copy(tmp_path, small_park, monkeypatch, caplog):
    folder = older(tmp_path / "data", 1)
    monkeypatch.setattr(migrate, "_SPARE_BYTES", 1 << 60)
    store = Store.open(folder, small_park, settings=quick(), clock=Clock())
    check(store)
    store.close()
    assert list(folder.glob("*.before-*")) == []
    assert "without a copy of it" in caplog.text


def test_only_the_last_two_copies_are_kept(tmp_path, small_park):
    folder = older(tmp_path / "data", 1)
    for each in ("000", "001"):
        (folder / f"parktwin.before-{each}.duckdb").touch()
    Store.open(folder, small_park, settings=quick()).close()
    assert sorted(each.name for each in folder.glob("*.before-*")) == [
        "parktwin.before-001.duckdb",
        f"parktwin.before-{max(STEPS):03}.duckdb",
    ]
