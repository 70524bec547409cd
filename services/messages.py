"""The message centre: what people were told, how each sending went, and writing by hand (MS-1 … MS-3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from cache.books import Deed
from cache.ledger import JOURNAL
from cache.messages import MESSAGE
from cache.notices import NOTICE
from cache.recipients import read_recipients
from cache.store import Store
from models.recipient import Recipient
from twin.content import text
from twin.errors import BadInput, NotAllowed
from twin.moment import Moment, iso
from twin.notice import PARK_POSTS, Notice, NoticeKind, Post, of_park, one_number, one_person
from twin.notify_settings import ChannelKind
from twin.person import Person
from twin.roles import Right

MOST = 500  # people that one writing may name, and rows that one answer has
LONGEST = 500  # characters
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_BETWEEN = re.compile(r"[\s,;，；、]+")


class MessageDesk:
    """Safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def log(self, at: Moment, scope: str, wanted: Mapping[str, str | None], limit: int) -> list[dict[str, Any]]:
        """What was sent, newest first; ``wanted`` may name ``channel``, ``state``, ``kind`` and ``words``."""
        rows = self._store.reader(scope).read("notify/log", at=at, enterprise=None, words=wanted.get("words"))
        renamed = {"message_state": "state", "notice_kind": "kind", "recipient_name": "recipient", "reach": "address"}
        found = rows.rename(renamed).drop("table", "source", "quality", "name_zh", "name_en")
        for name in ("channel", "state", "kind"):
            if wanted.get(name) is not None:
                found = found.filter(found[name] == wanted[name])
        return [_told(each) for each in found.head(limit).to_dicts()]

    def mine(self, who: Person, at: Moment, unread: bool, limit: int, kind: str | None = None) -> dict[str, Any]:
        """What somebody was told in the app, newest first, and how much of all is unread."""
        reader = self._store.reader(who.scope)
        rows = reader.read("notify/mine", at=at, account=who.id, unread=unread, kind=kind, limit=limit).to_dicts()
        count = reader.read("notify/unread", at=at, account=who.id)["n"][0]
        return {"unread": int(count), "messages": [_told(each) for each in rows]}

    def read(self, who: Person, ids: Sequence[str] | None) -> dict[str, Any]:
        """Somebody has read these, all with None; how many are unread still."""
        messages = self._store.books.messages
        tables = frozenset({MESSAGE})
        count = self._store.do(Deed(lambda known: messages.read(who.id, ids, known), tables)).result()
        return {"read": count, "unread": self.mine(who, self._store.tick(), True, 1)["unread"]}

    def write(self, said: Mapping[str, Any], who: Person, origin: str) -> dict[str, Any]:
        """Write to people by hand: ``to`` (ids or names of the address book, posts of the park, mobile numbers),
        ``words``, perhaps what it is about (``subject``) and by which ``channels``.

        Raises:
            BadInput: nobody, somebody who is not known, too many, no words. NotAllowed: without the right.
        """
        if not who.may(Right.send_notice):
            raise NotAllowed("it needs the right 'send_notice'", None, said=text("refused.no_right"))
        words = str(said["words"]).strip()
        if not 0 < len(words) <= LONGEST:
            raise BadInput(f"words: 1 to {LONGEST} characters", "words", said=text("refused.letter", n=LONGEST))
        at = self._store.tick()
        to = self._addressees(str(said["to"]), at, who.scope)
        channels = tuple(said.get("channels") or ())
        unknown = [each for each in channels if each not in list(ChannelKind)]
        if unknown:
            raise BadInput(f"channels: '{unknown[0]}' is none of {', '.join(ChannelKind)}", "channels")
        id = f"free:{uuid4().hex[:16]}"
        notice = Notice(
            id, NoticeKind.FREE, str(said.get("subject") or id), at, at, to, "free",
            {"words": words, "who": who.name}, owner=self._owner(said.get("subject"), at, who), channels=channels,
        )  # fmt: skip
        notices = self._store.books.notices
        tables = frozenset({NOTICE, JOURNAL})
        self._store.do(Deed(lambda known: notices.post([notice], known, who.id, origin), tables)).result()
        return {"notice": id, "to": list(to)}

    def _owner(self, subject: str | None, at: Moment, who: Person) -> str | None:
        """Whose the alarm is that is written about: its enterprise sees the message in its log."""
        if subject is None or who.enterprise is not None:
            return who.enterprise
        rows = self._store.reader(who.scope).read("ledger/one", at=at, id=subject)
        return rows["owner"][0] if rows.height else None

    def _addressees(self, said: str, at: Moment, scope: str) -> tuple[str, ...]:
        names = [each for each in _BETWEEN.split(said) if each]
        if not 0 < len(names) <= MOST:
            raise BadInput(f"to: from 1 to {MOST} people", "to", said=text("refused.to.none"))
        people = read_recipients(self._store.reader(scope).read("notify/recipients", at=at))
        by_id = {each.id: each for each in people}
        by_name: dict[str, list[Recipient]] = {}
        for each in people:
            by_name.setdefault(each.name, []).append(each)
        return tuple(dict.fromkeys(_addressee(each, by_id, by_name, scope) for each in names))


def _addressee(name: str, ids: Mapping[str, Recipient], names: Mapping[str, list[Recipient]], scope: str) -> str:
    if name in ids:
        return one_person(name)
    if scope == "park" and name in list(Post) and Post(name) in PARK_POSTS:
        return of_park(Post(name))
    if _NUMBER.fullmatch(name):
        return one_number(name)
    same = names.get(name, [])
    if len(same) == 1:
        return one_person(same[0].id)
    if same:
        ids_told = ", ".join(each.id for each in same[:5])
        why = f"to: several are called '{name[:40]}': {ids_told}"
        raise BadInput(why, "to", said=text("refused.to.several", name=name[:40], ids=ids_told))
    raise BadInput(f"to: nobody is called '{name[:40]}'", "to", said=text("refused.to.unknown", name=name[:40]))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: iso(each) if isinstance(each, Moment) else each for name, each in row.items()}
