"""A store on the small park, and batches for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cache.store import Store
from park.load import Park
from tests.cache.batches import Clock, quick
from twin.settings import StoreSettings


@pytest.fixture
def clock() -> Clock:
    """A clock that is set by hand."""
    return Clock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, small_park: Park) -> Path:
    """A store's folder as its first opening leaves it; copied, so that each test need not make 195 tables."""
    folder = tmp_path_factory.mktemp("template")
    Store.open(folder, small_park, settings=quick(), clock=Clock()).close()
    return folder


@pytest.fixture
def opened(tmp_path: Path, template: Path, small_park: Park, clock: Clock) -> Iterator[Callable[..., Store]]:
    """Opens stores on one folder; closes what a test leaves open."""
    shutil.copytree(template, tmp_path / "data")
    stores: list[Store] = []

    def open_store(settings: StoreSettings | None = None, park: Park = small_park) -> Store:
        stores.append(Store.open(tmp_path / "data", park, settings=settings or quick(), clock=clock))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    """An empty store."""
    return opened()
