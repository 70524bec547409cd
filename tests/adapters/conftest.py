"""A server of one's own, a sink for batches, and what was logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition, Lock

import pytest

from adapters._retry import Retry
from adapters._supervisor import Supervisor
from park.load import Park
from tests.adapters.dropping import Dropping
from tests.adapters.exchange import WAIT_S, Plant, Told, record
from tests.adapters.fronts import KINDS, VARIABLE, Front
from tests.clusters import PASSWORD
from twin.errors import TwinError
from twin.moment import Moment, now
from twin.reading import Batch, Commit

FrontOf = Callable[[str], Front]


class Sink:
    """Stands for the store: keeps batches and cursors; may refuse for a while."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.cursors: dict[str, str] = {}
        self.refuses: TwinError | None = None
        self._news = Condition(Lock())

    def deliver(self, batch: Batch) -> Commit:
        with self._news:
            if self.refuses is not None:
                raise self.refuses
            self.batches.append(batch)
            if batch.cursor is not None:
                self.cursors[batch.source] = batch.cursor
            self._news.notify_all()
        return Commit(batch.rows.height, 0, batch.rejects, batch.received_at)

    def rows(self, source: str | None = None) -> int:
        return sum(each.rows.height for each in self.batches if source in (None, each.source))

    def wait_rows(self, rows: int, source: str | None = None) -> None:
        with self._news:
            found = self._news.wait_for(lambda: self.rows(source) >= rows, WAIT_S)
        assert found, f"{self.rows(source)} of {rows} rows came"


@pytest.fixture
def moment() -> Moment:
    return now()


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def told() -> Iterator[Told]:
    book = Told()
    log = logging.getLogger("parktwin.sources")
    level = log.level
    log.addHandler(book)
    log.setLevel(logging.INFO)
    yield book
    log.removeHandler(book)
    log.setLevel(level)


@pytest.fixture
def plants() -> Iterator[Callable[..., Plant]]:
    made: list[Plant] = []

    def make(**tables: int) -> Plant:
        rows = {name: [record(name, f"{name}-{n}") for n in range(count)] for name, count in tables.items()}
        made.append(Plant(rows))
        return made[-1]

    yield make
    for plant in made:
        plant.close()


@pytest.fixture
def supervisor(sink: Sink) -> Iterator[Supervisor]:
    each = Supervisor(sink.deliver, sink.cursors.get, now, Retry(first_s=0.02, longest_s=0.1))
    yield each
    each.stop()


@pytest.fixture
def front_of(small_park: Park, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontOf]:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    made: list[Front] = []

    def make(kind: str) -> Front:
        url = request.getfixturevalue(kind)
        made.append(KINDS[kind](url, f"t{abs(hash(request.node.name))}", small_park))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(params=KINDS)
def front(front_of: FrontOf, request: pytest.FixtureRequest) -> Front:
    """A front database of either kind."""
    return front_of(request.param)


@pytest.fixture
def postgres_front(front_of: FrontOf) -> Front:
    return front_of("postgres")


@pytest.fixture
def mysql_front(front_of: FrontOf) -> Front:
    return front_of("mysql")


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Dropping]:
    """A folder watched with options of one's own."""

    def make(**options: object) -> Dropping:
        folder = tmp_path / "in"
        folder.mkdir()
        return Dropping(folder, **options)

    return make
