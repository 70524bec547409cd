"""Notices out to people through a real gateway: soon, in order, again and again when it is bad, and none twice."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller

from cache.books import Deed
from cache.messages import FAILED, MESSAGE, SENT, UNREACHABLE
from cache.notices import NOTICE
from cache.store import Store
from models.recipient import Recipient
from park.load import Park
from services.rounds import Round, Rounds
from services.sending.dispatch import Dispatcher
from tests.services.gateways import Gateway, gateway
from twin.moment import now
from twin.notice import Notice, NoticeKind, Post, of_park, one_number, one_person
from twin.notify_settings import Channel, NotifySettings

SOON_S = 20.0
_TABLES = frozenset({NOTICE, MESSAGE})


@pytest.fixture
def quick_park(small_park) -> Park:
    """Tried again soon."""
    notify = NotifySettings(retry_s=0.05, retry_most_s=0.2)
    return replace(small_park, settings=replace(small_park.settings, notify=notify))


@pytest.fixture
def store(tmp_path, quick_park) -> Iterator[Store]:
    opened = Store.open(tmp_path, quick_park)
    people = [
        Recipient("R1", "赵", Post.BUREAU_HEAD, mobile="10100001", account="zhao", email="zhao@park.test"),
        Recipient("R2", "钱", Post.TOWN, mobile="10100002", language="en", channels=("sms",)),
    ]
    opened.do(Deed(lambda known: opened.books.recipients.keep(people, "me", known), _TABLES)).result()
    yield opened
    opened.close()


@pytest.fixture
def sms() -> Iterator[Gateway]:
    with gateway() as one:
        yield one


def channel(one: Gateway, **more: object) -> Channel:
    return Channel("sms", "sms", one.url, accepted_field="code", accepted_value="0", **more)


@contextmanager
def sending(store: Store, park: Park, *channels: Channel) -> Iterator[Dispatcher]:
    """The dispatcher as the server runs it."""
    dispatcher = Dispatcher(store, park, channels, now)
    rounds = Rounds([Round("sending", 1.0, lambda _s, _p: dispatcher.look, frozenset({NOTICE}))], store, park)
    dispatcher.start()
    rounds.start()
    try:
        yield dispatcher
    finally:
        rounds.stop()
        dispatcher.stop()


def post(store: Store, *ids: str, to: tuple[str, ...] = (of_park(Post.BUREAU_HEAD),), **more: object) -> None:
    at = now()
    said = {"channels": ("sms",), **more}
    notices = [
        Notice(each, NoticeKind.FREE, "S", at, at, to, "free", {"words": f"词 {each}", "who": "我"}, **said)
        for each in ids
    ]
    store.do(Deed(lambda known: store.books.notices.post(notices, known), _TABLES)).result()


def log(store: Store) -> dict[str, dict]:
    """Newest versions by message."""
    rows = store._database.query("SELECT * FROM message WHERE known_to IS NULL ORDER BY place").to_dicts()
    return {each["id"]: each for each in rows}


def until(store: Store, ready) -> dict[str, dict]:
    """Wait until the log is so."""
    end = time.monotonic() + SOON_S
    while time.monotonic() < end:
        version = store.feed.version
        found = log(store)
        if ready(found):
            return found
        store.feed.wait(0.2, version)
    raise AssertionError(log(store))


def states(found: dict[str, dict]) -> set[str]:
    return {each["state"] for each in found.values()}


def test_a_push_leaves_within_two_seconds_of_its_notice_and_its_result_is_kept(store, quick_park, sms):
    with sending(store, quick_park, channel(sms)):
        posted = time.monotonic()
        post(store, "N1")
        sms.wait_for(lambda: sms.taken)
        assert time.monotonic() - posted <= 2.0
        found = until(store, lambda rows: states(rows) == {SENT})
    (one,) = found.values()
    assert (one["address"], one["tries"], one["recipient"]) == ("10100001", 1, "R1")
    assert one["result"].startswith("200")
    assert sms.calls == [{"id": "N1/0", "mobile": "10100001", "content": "【园区通知】我\n词 N1"}]


@pytest.mark.parametrize("mood", ["nonsense", "no", "error"])
def test_a_bad_gateway_is_asked_again_until_it_takes_it(store, quick_park, sms, mood):
    sms.mood = mood
    with sending(store, quick_park, channel(sms)):
        post(store, "N1", "N2")
        sms.wait_for(lambda: len(sms.calls) >= 3)
        sms.mood = "good"
        found = until(store, lambda rows: states(rows) == {SENT} and len(rows) == 2)
    assert found["N1/0"]["tries"] >= 3
    assert sms.times_taken == {"N1/0": 1, "N2/0": 1}
    versions = store._database.query("SELECT result FROM message WHERE id = 'N1/0' ORDER BY known_from")["result"]
    assert versions.drop_nulls().len() == found["N1/0"]["tries"]  # what every try came to is kept
    assert list(sms.taken) == ["N1/0", "N2/0"]


def test_a_gateway_that_is_away_loses_nothing_and_gets_everything_in_order(store, quick_park):
    with gateway() as one:
        port = one.port
    away = Channel("sms", "sms", f"http://127.0.0.1:{port}/send")
    ids = [f"N{n:03d}" for n in range(20)]
    with sending(store, quick_park, away):
        post(store, *ids)
        found = until(store, lambda rows: len(rows) == 20 and rows["N000/0"]["tries"] >= 2)
        assert states(found) == {"waiting"}
    with gateway() as back, sending(store, quick_park, channel(back)):  # after a restart as well
        back.wait_for(lambda: len(back.taken) == 20)
        until(store, lambda rows: states(rows) == {SENT})
        assert [each["id"] for each in back.calls] == [f"{each}/0" for each in ids]


def test_what_a_gateway_took_without_answering_is_asked_again_under_its_own_number(store, quick_park, sms):
    sms.mood = "deaf"
    with sending(store, quick_park, channel(sms, timeout_s=0.3)):
        post(store, "N1")
        sms.wait_for(lambda: len(sms.calls) >= 2)
        sms.mood = "good"
        until(store, lambda rows: states(rows) == {SENT})
    assert {each["id"] for each in sms.calls} == {"N1/0"}
    assert sms.times_taken == {"N1/0": 1}


def test_a_slow_gateway_holds_up_no_other_channel(store, quick_park, sms):
    sms.slow_s = 5.0
    with gateway() as other, sending(store, quick_park, channel(sms), Channel("group", "webhook", other.url)):
        post(store, *(f"N{n}" for n in range(10)), channels=())
        other.wait_for(lambda: len(other.taken) == 10, 4.0)
        assert len(sms.calls) <= 4
        app = {id for id, each in log(store).items() if each["channel"] == "app"}
        assert len(app) == 10
        assert {log(store)[id]["state"] for id in app} == {SENT}
        sms.go_on.set()


def test_a_number_that_is_refused_for_good_is_given_up_and_the_next_one_goes(store, quick_park, sms):
    sms.mood = "refuse"
    with sending(store, quick_park, channel(sms)):
        post(store, "N1")
        until(store, lambda rows: states(rows) == {FAILED})
        sms.mood = "good"
        post(store, "N2")
        found = until(store, lambda rows: len(rows) == 2 and rows["N2/0"]["state"] == SENT)
    assert found["N1/0"]["result"] == "400 no such number"
    assert list(sms.taken) == ["N2/0"]


def test_who_cannot_be_reached_is_in_the_log_with_the_reason(store, quick_park):
    with sending(store, quick_park):
        post(store, "N1", to=(of_park(Post.PARK_HEAD), one_person("R2"), one_person("gone")), channels=())
        found = until(store, lambda rows: len(rows) == 3)
    assert [each["result"] for each in found.values()] == ["nobody", "not_configured", "nobody"]
    assert states(found) == {UNREACHABLE}


def test_what_waits_for_a_channel_that_is_gone_is_said_to_have_failed(store, quick_park, sms):
    sms.mood = "error"
    with sending(store, quick_park, channel(sms)):
        post(store, "N1")
        sms.wait_for(lambda: sms.calls)
    with sending(store, quick_park):
        found = until(store, lambda rows: states(rows) == {FAILED})
    assert found["N1/0"]["result"] == "not_configured"


def test_a_letter_is_in_its_readers_language_and_a_free_number_is_told(store, quick_park, sms):
    with sending(store, quick_park, channel(sms)):
        post(store, "N1", to=(of_park(Post.TOWN), one_number("10109999")))
        sms.wait_for(lambda: len(sms.taken) == 2)
    told = {each["mobile"]: each["content"] for each in sms.calls}
    assert told == {"10100002": "[Park] 我\n词 N1", "10109999": "【园区通知】我\n词 N1"}


class Postbox:
    """Takes e-mails."""

    def __init__(self) -> None:
        self.mails: list = []

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.mails.append(envelope)
        return "250 OK"


def test_e_mail_goes_through_a_real_mail_server(store, quick_park):
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        url = f"mailto://127.0.0.1:{port}?from=twin@park.test&mode=insecure&format=text"
        with sending(store, quick_park, Channel("mail", "email", url)):
            people = [Recipient("R1", "赵", Post.BUREAU_HEAD, email="zhao@park.test", channels=("email",))]
            keep = store.books.recipients.keep
            store.do(Deed(lambda known: keep(people, "me", known), _TABLES)).result()
            post(store, "N1", channels=())
            until(store, lambda rows: states(rows) == {SENT})
    finally:
        server.stop()
    (mail,) = box.mails
    assert mail.rcpt_tos == ["zhao@park.test"]
    assert b"X-ParkTwin-Message: N1/0" in mail.content
