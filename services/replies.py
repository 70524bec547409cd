"""What people answer to messages (R-PU-3): a gateway hands it in by number or message, or somebody notes it by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cache.books import Deed
from cache.replies import REPLY, Reply
from cache.store import Store
from twin.content import text
from twin.errors import BadInput, NotFound
from twin.person import Person

MOST = 500  # answers of one call
LONGEST = 500  # characters
_SIGNIFICANT = 11  # last digits of a number: whether a gateway writes +86 before them or not
_TABLES = frozenset({REPLY})


@dataclass(frozen=True)
class Heard:
    """What a gateway heard: from which number, perhaps to which message, perhaps under a number of its own."""

    mobile: str
    words: str
    message: str | None = None
    id: str | None = None


class ReplyDesk:
    """Safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hear(self, heard: Sequence[Heard], who: Person) -> dict[str, Any]:
        """Keep what a gateway heard; how much of it is new, and which numbers nothing was sent to.

        An answer belongs to the message that it names, else to the last SMS that its number was sent.

        Raises:
            BadInput: no words, or too many.
        """
        for each in heard:
            _need_words(each.words)
        found = self._messages([each.message for each in heard], [_number(each.mobile) for each in heard], who)
        belong = [(each, found.get(each.message or "") or found.get(_number(each.mobile))) for each in heard]
        replies = [Reply(_id(each, who), to, each.words.strip(), who.id) for each, to in belong if to is not None]
        unknown = [each.mobile for each, to in belong if to is None]
        return {"kept": self._keep(replies), "unknown": list(dict.fromkeys(unknown))}

    def note(self, message: str, words: str, who: Person) -> dict[str, Any]:
        """Somebody was answered otherwise, say on the telephone, and writes it down.

        Raises:
            NotFound: no such message was sent in the last 30 days. BadInput: no words, or too many.
        """
        _need_words(words)
        if message not in self._messages([message], [], who):
            raise NotFound(f"no message '{message[:80]}' was sent in the last 30 days", "id", "unknown_message")
        self._keep([Reply(uuid4().hex, message, words.strip(), who.id)])
        return {"message": message}

    def _messages(self, ids: Sequence[str | None], numbers: Sequence[str], who: Person) -> dict[str, str]:
        """The messages of ids and numbers, by these."""
        asked = {"ids": [each for each in ids if each], "numbers": [each for each in numbers if each]}
        rows = self._store.reader(who.scope).read("notify/answered", at=self._store.tick(), **asked)
        return dict(rows.iter_rows())

    def _keep(self, replies: Sequence[Reply]) -> int:
        if not replies:
            return 0
        book = self._store.books.replies
        kept: int = self._store.do(Deed(lambda known: book.keep(replies, known), _TABLES)).result()
        return kept


def _need_words(words: str) -> None:
    if not 0 < len(words.strip()) <= LONGEST:
        raise BadInput(f"words: 1 to {LONGEST} characters", "words", said=text("refused.letter", n=LONGEST))


def _number(mobile: str) -> str:
    return re.sub(r"\D", "", mobile)[-_SIGNIFICANT:]


def _id(heard: Heard, who: Person) -> str:
    """Gateways number their own: what two call alike is not the same."""
    return f"{who.id}:{heard.id}" if heard.id else uuid4().hex
