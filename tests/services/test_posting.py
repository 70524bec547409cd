"""Rows that people have to be told of: looked at once for as long as they stay, and then forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cache.store import Store
from models.disaster import KINDS, disaster_notices
from services.posting import poster
from tests.cache.batches import NOON, Clock, quick, records


@pytest.fixture
def store(tmp_path, small_park) -> Iterator[Store]:
    opened = Store.open(tmp_path, small_park, settings=quick(), clock=Clock())
    yield opened
    opened.close()


def publish(store: Store, words: str) -> None:
    said = {"disaster_type": "109", "published_content": words, "publish_date": NOON.date(), "is_deleted": False}
    store.append(records("natural_disaster_notice", {"id": "ND-1", **said}))


def test_a_row_is_looked_at_once_while_it_stays_and_nothing_is_known_of_one_that_has_gone(store):
    looked_at: list[str] = []

    def notices(row, at):
        looked_at.append(row["words"])
        return disaster_notices(row, ["LW1"], at)

    look = poster(store, "notify/disasters", lambda row: (row["id"], row["words"]), notices, kinds=list(KINDS))
    for words in ("台风Ⅲ级预警", "台风Ⅱ级预警", "台风Ⅲ级预警"):
        publish(store, words)
        look(store.tick())
        look(store.tick())
    assert looked_at == ["台风Ⅲ级预警", "台风Ⅱ级预警", "台风Ⅲ级预警"]
    told = store._database.query("SELECT id FROM notice")["id"]
    assert len(told) == 2, "what came back had been told"
