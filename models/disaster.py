"""Flood and typhoon by level (R-PU-6): who is told of a notice that the park has published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from twin.content import text
from twin.moment import Moment
from twin.notice import Notice, NoticeKind, Post, of_enterprise, of_park

KINDS = ("102", "108", "109", "111")  # flood, urban flooding, typhoon, rainstorm (codes of the exchange)
LEAST = 3  # counts where a notice names no level: who owns what may be flooded is told at least
# The exchange has no field for it, so the level is read from the words; the gravest first, for a text may name several.
_WORDS = (
    (1, re.compile(r"Ⅰ\s*级|(?<!I)I\s*级|一级|红色")),
    (2, re.compile(r"Ⅱ\s*级|(?<!I)II\s*级|二级|橙色")),
    (3, re.compile(r"Ⅲ\s*级|III\s*级|三级|黄色")),
)


def level_of(words: str | None) -> int:
    """The level that a notice names, 1 the gravest; 3 where it names none."""
    return next((level for level, named in _WORDS if named.search(words or "")), LEAST)


def disaster_notices(said: Mapping[str, Any], enterprises: Sequence[str], since: Moment) -> list[Notice]:
    """Of level 3 the enterprises are told, of level 2 town and street as well, of level 1 the command centre too.

    Args:
        said: a row of ``notify/disasters``.
    """
    level = level_of(said["words"])
    to = [of_enterprise(Post.ENTERPRISE_DUTY_STAFF, each) for each in enterprises]
    to += [of_park(Post.TOWN)] if level <= 2 else []
    to += [of_park(Post.COMMAND_CENTRE)] if level == 1 else []
    args = {"kind": text(f"disaster.{said['kind']}"), "level": level, "words": said["words"] or ""}
    # published anew with a graver level, it is told again
    return [
        Notice(
            f"disaster:{said['id']}:{level}", NoticeKind.DISASTER, said["id"], since, since, tuple(to), "disaster", args
        )
    ]
