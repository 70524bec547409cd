"""What the twin looks at by itself: at once when its tables change, again after a failure, and never after its end; and
what it has to tell people is kept once, with its cause."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Queue

import pytest

from cache.books import Deed
from cache.notices import NOTICE
from cache.store import Store
from services.rounds import Round, Rounds
from twin.moment import now
from twin.notice import Notice, NoticeKind, Post, of_park

WAIT_S = 10.0


@pytest.fixture
def store(tmp_path, small_park) -> Iterator[Store]:
    opened = Store.open(tmp_path, small_park)
    yield opened
    opened.close()


def _post(store: Store, *ids: str) -> list[str]:
    at = now()
    notices = [
        Notice(id, NoticeKind.FREE, "S-1", at, at, (of_park(Post.DUTY_LEADER),), "free", {"words": "看 look", "at": at})
        for id in ids
    ]
    return store.do(Deed(lambda known: store.books.notices.post(notices, known, "me"), frozenset({NOTICE}))).result()


def test_a_round_looks_at_once_when_its_tables_change_and_goes_on_after_a_failure(store, small_park, caplog):
    looked: Queue[object] = Queue()

    def make(of, _park):
        def look(at):
            looked.put(at)
            raise ValueError("this one failed")

        return look

    rounds = Rounds([Round("watch", 3600.0, make, frozenset({NOTICE}))], store, small_park)
    rounds.start()
    first = looked.get(timeout=WAIT_S)
    _post(store, "N-1")
    second = looked.get(timeout=WAIT_S)
    assert second > first
    rounds.stop()
    _post(store, "N-2")
    with pytest.raises(Empty):
        looked.get_nowait()
    assert "the round 'watch' failed" in caplog.text


def test_what_is_posted_twice_is_kept_once_and_sealed(store):
    assert _post(store, "N-1", "N-2") == ["N-1", "N-2"]
    assert _post(store, "N-2", "N-3", "N-3") == ["N-3"]
    rows = store._database.query("SELECT id, addressees, args, asked_by FROM notice ORDER BY id").to_dicts()
    assert [each["id"] for each in rows] == ["N-1", "N-2", "N-3"]
    assert rows[0]["addressees"] == ["post:duty_leader"]
    assert rows[0]["asked_by"] == "me"
    assert "看 look" in rows[0]["args"]
    noted = store._database.query("SELECT subject FROM journal WHERE stream = 'notice' ORDER BY seq")["subject"]
    assert noted.to_list() == ["N-1", "N-2", "N-3"]
