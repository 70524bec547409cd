"""The level of a gas warning while it is open (R-GAS-13): raised and lowered, each change with its time and author."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from cache.books import Deed
from services.gas_watch import GasWatch
from tests.people.house import Wired, wired
from twin.alarm import HAPPENED
from twin.moment import now, parse_moment

GAS = "LW1-U1-GC1"


@pytest.fixture
def house(tmp_path) -> Iterator[Wired]:
    """The small park with an orange warning of LW1."""
    with wired(tmp_path) as made:
        store = made.parts.store
        found = pl.DataFrame([(GAS, "HH", "raised", now() - timedelta(seconds=5), 60.0, 50.0)], HAPPENED, orient="row")
        store.do(Deed(lambda known: store.books.alarms.happened(found, known))).result()
        GasWatch(store, made.parts.park).look(store.tick())
        yield made


def levels(house: Wired, secret: str, id: str) -> list[dict[str, Any]]:
    """The changes that the card of the warning lists, newest first."""
    asked = {"layer": "gas_warnings", "id": id}
    frame = house.ask("GET", "/api/v1/screens/detail/frame", secret, query_string=asked).json
    assert frame is not None
    parts = frame["panels"]["detail"]["parts"]
    shown = [each for each in parts if each["kind"] == "list" and each["title"]["key"] == "warning.levels"]
    return [row for each in shown for row in each["rows"]]


def test_each_change_of_a_level_is_kept_and_shown_with_its_time_and_author(house):
    people = {
        "plant": ("enterprise_safety", "LW1"),
        "other": ("enterprise_safety", "LW2"),
        "duty": ("duty_leader", None),
    }
    secrets = {id: house.session(house.account(id, *role)) for id, role in people.items()}
    (one,) = house.ask("GET", "/api/v1/warnings", secrets["duty"]).json["warnings"]
    place = f"/api/v1/warnings/{one['id']}"

    def change(who: str, level: str, note: str) -> int:
        said = {"action": "level", "level": level, "note": note}
        return int(house.ask("POST", f"{place}/actions", secrets[who], json=said).status_code)

    assert one["level"] == "orange"
    assert change("plant", "blue", "我们已处理") == 403, "the park decides"
    assert change("duty", "red", "") == 400, "not without a reason"
    begun = now()
    assert change("duty", "red", "下风向有施工队") == 200
    assert change("duty", "red", "再次") == 409
    assert change("duty", "yellow", "施工队已撤离") == 200
    told = house.ask("GET", place, secrets["plant"]).json
    assert told["level"] == "yellow"
    changes = [each for each in told["timeline"] if each["event"] == "level"]
    assert [(each["who"], each["said"]["was"], each["said"]["to"]) for each in changes] == [
        ("duty", "orange", "red"), ("duty", "red", "yellow"),
    ]  # fmt: skip
    assert all(begun <= parse_moment(each["at"]) <= now() for each in changes)

    shown = levels(house, secrets["duty"], one["id"])
    assert [(each["level"], each["sub"], each["right_sub"]) for each in shown[:2]] == [
        ("yellow", "施工队已撤离", "duty"), ("red", "下风向有施工队", "duty"),
    ]  # fmt: skip
    assert [each["at"] for each in reversed(changes)] == [each["right"]["at"] for each in shown[:2]]
    assert (shown[2]["level"], shown[2]["right_sub"]["key"]) == ("orange", "warning.machine")
    assert len(levels(house, secrets["plant"], one["id"])) == 3
    assert levels(house, secrets["other"], one["id"]) == []
