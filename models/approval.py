"""Who is told of what waits for a decision, and of what was decided (MS-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twin.content import Text, both, text
from twin.moment import Moment
from twin.notice import Notice, NoticeKind, Post, of_park, one_account
from twin.notify_settings import ChannelKind
from twin.roles import Right

# by the book that it stands in: the right that decides, and the posts of the park that do so
DECIDES: Mapping[str, tuple[Right, tuple[Post, ...]]] = {
    "faults": (Right.approve_fault, (Post.BUREAU_HEAD, Post.DUTY_LEADER)),
    "limits": (Right.approve_limit, (Post.BUREAU_HEAD,)),
}
_APP = (ChannelKind.APP,)


def approval_notice(asked: Mapping[str, Any], deciders: Sequence[str], since: Moment) -> Notice:
    """In the app: of what waits, to who may decide; of what was decided, to who had asked.

    Args:
        asked: a row of ``notify/approvals``, with ``who``, the name of who asked or decided last.
        deciders: accounts that may decide in that book.
    """
    waits = asked["state"] == "pending"
    _, posts = DECIDES[asked["book"]]
    others = [one_account(each) for each in deciders if each != asked["author"]]  # nobody decides on his own
    to = (*map(of_park, posts), *others) if waits else (one_account(asked["author"]),)
    args = {
        "what": _what(asked),
        "owner": both(asked["owner_zh"], asked["owner_en"]),
        "who": asked["who"],
        "at": asked["asked_at"] if waits else asked["decided_at"],
    }
    args |= {"reason": _reason(asked)} if waits else {
        "decision": text(f"approval.{asked['state']}"), "note": asked["decision"] or text("approval.no_note"),
    }  # fmt: skip
    return Notice(
        f"approval:{asked['book']}:{asked['id']}:{asked['state']}", NoticeKind.APPROVAL, asked["id"], since, since, to,
        "approval" if waits else "approval_decided", args, owner=asked["owner"], channels=_APP,
    )  # fmt: skip


def _what(asked: Mapping[str, Any]) -> Text:
    target = both(asked["target_zh"], asked["target_en"])
    if asked["book"] == "faults":
        return text("approval.faults", target=target)
    old, new = (_limit(asked[name], asked["unit"]) for name in ("old", "new"))
    return text("approval.limits", target=target, which=asked["which"], old=old, new=new)


def _limit(value: float | None, unit: str | None) -> Any:
    return text("approval.without") if value is None else f"{value:g} {unit or ''}".rstrip()


def _reason(asked: Mapping[str, Any]) -> Any:
    return text(f"reason.{asked['reason']}") if asked["book"] == "faults" else asked["reason"]
