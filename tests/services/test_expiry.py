"""The twin's own look at papers that expire: each window is told once, what is over raises one alarm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cache.store import Store
from park.load import Park
from services.expiry import ExpiryDesk, ExpiryWatch
from tests.cache.batches import NOON, Clock, quick, records

TODAY = NOON.astimezone(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Any, small_park: Park, clock: Clock) -> Iterator[Store]:
    opened = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    opened.append(records("enterprise_certificate", licence("EC1", "LW1", -3), licence("EC2", "LW2", 31)))
    yield opened
    opened.close()


def licence(id: str, owner: str, days: int) -> dict[str, Any]:
    said = {"certificate_type": "02", "certificate_name": "安全生产许可证"}
    return {"id": id, "enterprise_id": owner, "valid_to": TODAY + timedelta(days=days)} | said


def notices(store: Store) -> list[tuple[str, str | None, str]]:
    found = store._database.query("SELECT template, level, id FROM notice ORDER BY seq").rows()
    return [(template, level, id.split(":", 1)[1]) for template, level, id in found]


def alarms(store: Store) -> list[tuple[Any, ...]]:
    return store._database.query("SELECT id, level, owner, told, alarm_at FROM alarm WHERE known_to IS NULL").rows()


def test_each_window_is_told_once_also_after_a_restart(store: Store, small_park: Park, clock: Clock) -> None:
    for _ in range(2):  # another watch knows as little as one after a restart
        watch = ExpiryWatch(store, small_park)
        watch.look(store.tick())
        watch.look(store.tick())
    over, soon = (TODAY + timedelta(days=days) for days in (-3, 31))
    told = [
        ("expiry_overdue", "C", f"production_licence:EC1:{over}:overdue"),
        ("expiry_soon", None, f"production_licence:EC2:{soon}:60"),
    ]
    assert notices(store) == told
    clock.forward(24 * 3600)
    watch.look(store.tick())
    assert notices(store) == [*told, ("expiry_soon", None, f"production_licence:EC2:{soon}:30")]


def test_what_is_over_raises_one_alarm_of_level_c_which_lasts_until_the_paper_is_renewed(
    store: Store, small_park: Park
) -> None:
    watch = ExpiryWatch(store, small_park)
    for _ in range(2):
        watch.look(store.tick())
    [(id, level, owner, lasts, since)] = alarms(store)
    assert (level, owner, lasts) == ("C", "LW1", True)
    assert id == f"EX-production_licence-EC1-{TODAY - timedelta(days=3):%Y%m%d}"
    assert since.astimezone(ZoneInfo("Asia/Shanghai")).date() == TODAY - timedelta(days=2)
    asked = dict.fromkeys(("show", "levels", "words", "enterprise")) | {"group": "expiry"}
    ledger = store.reader().read("desk/ledger", at=store.tick(), **asked)
    assert ledger.select("alarm_kind", "name_zh", "stage").rows() == [("expiry", "安全生产许可证", "new")]
    store.append(records("enterprise_certificate", licence("EC3", "LW1", 900)))
    for _ in range(2):
        watch.look(store.tick())
    assert [row[3] for row in alarms(store)] == [False]
    assert len(notices(store)) == 2


def test_a_renewed_paper_is_no_news_and_what_was_known_stays_so(store: Store, small_park: Park) -> None:
    desk, before = ExpiryDesk(store, small_park), store.tick()
    store.append(records("enterprise_certificate", licence("EC3", "LW1", 900)))
    asked = ("park", "production_licence", "overdue", 10)
    assert desk.listed(store.tick(), *asked) == []
    assert [each["id"] for each in desk.listed(before, *asked)] == ["EC1"]
