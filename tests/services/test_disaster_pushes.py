"""Flood and typhoon are told by level, once each, and again when they become graver (R-PU-6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cache.store import Store
from models.disaster import level_of
from services.round.disaster_pushes import ROUND
from tests.cache.batches import NOON, Clock, quick, records
from twin.notice import Post, of_enterprise, of_park

TOWN, CENTRE = of_park(Post.TOWN), of_park(Post.COMMAND_CENTRE)
OWNER = of_enterprise(Post.ENTERPRISE_DUTY_STAFF, "LW1")


@pytest.fixture
def store(tmp_path, small_park) -> Iterator[Store]:
    opened = Store.open(tmp_path, small_park, settings=quick(), clock=Clock())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("发布台风Ⅰ级预警", 1), ("暴雨红色预警", 1), ("防汛二级响应", 2), ("II级", 2), ("III 级", 3),
        ("台风黄色预警", 3),
        ("注意防范", 3), (None, 3), ("由三级升至一级", 1),
    ],
)  # fmt: skip
def test_the_level_is_read_from_the_words(words, level):
    assert level_of(words) == level


def told(store: Store) -> list[set[str]]:
    rows = store._database.query("SELECT addressees FROM notice ORDER BY seq")["addressees"].to_list()
    return [set(each) for each in rows]


def publish(store: Store, words: str, kind: str = "109") -> None:
    said = {"disaster_type": kind, "published_content": words, "publish_date": NOON.date(), "is_deleted": False}
    store.append(records("natural_disaster_notice", {"id": "ND-1", **said}))


def test_each_level_is_told_to_whom_it_concerns(store, small_park):
    look = ROUND.make(store, small_park)
    publish(store, "台风Ⅲ级预警")
    look(store.tick())
    look(store.tick())
    assert len(told(store)) == 1
    assert OWNER in told(store)[0]
    assert not told(store)[0] & {TOWN, CENTRE}
    publish(store, "台风Ⅱ级预警")
    look(store.tick())
    assert told(store)[1] >= {OWNER, TOWN}
    assert CENTRE not in told(store)[1]
    publish(store, "台风Ⅰ级预警")
    ROUND.make(store, small_park)(store.tick())
    assert told(store)[2] >= {OWNER, TOWN, CENTRE}


def test_other_disasters_are_not_told_by_it(store, small_park):
    publish(store, "地震Ⅰ级", "101")
    ROUND.make(store, small_park)(store.tick())
    assert told(store) == []
