"""What people were told at noon: an address book, a notice of an alarm, how its messages went and what was answered."""

from __future__ import annotations

from datetime import timedelta

from cache.books import Deed
from cache.messages import FAILED, SENT, WAITING, Message, Outcome
from cache.replies import REPLY, Reply
from cache.store import Store
from models.recipient import Recipient
from tests.cache.batches import NOON
from twin.notice import Notice, NoticeKind, Post, of_park

PEOPLE = (
    Recipient("P-1", "赵一", Post.BUREAU_HEAD, mobile="10100001", account="boss", channels=("app", "sms")),
    Recipient("E04-1", "钱二", Post.SAFETY_DIRECTOR, "E04", mobile="10100002", enabled=False),
)
# channel, how it went, tries, what was said
WENT = (
    ("app", SENT, 0, None),
    ("sms", SENT, 1, "200 ok"),
    ("voice", WAITING, 2, "503 busy"),
    ("email", FAILED, 9, "no such box"),
)


def tell_people(store: Store) -> None:
    """Told five minutes before noon, sent a moment later."""
    at = NOON - timedelta(minutes=5)
    about = {"words": "去看一下", "who": "值班"}
    notice = Notice("N-1", NoticeKind.ALARM, "A1", at, at, (of_park(Post.BUREAU_HEAD),), "free", about, "A", "E04")
    made = [
        Message(
            f"N-1/{n}", "N-1", "alarm", "A1", "A", "E04", "P-1", "boss", "赵一", Post.BUREAU_HEAD, channel,
            "unreachable" if channel == "" else f"address-{n}", "题", "Title", "正文", "Body", "zh", 0, at, at,
            SENT if channel == "app" else WAITING, sent_at=at if channel == "app" else None,
        )
        for n, (channel, _, _, _) in enumerate(WENT)
    ]  # fmt: skip
    tried = [
        Outcome(f"N-1/{n}", state, tries, NOON, NOON, said)
        for n, (channel, state, tries, said) in enumerate(WENT)
        if channel != "app"
    ]
    books = store.books
    for do in (
        lambda known: books.recipients.keep(PEOPLE, "leader", known),
        lambda known: books.notices.post([notice], known),
        lambda known: books.messages.make(made, known),
        lambda known: books.messages.tried(tried, known),
        lambda known: books.replies.keep([Reply("R-1", "N-1/1", "2", "sms-gateway")], known),
    ):
        store.do(Deed(do, frozenset({"recipient", "notice", "message", REPLY}))).result()
