"""Notices out to people: made into messages when they are due, handed to their channels, and how it went kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from threading import Condition, Event, Thread
from typing import Any

from cache.books import Deed
from cache.messages import FAILED, MESSAGE, WAITING, Message, Outcome
from cache.notices import NOTICE
from cache.store import Store
from models.outbox import Backoff, Waiting
from park.load import Park
from services.sending.channels import Letter, sender
from services.sending.expand import Expander
from services.sending.line import Line
from twin.errors import TwinError
from twin.moment import Moment
from twin.notify_settings import GROUPS, Channel, ChannelKind

_log = logging.getLogger("parktwin.sending")
AT_ONCE = 500  # notices that one transaction makes into messages
_GATHER_S, _AGAIN_S = 0.1, 2.0
_TABLES = frozenset({MESSAGE})


class Results:
    """Keeps how sendings went, many in one transaction; none is lost to a store that cannot write for a while."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._news = Condition()
        self._waiting: list[Outcome] = []
        self._ended = False
        self._thread = Thread(target=self._run, name="sent", daemon=True)

    def start(self) -> None:
        """Begin to keep."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what is there, and end."""
        with self._news:
            self._ended = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def tell(self, outcome: Outcome) -> None:
        """A try to send is over."""
        with self._news:
            self._waiting.append(outcome)
            self._news.notify_all()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    return
                if not self._ended:
                    self._news.wait_for(lambda: self._ended, _GATHER_S)
                batch = _first_of_each(self._waiting)
            try:
                self._store.do(Deed(partial(self._store.books.messages.tried, batch), _TABLES)).result()
            except TwinError as error:
                _log.error("results of sendings could not be kept; it is tried again: %s", error)
                with self._news:
                    if self._ended:
                        return
                    self._news.wait_for(lambda: self._ended, _AGAIN_S)
                continue
            with self._news:
                kept = {id(each) for each in batch}
                self._waiting = [each for each in self._waiting if id(each) not in kept]


def _first_of_each(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The first result of each message: two of one are kept one after the other, as two versions."""
    found: dict[str, Outcome] = {}
    for each in outcomes:
        found.setdefault(each.id, each)
    return list(found.values())


class Dispatcher:
    """``look`` runs on one thread at a time; the lines have their own. ``told``: told of accounts that have something
    new in the app."""

    def __init__(
        self,
        store: Store,
        park: Park,
        channels: Sequence[Channel],
        clock: Callable[[], Moment],
        told: Callable[[frozenset[str]], None] = lambda _accounts: None,
    ) -> None:
        said = park.settings.notify
        self._store = store
        self._told = told
        self._expander = Expander(store, park, channels)
        self._results = Results(store)
        backoff = Backoff(
            timedelta(seconds=said.retry_s), timedelta(seconds=said.retry_most_s), timedelta(hours=said.give_up_h)
        )
        self._lines = {
            _line_of(each.kind, each.id): Line(each, sender(each), backoff, clock, self._results.tell)
            for each in channels
        }
        self._since: Moment | None = None
        self._news = Event()
        store.feed.on_change.append(self._heard)
        self._coming: list[tuple[Moment, int, Mapping[str, Any]]] = []  # notices without messages, by when they are due
        self._numbers = 0

    def start(self) -> None:
        """Begin to send."""
        self._results.start()
        for each in self._lines.values():
            each.start()

    def stop(self) -> None:
        """Begin no more sendings; keep how those went that are over."""
        self._store.feed.on_change.remove(self._heard)
        for each in self._lines.values():
            each.stop()
        self._results.stop()

    def waiting(self) -> int:
        """How many messages wait to be sent."""
        return sum(len(each) for each in self._lines.values())

    def look(self, at: Moment) -> None:
        """Take in what was posted, and make messages of what is due."""
        self._take_in(at)
        while self._coming and self._coming[0][0] <= at:
            due: list[tuple[Moment, int, Mapping[str, Any]]] = []
            while self._coming and self._coming[0][0] <= at and len(due) < AT_ONCE:
                due.append(heappop(self._coming))
            try:
                self._make([notice for _, _, notice in due], at)
            except BaseException:
                for each in due:
                    heappush(self._coming, each)
                raise

    def _heard(self, tables: frozenset[str]) -> None:
        if NOTICE in tables:
            self._news.set()

    def _take_in(self, at: Moment) -> None:
        if self._since is not None and not self._news.is_set():
            return
        self._news.clear()  # what is posted from here on is taken in next time
        at, reader = max(at, self._store.tick()), self._store.reader()
        if self._since is None:
            left = reader.read("notify/waiting", at=at).to_dicts()
            self._hand_out(_left(left))
            for row in left:  # of a channel that the park has no longer
                if _line_of(row["channel"], row["address"]) not in self._lines:
                    self._results.tell(Outcome(row["id"], FAILED, row["tries"], at, at, "not_configured"))
            fresh = reader.read("notify/unmade", at=at)
        else:
            fresh = reader.read("notify/fresh", at=at, since=self._since)
        for notice in fresh.to_dicts():
            self._numbers += 1
            heappush(self._coming, (notice["due"], self._numbers, notice))
        self._since = at

    def _make(self, notices: Sequence[Mapping[str, Any]], at: Moment) -> None:
        messages = self._expander.messages(notices, at)
        keep = self._store.books.messages.make
        made = self._store.do(Deed(lambda known: keep(messages, known), _TABLES)).result()
        self._hand_out([_letter(each) for each in made if each.state == WAITING])
        self._told(frozenset(each.account for each in made if each.channel == ChannelKind.APP and each.account))

    def _hand_out(self, letters: Sequence[tuple[str, Waiting, Letter]]) -> None:
        for name, line in self._lines.items():
            line.put([(one, letter) for kind, one, letter in letters if _line_of(kind, one.address) == name])


def _line_of(kind: str, address: str) -> str:
    """Which line a message goes by: of groups there may be several, each under its own name."""
    return f"{kind}:{address}" if kind in GROUPS else kind


def _letter(one: Message) -> tuple[str, Waiting, Letter]:
    title, body = (one.title_zh, one.body_zh) if one.language == "zh" else (one.title_en, one.body_en)
    address = one.address or ""
    waiting = Waiting(one.id, address, one.place, one.due, one.tries, one.posted_at)
    return one.channel, waiting, Letter(one.id, address, one.name, title, body, one.kind, one.level, one.subject)


def _left(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Waiting, Letter]]:
    """What was waiting when the server stopped."""
    made = []
    for row in rows:
        lang = row["language"]
        waiting = Waiting(row["id"], row["address"], row["place"], row["due"], row["tries"], row["posted_at"])
        letter = Letter(
            row["id"], row["address"], row["name"], row[f"title_{lang}"], row[f"body_{lang}"], row["kind"],
            row["level"], row["subject"],
        )  # fmt: skip
        made.append((row["channel"], waiting, letter))
    return made
