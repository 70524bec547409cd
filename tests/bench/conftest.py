"""Parks and stores of full size; each is made once, when the first bench wants it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.enlarge import enlarge
from park.load import Park, load_park
from tests.bench.fill import Filled, Filler, Stretch
from tests.bench.scale import EARLIER_DAYS, HOUR_S, PERIOD_S, POINTS, ROWS, WIDE_ROWS
from tests.serving import DEMO_PARK, Server, running
from twin.moment import now

DAY_S = 86_400
READY_S = 300.0


@pytest.fixture(scope="session")
def wide_park(tmp_path_factory: pytest.TempPathFactory) -> Park:
    """A park of a hundred thousand points."""
    return load_park(enlarge(DEMO_PARK, tmp_path_factory.mktemp("park") / f"park-{POINTS}", POINTS))


@pytest.fixture(scope="session")
def wide_store(tmp_path_factory: pytest.TempPathFactory, wide_park: Park) -> Filled:
    """An hour of all its points, at a reading every ten seconds (``PERIOD_S``)."""
    filler = Filler(wide_park, now().replace(microsecond=0), (Stretch(HOUR_S, PERIOD_S),))
    return filler.fill(tmp_path_factory.mktemp("wide"))


@pytest.fixture(scope="session")
def wide_and_deep_store(tmp_path_factory: pytest.TempPathFactory, wide_park: Park) -> Filled:
    """Hours of them, as many readings as in the deep store."""
    stretch = Stretch(-(-WIDE_ROWS // len(wide_park.points)) * PERIOD_S, PERIOD_S)
    return Filler(wide_park, now().replace(microsecond=0), (stretch,)).fill(tmp_path_factory.mktemp("wide-and-deep"))


@pytest.fixture(scope="session")
def hour_store(tmp_path_factory: pytest.TempPathFactory, demo_park: Park) -> Filled:
    """An hour of the demo park at a reading a second."""
    filler = Filler(demo_park, now().replace(microsecond=0), (Stretch(HOUR_S),))
    return filler.fill(tmp_path_factory.mktemp("hour"))


@pytest.fixture(scope="session")
def deep_store(tmp_path_factory: pytest.TempPathFactory, demo_park: Park) -> Filled:
    """The demo park's readings of a day and more at one a second, and of the days before at one in five minutes."""
    seconds = -(-ROWS // len(demo_park.points))
    stretches = (Stretch(EARLIER_DAYS * DAY_S, 300), Stretch(seconds))
    filler = Filler(demo_park, now().replace(microsecond=0), tuple(each for each in stretches if each.seconds))
    return filler.fill(tmp_path_factory.mktemp("deep"))


def millions(store: Filled) -> str:
    """How a store is called in figures."""
    return f"{store.readings / 1e6:,.0f} M readings"


@contextmanager
def serving(park: Park, data: Path) -> Iterator[Server]:
    """A server of a park on a data folder, ready."""
    with running(["run", "--park", str(park.folder)], data, ready_s=READY_S, fresh=True) as server:
        yield server
