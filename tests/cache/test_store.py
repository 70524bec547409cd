"""What the store promises: acknowledged is durable and visible, nothing twice, two times, one writer."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest

from cache.store import Store
from tests.cache.batches import NOON, quick, readings, records, second
from tests.serving import ROOT
from twin.errors import Busy, DiskLow, NotFound, StoreError
from twin.reading import Reject

LEVEL, TEMP, GAS = "LW1-T1-LEVEL", "LW1-T1-TEMP", "LW1-U1-GC1"


def now_of(store: Store, point: str) -> dict[str, object]:
    """The point as it is now."""
    return store.state(store.tick()).row(by_predicate=pl.col("id") == point, named=True)


def test_an_acknowledged_reading_is_visible_at_once(store):
    answer = store.append(readings((LEVEL, -1, 5.0), (GAS, -1, 30.0, 1)))
    assert (answer.accepted, answer.duplicates, answer.rejected) == (2, 0, ())
    level, gas = now_of(store, LEVEL), now_of(store, GAS)
    assert (level["value"], level["ts"], level["source"], level["status"]) == (5.0, second(-1), "plant", "normal")
    assert (gas["quality"], gas["status"], gas["known"]) == (1, "h", answer.known)
    assert now_of(store, TEMP)["status"] == "nodata"


def test_a_batch_sent_again_gets_the_same_answer_and_changes_nothing(opened, clock):
    store = opened()
    refused = Reject(7, "bad_time", "readings[7]: no time", "readings[7].ts", raw="{}")
    batch = readings((LEVEL, -1, 5.0), batch_id="once", rejects=[refused], cursor="17")
    first = store.append(batch)
    clock.forward(5)
    again = store.append(batch)
    assert again.as_json() == first.as_json()
    assert again.known == first.known
    store.close()
    store = opened()
    assert store.append(batch).as_json() == first.as_json()
    assert store.stats()["readings"] == 1
    assert len(store.rejects()) == 1
    assert store.cursor("plant") == "17"


def test_the_same_batch_id_of_another_source_is_another_batch(store):
    store.append(readings((LEVEL, -2, 5.0), batch_id="1", source="a"))
    assert store.append(readings((LEVEL, -1, 5.0), batch_id="1", source="b")).accepted == 1


def test_a_reading_kept_already_is_a_duplicate_however_it_comes(store):
    assert store.append(readings((LEVEL, -3, 5.0), (LEVEL, -3, 5.0))).duplicates == 1
    store.append(readings((LEVEL, -2, 6.0)))
    answer = store.append(readings((LEVEL, -3, 5.0), (LEVEL, -2, 6.0), (LEVEL, -1, 6.0)))
    assert (answer.accepted, answer.duplicates) == (1, 2)


def test_another_value_at_the_same_time_is_a_correction_and_both_are_kept(store):
    before = store.append(readings((LEVEL, -1, 5.0)))
    answer = store.append(readings((LEVEL, -1, 5.5)))
    assert (answer.accepted, answer.corrections) == (1, 1)
    assert now_of(store, LEVEL)["value"] == 5.5
    assert store.history(LEVEL, second(-9), second(0))["value"] == [5.5]
    assert store.history(LEVEL, second(-9), second(0), at=before.known)["value"] == [5.0]
    assert store.append(readings((LEVEL, -1, 5.0))).duplicates == 1
    assert now_of(store, LEVEL)["value"] == 5.5


def test_a_late_reading_is_kept_but_does_not_become_the_newest(store):
    store.append(readings((LEVEL, -1, 5.0)))
    assert store.append(readings((LEVEL, -9, 4.0))).late == 1
    assert now_of(store, LEVEL)["value"] == 5.0
    assert store.history(LEVEL, second(-20), second(0))["value"] == [4.0, 5.0]


def test_last_received_and_last_changed_are_two_things(store):
    store.append(readings((LEVEL, -9, 5.0), (LEVEL, -8, 5.0)))
    store.append(readings((LEVEL, -7, 6.0)))
    store.append(readings((LEVEL, -6, 6.0)))
    said = now_of(store, LEVEL)
    assert (said["ts"], said["changed"]) == (second(-6), second(-7))


def test_a_row_that_cannot_be_kept_is_refused_by_name_and_the_rest_goes_through(store):
    batch = readings((LEVEL, -1, 5.0), ("NOBODY", -1, 1.0), (TEMP, -1, float("nan")))
    answer = store.append(batch)
    assert answer.accepted == 1
    assert [(each.index, each.code) for each in answer.rejected] == [(1, "unknown_point"), (2, "not_finite")]
    assert "NOBODY" in answer.rejected[0].message
    assert store.rejects("plant")["code"].to_list() == ["unknown_point", "not_finite"]
    assert store.rejects("other").is_empty()


def test_a_batch_that_cannot_be_written_harms_no_other(opened):
    store = opened(quick(group_s=0.2))
    store.append(readings((LEVEL, -9, 1.0)))
    broken = replace(readings((LEVEL, -2, 5.0)), rows=pl.DataFrame({"nonsense": [1]}))
    futures = [store.submit(each) for each in (readings((LEVEL, -3, 4.0)), broken, readings((LEVEL, -1, 6.0)))]
    assert futures[0].result().accepted == futures[2].result().accepted == 1
    with pytest.raises(StoreError, match="could not be written"):
        futures[1].result()
    assert now_of(store, LEVEL)["value"] == 6.0


def test_a_table_that_is_not_in_the_dictionary_is_refused(store):
    with pytest.raises(NotFound, match="'nonsense'"):
        store.append(records("nonsense", {"id": "1"}))


def submit_many(store: Store, number: int) -> None:
    for each in range(number):
        store.submit(readings((LEVEL, each, 2.0)))


def test_a_full_queue_says_so_instead_of_growing(opened):
    store = opened(quick(queue_batches=1, group_s=30.0))
    store.append(readings((LEVEL, -9, 1.0)))
    with pytest.raises(Busy):
        submit_many(store, 100)


def test_a_full_disk_says_so(opened):
    store = opened(quick(min_free_bytes=2**62))
    with pytest.raises(DiskLow):
        store.append(readings((LEVEL, -1, 1.0)))


def test_closing_writes_what_is_waiting(opened):
    store = opened(quick(group_s=30.0))
    store.append(readings((LEVEL, -9, 1.0)))
    waiting = [store.submit(readings((LEVEL, each - 8, float(each)))) for each in range(5)]
    store.close()
    assert [each.result(0).accepted for each in waiting] == [1] * 5
    with pytest.raises(StoreError, match="closed"):
        store.submit(readings((LEVEL, 0, 1.0)))
    assert now_of(opened(), LEVEL)["value"] == 4.0


def test_many_threads_may_send_and_ask_at_once(opened):
    store = opened(quick(group_s=0.01))

    def send(source: int) -> None:
        for each in range(20):
            store.append(readings((LEVEL, source * 100 + each, float(each)), source=f"s{source}"))
            store.state(store.tick())
            store.reader().read("state/pulse", at=store.tick(), enterprise=None)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(6)))
    assert store.stats()["readings"] == 120


def test_known_never_goes_back_even_when_the_clock_does(opened, clock):
    store = opened()
    known = [store.append(readings((LEVEL, -1, 1.0))).known]
    clock.forward(-3600)
    known.append(store.append(readings((LEVEL, 0, 2.0))).known)
    known.append(store.tick())
    known.append(store.append(readings((LEVEL, 1, 3.0))).known)
    store.close()
    known.append(opened().append(readings((LEVEL, 2, 4.0))).known)
    assert known == sorted(known)
    assert known[2] < known[3] < known[4]


def test_one_process_opens_a_file_once(opened):
    opened()
    with pytest.raises(StoreError, match="open already in this process"):
        opened()


def test_a_second_process_is_told_who_has_the_file(opened, tmp_path):
    opened()
    code = (
        "from pathlib import Path; from cache.store import Store; from park.load import load_park\n"
        f"Store.open(Path({str(tmp_path / 'data')!r}), load_park(Path('tests/parks/small')))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stderr
    last = said.strip().splitlines()[-1]
    assert "is open in another process (PID" in last
    assert "choose another data folder" in last


def test_a_file_that_is_no_database_is_one_sentence(tmp_path, small_park):
    (tmp_path / "parktwin.duckdb").write_bytes(b"this is not it" * 1000)
    with pytest.raises(StoreError, match=r"parktwin\.duckdb cannot be opened"):
        Store.open(tmp_path, small_park, settings=quick())


def test_stats_say_how_large_it_is(store):
    store.append(readings((LEVEL, -1, 5.0), (LEVEL, -1, 5.0)))
    said = store.stats()
    assert (said["points"], said["readings"], said["write_queue"]) == (12, 1, 0)
    assert said["size_bytes"] > 0
    assert said["disk_free_bytes"] > 0
    assert len(store.timings) == 1


def test_a_point_keeps_its_history_when_the_park_is_edited(opened, small_park):
    store = opened()
    store.append(readings((LEVEL, -1, 5.0), (GAS, -1, 7.0)))
    store.close()
    points = small_park.points.reverse().filter(pl.col("id") != TEMP)
    points = points.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("ix"))
    store = opened(park=replace(small_park, points=points))
    assert now_of(store, LEVEL)["value"] == 5.0
    assert now_of(store, GAS)["value"] == 7.0
    store.append(readings((GAS, 0, 8.0)))
    assert store.append(readings((GAS, -1, 7.0))).duplicates == 1
    assert store.history(GAS, second(-9), second(9))["value"] == [7.0, 8.0]
    store.close()
    store = opened()
    assert store.history(GAS, second(-9), second(9))["value"] == [7.0, 8.0]
    assert now_of(store, LEVEL)["value"] == 5.0


def test_a_park_without_points_opens(opened, small_park):
    store = opened(park=replace(small_park, points=small_park.points.head(0)))
    assert store.state(store.tick()).is_empty()
    assert store.append(readings((LEVEL, -1, 5.0))).rejected[0].code == "unknown_point"
    assert store.stats()["points"] == 0


def test_the_minute_leaves_a_pulse(opened, clock):
    store = opened()
    store.append(readings((LEVEL, -1, 5.0), (TEMP, -30, 20.0), (GAS, -300, 0.0)))
    clock.forward(60 - NOON.second)
    store.append(readings((LEVEL, 59, 5.0), (TEMP, 30, 20.0)))
    store.append(readings((LEVEL, 60, 5.0)))
    store.close()
    store = opened()
    pulse = store._database.query("SELECT points, online, stale FROM pulse")
    assert pulse.rows() == [(12, 2, 1)]
