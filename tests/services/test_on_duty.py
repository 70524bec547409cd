"""Who is on duty, as of any moment: from the park's own rosters first, else as the exchange tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cache.store import Store
from models.recipient import Recipient
from services.on_duty import on_duty
from services.sending.on_shift import on_shift
from tests.cache.batches import NOON, Clock, quick, records
from twin.notice import Post

LEADER = {"duty_organisation_type": "01", "duty_person_type": "01", "duty_status": "01"}


@pytest.fixture
def store(tmp_path, small_park):
    clock = Clock()
    opened = Store.open(tmp_path, small_park, settings=quick(), clock=clock)
    yield opened
    opened.close()


def _turn(id: str, person: str, starts: int, **more):
    begin, end = NOON + timedelta(hours=starts), NOON + timedelta(hours=starts + 8)
    said = {"id": id, "duty_person_id": person, "duty_person_name": f"n{person}"}
    return said | LEADER | {"duty_start_at": begin, "duty_end_at": end} | more


def test_whoever_the_exchange_names_is_on_duty_with_their_number_and_until_when(store):
    store.append(records("person", {"id": "P1", "name": "nP1", "mobile": "10001"}))
    store.append(records("duty_roster", _turn("D1", "P1", -1), _turn("D2", "P2", 7)))
    staff = _turn("D3", "P3", -1, duty_person_type="02")
    store.append(records("duty_roster", staff))
    found = on_duty(store, store.tick())
    assert [(each["person"], each["role"], each["mobile"]) for each in found] == [
        ("P1", "leader", "10001"),
        ("P3", "staff", None),
    ]
    assert found[0]["until"] == NOON + timedelta(hours=7)
    assert found[0]["source"] == "duty_roster:plant"
    assert on_duty(store, store.tick(), "E01") == []


def test_an_enterprise_has_its_own_people_on_duty(store):
    store.append(records("person", {"id": "P1", "name": "nP1", "enterprise_id": "E01"}))
    told = {"duty_organisation_type": "02", "duty_person_type": "03"}
    store.append(records("duty_roster", _turn("D1", "P1", -1, **told)))
    assert [each["person"] for each in on_duty(store, store.tick(), "E01")] == ["P1"]
    assert on_duty(store, store.tick()) == []


def test_what_is_for_whoever_is_on_duty_goes_to_them_as_the_address_book_says(store):
    person = {"id": "P1", "name": "nP1", "mobile": "10001"}
    store.append(records("person", person, {"id": "P9", "name": "nP9", "mobile": "10009", "enterprise_id": "E01"}))
    told = {"duty_organisation_type": "02", "duty_person_type": "03"}
    staff = _turn("D2", "P2", -1, duty_person_type="02")
    store.append(records("duty_roster", _turn("D1", "P1", -1), staff, _turn("D3", "P9", -1, **told)))
    book = [Recipient("R2", "nP2", mobile="10100", account="two"), Recipient("R9", "nP9", enterprise="E02")]
    held = on_shift(store, store.tick(), book)
    [leader] = held(Post.DUTY_LEADER, None)
    assert (leader.id, leader.mobile) == ("P1", "10001")
    assert [each.id for each in held(Post.PARK_DUTY_STAFF, None)] == ["P1", "R2"]
    assert [(each.id, each.mobile) for each in held(Post.ENTERPRISE_DUTY_STAFF, "E01")] == [("P9", "10009")]
    assert held(Post.ENTERPRISE_DUTY_STAFF, "E02") == []
