"""What every test may use: the parks, a free port, a browser, and the book of measured figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from park.load import Park, load_park
from tests import serving
from tests.mariadb import mariadb_cluster
from tests.park.folder import ParkCopy
from tests.plants import Exchange
from tests.postgres import postgres_cluster
from tests.serving import DEMO_PARK, ROOT, SMALL_PARK
from tests.system import find_chromium

OUT = ROOT / "tests" / "out"
BROWSER = "tests/browser/"
# these need no demo park, whose feed is a load; the browser's other tests share the one that is started for them
PLAIN = tuple(
    f"{BROWSER}test_{each}.py"
    for each in ("accounts", "alarms", "gas_warnings", "people", "requests", "tools", "trend", "walls")
)
LONG = (BROWSER, "tests/crash/", "tests/api/", "tests/demo/", "tests/cache/")  # these begin first

Figure = Callable[[str, str, str], None]

hypothesis.settings.register_profile("side by side", deadline=None)  # others work beside it
hypothesis.settings.load_profile("side by side")


class SeveralHands(LoadScopeScheduling):  # type: ignore[misc]  # the plugin has no types
    """Who works where when several work side by side: a file stays whole, and what drives the browser makes two rows,
    each of which shares a browser and servers that are dear to start."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        if not file.startswith(BROWSER):
            return file
        return f"{BROWSER} plain" if file in PLAIN else BROWSER


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SeveralHands:
    """The scheduler that ``--dist`` asks for."""
    return SeveralHands(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for servers begins first, so that the end has only short files left to share."""
    items.sort(key=lambda item: next((rank for rank, each in enumerate(LONG) if item.nodeid.startswith(each)), 9))
    items.sort(key=lambda item: item.nodeid.split("::", 1)[0] not in PLAIN)


@pytest.fixture(autouse=True)
def nobody_left() -> Iterator[None]:
    """Servers that a test has started and did not come to end are ended, so that they do not load all that follow."""
    yield
    while serving.LOOSE:
        server = serving.LOOSE.pop()
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def demo_park() -> Park:
    """The park that the project ships: 76 enterprises, 4,000 points."""
    return load_park(DEMO_PARK)


@pytest.fixture(scope="session")
def small_park() -> Park:
    """A park by other hands: two enterprises, twelve points, no park.toml."""
    return load_park(SMALL_PARK)


@pytest.fixture
def park_copy(tmp_path: Path) -> ParkCopy:
    """The small park in a folder of its own, to be broken."""
    return ParkCopy(tmp_path, SMALL_PARK)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """An exchange server, a source of records."""
    each = Exchange()
    yield each
    each.close()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return serving.free_port()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser; set-up has put one there."""
    found = find_chromium()
    if found is None:
        pytest.fail("no Chromium; `make test` installs one, or name one in PARKTWIN_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own; who needs it to be empty makes a schema."""
    with postgres_cluster() as cluster:
        yield cluster.url


@pytest.fixture(scope="session")
def mysql() -> Iterator[str]:
    """The address of a MariaDB of our own; who needs it to be empty makes a database."""
    with mariadb_cluster() as cluster:
        yield cluster.url


@pytest.fixture(scope="session")
def out() -> Path:
    """Where tests leave what people look at: screenshots, traces, figures."""
    OUT.mkdir(parents=True, exist_ok=True)
    return OUT


@pytest.fixture(scope="session")
def figure(out: Path) -> Figure:
    """``figure(what, promised, measured)`` keeps a figure; ``make bench`` writes all of them to the README."""

    def keep(what: str, promised: str, measured: str) -> None:
        line = json.dumps({"what": what, "promised": promised, "measured": measured}, ensure_ascii=False)
        with (out / "figures.jsonl").open("a", encoding="utf-8") as book:
            book.write(line + "\n")

    return keep
