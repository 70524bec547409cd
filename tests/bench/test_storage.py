"""How many bytes a reading takes, and how far thinned ones are from what came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from cache.store import Store
from park.load import Park
from tests.bench import reference
from tests.bench.fill import SETTINGS
from tests.bench.measure import percent
from tests.bench.reference import Phase, Shown, steps_of, tell
from tests.bench.scale import MOMENTS, SET_ROWS
from tests.cache.batches import NOON, Clock
from tests.conftest import Figure
from twin.settings import Thinning

pytestmark = pytest.mark.bench
PROCESS = ("level", "temperature", "pressure", "flow")
RAW_BYTES = 21  # point, time, value, quality
SETS = [
    ("on the second", reference.on_the_second, 2.5),
    ("each point at its own place in the second", reference.each_in_its_turn, 6.0),
    ("at any microsecond", reference.scattered, 6.0),
]
OF_RANGE, OF_STEP = "0.5 % of the range", "one step of the instrument"


@pytest.fixture(scope="module")
def shown(demo_park: Park) -> Shown:
    """The demo's instruments for as long as it takes."""
    return Shown.of(-(-SET_ROWS // len(demo_park.points)))


@pytest.mark.parametrize(("name", "phase", "promised"), SETS)
def test_bytes_a_reading(
    tmp_path: Path, demo_park: Park, shown: Shown, figure: Figure, name: str, phase: Phase, promised: float
) -> None:
    told = tell(tmp_path, demo_park, shown, phase)
    figure(f"reference set {name}: bytes a reading", f"≤ {promised}", str(told))
    assert told.readings == shown.there.sum()
    assert told.used_bytes / told.readings <= promised


def rules_of(park: Park, deviation: NDArray[np.float64] | None) -> tuple[Thinning, ...]:
    """Half a percent of the range, or a deviation for each process point in its unit."""
    if deviation is None:
        return (Thinning(kinds=PROCESS, percent=0.5),)
    ids, process = park.points["id"], process_of(park)
    alike = {each: ids.filter(pl.Series((deviation == each) & process)) for each in np.unique(deviation[process])}
    return tuple(Thinning(points=tuple(some), deviation=float(each)) for each, some in alike.items())


def process_of(park: Park) -> NDArray[np.bool_]:
    """Which points measure the process."""
    return park.points["kind"].is_in(PROCESS).to_numpy()


@pytest.mark.parametrize("deviation", [OF_RANGE, OF_STEP])
def test_swinging_door(tmp_path: Path, demo_park: Park, shown: Shown, figure: Figure, deviation: str) -> None:
    span = (demo_park.points["range_hi"] - demo_park.points["range_lo"]).fill_null(0.0).to_numpy()
    most = span * 0.005 if deviation == OF_RANGE else steps_of(demo_park)
    rules = rules_of(demo_park, None if deviation == OF_RANGE else most)
    park = replace(demo_park, settings=replace(demo_park.settings, thinning=rules))
    process = shown.only(process_of(park) & (most > 0))
    told = tell(tmp_path, park, process, reference.on_the_second)
    share = told.used_bytes / told.readings / RAW_BYTES
    worst = furthest(tmp_path, park, process, most)
    name = f"swinging door, process signals, deviation {deviation}"
    figure(f"{name}: of the raw 21 bytes a row", "≤ 10 %", percent(share, 1))
    figure(f"{name}: largest error", "≤ 1 deviation", f"{worst:.4f}")
    assert worst <= 1
    assert share <= 0.10


def furthest(folder: Path, park: Park, sent: Shown, most: NDArray[np.float64]) -> float:
    """The largest error of every sample of some points, in deviations."""
    clock = Clock()
    clock.now = NOON + timedelta(days=1)
    store = Store.open(folder, park, settings=SETTINGS, clock=clock)
    among = np.flatnonzero(sent.there.any(axis=0))
    points = np.random.default_rng(reference.SEED).choice(among, min(5 * MOMENTS, len(among)), replace=False)
    worst, end = 0.0, NOON + timedelta(seconds=len(sent.value))
    for ix in points:
        said = store.history(park.points["id"][int(ix)], NOON, end, max_points=len(sent.value))
        came = sent.value[sent.there[:, ix], ix]
        assert len(said["value"]) == len(came)
        worst = max(worst, float(np.abs(np.array(said["value"]) - came).max() / most[ix]))
    store.close()
    return worst
