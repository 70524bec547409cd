"""Walks through content and takes out what a test wants to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def nodes(content: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a content, the content itself first."""
    if isinstance(content, dict):
        yield content
        for each in content.values():
            yield from nodes(each)
    elif isinstance(content, list):
        for each in content:
            yield from nodes(each)


def keys(content: Any) -> set[str]:
    """All phrases of the catalogue that a content uses."""
    return {each["key"] for each in nodes(content) if "key" in each and set(each) <= {"key", "args"}}


def figures(content: Any) -> Iterator[tuple[str, float]]:
    """Every number that opens a list: the list and the number."""
    for each in nodes(content):
        said = each.get("value")
        number = said.get("value") if isinstance(said, dict) else said
        if isinstance(each.get("list"), str) and isinstance(number, (int, float)):
            yield each["list"], number
        elif isinstance(each.get("list"), str) and isinstance(each.get("total"), int):
            yield each["list"], each["total"]


def item(content: Any, key: str) -> dict[str, Any]:
    """The item or row of that key."""
    return next(each for each in nodes(content) if each.get("key") == key and set(each) - {"key", "args"})
