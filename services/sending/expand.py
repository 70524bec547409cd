"""Notices that are due become messages: one for each person and channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from cache.messages import SENT, UNREACHABLE, WAITING, Message
from cache.recipients import read_recipients
from cache.store import Store
from models.recipient import Asked, Book, Recipient, Way
from park.load import Park
from services.sending.on_shift import on_shift
from twin.labels import LANGUAGES
from twin.letter import Letter, letter
from twin.moment import Moment
from twin.notify_settings import GROUPS, Channel, ChannelKind


class Expander:
    """Reads; what it makes is kept by who asked."""

    def __init__(self, store: Store, park: Park, channels: Sequence[Channel]) -> None:
        self._store = store
        self._zone = park.zone
        self._own = park.settings.notify.templates
        self._channels = channels

    def book(self, at: Moment) -> Book:
        """The address book of a moment, and who is on duty then (DR-3)."""
        recipients = read_recipients(self._store.reader().read("notify/recipients", at=at))
        configured = frozenset({str(ChannelKind.APP), *(each.kind for each in self._channels)})
        return Book(recipients, configured, on_shift(self._store, at, recipients))

    def messages(self, notices: Sequence[Mapping[str, Any]], at: Moment) -> list[Message]:
        """What notices (rows of ``notify/fresh``) make of it; places are given when they are kept."""
        book = self.book(at)
        return [each for notice in notices for each in self._messages(notice, book, at)]

    def _messages(self, notice: Mapping[str, Any], book: Book, at: Moment) -> Iterator[Message]:
        args = orjson.loads(notice["args"])
        letters = {lang: letter(notice["template"], args, lang, self._zone, self._own) for lang in LANGUAGES}
        asked = Asked(notice["addressees"], notice["kind"], notice["level"], notice["channels"], args.get("source"))
        ways = [*book.ways(asked), *self._groups(asked)]
        # one that reaches nobody says so itself
        for number, way in enumerate(ways or [Way(Recipient("nobody", ""), "", None, "nobody")]):
            yield _message(notice, f"{notice['id']}/{number}", way, letters, at)

    def _groups(self, asked: Asked) -> Iterator[Way]:
        for each in self._channels:
            fits = (not each.kinds or asked.kind in each.kinds) and (not each.levels or asked.level in each.levels)
            if each.kind in GROUPS and fits and (not asked.channels or each.kind in asked.channels):
                yield Way(Recipient(each.id, each.id), each.kind, each.id)


def _message(notice: Mapping[str, Any], id: str, way: Way, letters: Mapping[str, Letter], at: Moment) -> Message:
    one = way.recipient
    reached = way.why is None
    state = UNREACHABLE if not reached else SENT if way.channel == ChannelKind.APP else WAITING
    return Message(
        id=id, notice=notice["id"], kind=notice["kind"], subject=notice["subject"], level=notice["level"],
        owner=notice["owner"], recipient=one.id, account=one.account, name=one.name, post=one.post,
        channel=way.channel, address=way.address, title_zh=letters["zh"].title, title_en=letters["en"].title,
        body_zh=letters["zh"].body, body_en=letters["en"].body, language=one.language, place=0,
        posted_at=notice["known"], due=at, state=state, sent_at=at if state == SENT else None, result=way.why,
    )  # fmt: skip
