"""The history by any path: in the ring, in closed minutes, settled, let go of, in day files — one set of answers."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache.store import Store
from tests.cache.batches import NOON, Clock, quick, readings, second
from twin.moment import parse_moment
from twin.settings import Thinning

LEVEL, TEMP = "LW1-T1-LEVEL", "LW1-T1-TEMP"
DAY = 86400
# every two minutes for half a day, then every second for ten minutes, with a hole, a late one and a correction
SLOW = [(each * 120.0, math.sin(each / 9) * 3) for each in range(360)]
FAST = [(DAY / 2 + each, math.cos(each / 50)) for each in range(600) if not 200 <= each < 290]
LATE, CORRECTED = (7 * 120.0 + 1, 44.0), (9 * 120.0, -55.0)
ALL = sorted({**dict(SLOW), **dict(FAST), LATE[0]: LATE[1], CORRECTED[0]: CORRECTED[1]}.items())


def filled(folder, park, clock: Clock, **more) -> Store:
    """A store into which all of it came as time passed, put in order all along."""
    store = Store.open(folder, park, settings=quick(snapshot_s=600, **more), clock=clock)
    for number, part in enumerate(np.array_split(np.array(SLOW + FAST), 60)):
        store.append(readings(*((LEVEL, float(at), float(value)) for at, value in part)))
        clock.now = max(clock.now, second(float(part[-1][0]) + 1))
        store.tidy()
        if number == 40:
            store.append(readings((LEVEL, *LATE), (LEVEL, *CORRECTED)))
    return store


@pytest.fixture(scope="module")
def past(tmp_path_factory, template, small_park):
    """The store an hour after the last reading, and its clock."""
    folder, clock = tmp_path_factory.mktemp("past"), Clock()
    shutil.copytree(template, folder, dirs_exist_ok=True)
    store = filled(folder, small_park, clock)
    clock.forward(3600)
    store.tidy()
    yield store, clock
    store.close()


def samples(said: dict) -> list[tuple[float, float]]:
    """Seconds after noon and value."""
    times = ((parse_moment(ts) - NOON).total_seconds() for ts in said["ts"])
    return list(zip(times, said["value"], strict=True))


def test_every_reading_is_there_and_no_other(past):
    store, _ = past
    kept = store.readings(second(-1), second(2 * DAY)).filter(point=LEVEL)
    assert len(kept) == len(SLOW) + len(FAST) + 2
    assert samples(store.history(LEVEL, second(0), second(DAY), max_points=5000)) == ALL


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.floats(-1000, DAY * 0.6),
    span=st.floats(1, DAY * 0.7),
    most=st.integers(1, 300),
    ago=st.floats(0, DAY * 0.6),
)
def test_buckets_hold_what_a_plain_count_says(past, start, span, most, ago):
    store, clock = past
    at = clock.now - timedelta(seconds=round(ago))
    start, end = round(start, 3), round(start + span, 3)
    said = store.history(LEVEL, second(start), second(end), at=at, max_points=most)
    known = store.readings(second(start), second(end)).filter(point=LEVEL)
    known = known.filter(known["known"] <= at).unique("ts", keep="last", maintain_order=True).sort("ts")
    assert len(said["ts"]) <= most
    if said["bucket_s"] == 0:
        assert [value for _, value in samples(said)] == known["value"].to_list()
        return
    assert len(known) > most
    assert said["resolution"] == 0
    width = said["bucket_s"]
    number = [math.floor(each.timestamp() / width) for each in known["ts"]]
    for index, bucket in enumerate(dict.fromkeys(number)):
        values = [value for value, each in zip(known["value"], number, strict=True) if each == bucket]
        assert said["min"][index] == min(values)
        assert said["max"][index] == max(values)
        assert said["value"][index] == pytest.approx(sum(values) / len(values))
    assert len(said["ts"]) == len(set(number))
    assert all(first < later for first, later in pairwise(said["ts"]))


def test_what_is_let_go_of_stays_within_its_resolution(tmp_path, template, small_park):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    clock = Clock()
    store = filled(tmp_path, small_park, clock, raw_days=2.0, sampled_days=5.0)
    whole = store.history(LEVEL, second(0), second(DAY / 2 - 1), max_points=150)
    state = store.state(second(DAY / 4))["value"].to_list()
    for days, files in ((4, 0), (8, 2)):
        clock.now = NOON + timedelta(days=days)
        store.append(readings((TEMP, days * DAY - 1.0, float(days))))
        store.tidy()
        clock.forward(601)
        store.tidy()
        said = store.history(LEVEL, second(0), second(DAY / 2 - 1), max_points=150)
        assert said["resolution"] == 300
        for name in ("ts", "min", "max"):
            assert said[name] == whole[name]
        assert said["value"] == pytest.approx(whole["value"])
        assert len(list(tmp_path.glob("archive/*.parquet"))) == files
        finest = store.history(LEVEL, second(0), second(600), max_points=2000)
        assert (finest["resolution"], finest["bucket_s"]) == (300, 300)
        assert store.stats()["readings"] == len(SLOW) + len(FAST) + 2 + (days // 4)
    assert store.readings(second(-1), second(DAY)).is_empty()
    old = store.state(second(DAY / 4))
    assert old["value"].to_list() == state or old["ts"][0] <= second(DAY / 4)
    store.close()
    store = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    assert store.history(LEVEL, second(0), second(DAY / 2 - 1), max_points=150)["min"] == whole["min"]
    store.close()


@pytest.mark.parametrize("method", ["swinging_door", "deadband"])
def test_a_thinned_point_stays_within_its_deviation_and_others_are_whole(tmp_path, template, small_park, method):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    rule = Thinning(method, points=(LEVEL,), deviation=0.02)
    park = replace(small_park, settings=replace(small_park.settings, thinning=(rule,)))
    clock = Clock()
    store = Store.open(tmp_path, park, settings=quick(), clock=clock)
    values = [(float(each), round(math.sin(each / 60), 4)) for each in range(600)]
    for each in np.array_split(np.array(values), 20):
        store.append(readings(*((name, float(at), float(value)) for name in (LEVEL, TEMP) for at, value in each)))
        clock.now = second(float(each[-1][0]) + 1)
        store.tidy()
    live = store.state(store.tick())
    clock.forward(600)
    store.tidy()
    thinned = samples(store.history(LEVEL, second(0), second(600)))
    assert [at for at, _ in thinned] == [at for at, _ in values]
    assert max(abs(one - other) for (_, one), (_, other) in zip(thinned, values, strict=True)) <= 0.02
    assert samples(store.history(TEMP, second(0), second(600))) == values
    kept = store._database.query("SELECT sum(len(value)) AS kept FROM blocks WHERE thin > 0")["kept"][0]
    assert kept < 300
    assert abs(store.state(store.tick())["value"][0] - live["value"][0]) <= 0.02
    again = store.append(readings(*((LEVEL, at, value) for at, value in values)))
    assert (again.accepted, again.duplicates) == (0, 600)
    store.close()
