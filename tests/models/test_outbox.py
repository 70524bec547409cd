"""What waits to be sent: in order for each address, nothing lost, nothing twice, later and later after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.outbox import Backoff, Outbox, Waiting

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
BACKOFF = Backoff(timedelta(seconds=5), timedelta(seconds=600), timedelta(hours=24))


def message(number: int, address: int) -> Waiting:
    return Waiting(f"M{number}", f"A{address}", number, START)


@given(
    addresses=st.lists(st.integers(0, 4), max_size=40),
    luck=st.lists(st.booleans(), max_size=200),
    at_once=st.integers(1, 5),
)
def test_every_message_is_done_once_and_those_of_an_address_in_order(addresses, luck, at_once):
    outbox, now = Outbox(), START
    for number, address in enumerate(addresses):
        assert outbox.put(message(number, address))
    done: list[Waiting] = []
    fate = iter(luck)
    while len(outbox):
        taken = outbox.take(now, at_once)
        assert len({each.address for each in taken}) == len(taken)
        for each in taken:
            if next(fate, True):
                outbox.done(each)
                done.append(each)
            else:
                outbox.again(each, now + BACKOFF.after(each.tries + 1))
        if not taken:
            now = outbox.next_due()
    assert sorted(each.place for each in done) == list(range(len(addresses)))
    for address in {each.address for each in done}:
        places = [each.place for each in done if each.address == address]
        assert places == sorted(places)


def test_a_message_waits_once_however_often_it_is_put():
    outbox = Outbox()
    assert outbox.put(message(1, 1))
    assert not outbox.put(message(1, 1))
    assert [each.id for each in outbox.waiting()] == ["M1"]


@given(tries=st.integers(1, 10_000))
def test_it_is_tried_again_later_and_later_and_never_later_than_promised(tries):
    assert BACKOFF.first <= BACKOFF.after(tries) <= BACKOFF.most
    assert BACKOFF.after(tries) <= BACKOFF.after(tries + 1)
