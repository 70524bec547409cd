"""The words that files of rosters use for their columns, shifts and roles, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("日期", "值班日期", "day", "date"),
    "shift": ("班次", "shift"),
    "role": ("角色", "值班角色", "岗位", "role"),
    "person": ("人员", "值班人员", "姓名", "人员编号", "工号", "person", "name"),
    "enterprise": ("企业", "单位", "组织", "enterprise", "organisation", "organization", "company"),
}
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "shift": {
        "morning": ("早班", "早", "morning", "am"),
        "middle": ("中班", "中", "middle", "day"),
        "night": ("晚班", "夜班", "晚", "夜", "night"),
    },
    "role": {
        "leader": ("带班领导", "值班领导", "带班", "领导", "leader"),
        "staff": ("值班员", "值班人员", "员", "staff"),
    },
}
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
OF_PARK = ("园区", "park", "")
HEADS = {"zh": ("日期", "班次", "角色", "人员", "企业"), "en": ("day", "shift", "role", "person", "enterprise")}


def _plain(said: str) -> str:
    return said.strip().lower()


COLUMN_OF = {_plain(word): name for name, words in COLUMNS.items() for word in words}
MEANING = {
    kind: {_plain(word): name for name, words in meanings.items() for word in (*words, name)}
    for kind, meanings in WORDS.items()
}


def column_of(head: str) -> str | None:
    """Which column a head names; None where it names none of ours."""
    return COLUMN_OF.get(_plain(head))


def meaning(kind: str, said: str) -> str | None:
    """What a word for a ``shift`` or a ``role`` means."""
    return MEANING[kind].get(_plain(said))


def is_park(said: str) -> bool:
    """Whether a cell of the column of enterprises means the park itself."""
    return _plain(said) in OF_PARK
