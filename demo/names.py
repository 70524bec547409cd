"""Invented people: names, telephone numbers, number plates. None of them is real."""

from __future__ import annotations

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = (
    "伟",
    "敏",
    "静",
    "建国",
    "海燕",
    "志强",
    "晓东",
    "丽娟",
    "文博",
    "春梅",
    "永刚",
    "雪",
    "浩然",
    "佳宁",
    "国庆",
    "玉兰",
)


def person(number: int) -> str:
    """The name of the n-th invented person."""
    return _FAMILY[number * 7 % len(_FAMILY)] + _GIVEN[number * 5 % len(_GIVEN)]


def full(number: int) -> str:
    """The same, and no two of the first few hundred are called alike."""
    return _FAMILY[number * 7 % len(_FAMILY)] + _GIVEN[(number * 5 + number // len(_FAMILY)) % len(_GIVEN)]


def mobile(number: int) -> str:
    """A mobile number that no operator gives out."""
    return f"1000{number * 7_919 % 10_000_000:07d}"


def phone(number: int) -> str:
    """A number of an exchange that does not exist."""
    return f"0000-{number * 7_919 % 10_000_000:07d}"


def plate(number: int) -> str:
    """A number plate of an invented county."""
    return f"苏X{number * 3_571 % 100_000:05d}"
