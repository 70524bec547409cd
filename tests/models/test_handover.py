"""A shift is handed over with two signatures of two people, in order, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from models.handover import Handover, checked, shift_handed_over, signed
from twin.duty_settings import DutySettings
from twin.errors import BadInput, Conflict, NotAllowed

AT = datetime(2026, 11, 21, 0, 20, tzinfo=UTC)
RIGHTS = frozenset({"hand_over"})
ONE = Handover(
    id="HO", org="park", state="prepared", day=date(2026, 11, 21), shift="morning", since=None, as_of=AT, held=1,
    open_alarms=2, offline=3, repair=0, sources_down=0, raised=4, closed=5, decided=0, remarks="", prepared_by="ann",
    prepared_at=AT,
)  # fmt: skip


def test_two_people_sign_one_after_the_other() -> None:
    given = signed(ONE, "give", "ann", RIGHTS, AT)
    done = signed(given, "take", "bob", RIGHTS, AT + timedelta(minutes=5))
    assert (given.state, done.state) == ("given", "done")
    assert (done.given_by, done.taken_by, done.taken_at) == ("ann", "bob", AT + timedelta(minutes=5))


def test_nobody_signs_twice_or_out_of_turn_or_without_the_right() -> None:
    given = signed(ONE, "give", "ann", RIGHTS, AT)
    with pytest.raises(NotAllowed) as same:
        signed(given, "take", "ann", RIGHTS, AT)
    assert same.value.code == "same_person"
    with pytest.raises(Conflict):
        signed(ONE, "take", "bob", RIGHTS, AT)
    with pytest.raises(Conflict):
        signed(given, "give", "bob", RIGHTS, AT)
    with pytest.raises(NotAllowed):
        signed(ONE, "give", "ann", frozenset(), AT)
    with pytest.raises(BadInput):
        signed(ONE, "burn", "ann", RIGHTS, AT)


def test_only_who_prepared_it_withdraws_it_and_only_before_a_signature() -> None:
    assert signed(ONE, "withdraw", "ann", RIGHTS, AT).state == "withdrawn"
    with pytest.raises(NotAllowed):
        signed(ONE, "withdraw", "bob", RIGHTS, AT)
    with pytest.raises(Conflict):
        signed(signed(ONE, "give", "ann", RIGHTS, AT), "withdraw", "ann", RIGHTS, AT)


def test_a_shift_is_handed_over_once() -> None:
    with pytest.raises(Conflict):
        checked(ONE, [replace(ONE, id="HO-0")])
    assert checked(ONE, [replace(ONE, id="HO-0", shift="night")]) == ONE


def test_for_an_hour_into_a_shift_it_is_still_the_one_before() -> None:
    told = [shift_handed_over(DutySettings(), "Asia/Shanghai", AT + timedelta(minutes=n)) for n in (0, 60, 80)]
    assert [shift for _, shift in told] == ["morning", "morning", "middle"]
