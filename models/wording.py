"""How an alarm is put into words, the same on the map, in lists and in details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.medium import medium
from models.quantity import quantity
from twin.content import Text, at, both, since, text

LEAK = "leak"
ARROWS = {"HH": "↑", "H": "↑", "L": "↓", "LL": "↓", LEAK: "↑"}
Row = Mapping[str, Any]


def medium_name(name: str | None, *, short: bool = False) -> Text:
    """A medium in both languages; ``short`` takes the sign (NH₃) for the English one."""
    known = medium(name)
    return "" if known is None else both(known.zh, known.sign if short else known.en)


def subject(alarm: Row, *, short: bool = False) -> Text:
    """What the alarm is about: the medium of a gas detector, else the name of the point."""
    if alarm["is_gas"] and alarm.get("medium"):
        return medium_name(alarm["medium"], short=short)
    return both(alarm["name_zh"] or alarm["point"], alarm["name_en"] or alarm["point"])


def title(alarm: Row) -> Text:
    """One line: what, how much, and which limit it has passed."""
    said = _value(alarm)
    key = f"alarm.title.{alarm['kind']}"
    return text(key, what=subject(alarm), value=said) if said else text(f"{key}.bare", what=subject(alarm))


def tag(alarm: Row) -> Text:
    """The few words beside a mark on the map: what, how much, which way, how long."""
    said = _value(alarm)
    args = {
        "what": subject(alarm, short=True),
        "arrow": ARROWS.get(alarm["kind"], ""),
        "since": since(alarm["alarm_at"]),
    }
    return text("alarm.tag", value=said, **args) if said else text("alarm.tag.bare", **args)


def _value(alarm: Row) -> str | None:
    """Value with its unit; a number without one says nothing and is left out."""
    return quantity(alarm["value"], alarm["unit"]) if alarm["unit"] and alarm["value"] is not None else None


def by_whom(handler: str | None) -> Text:
    """Who has an alarm in hand; a source (``name/table``) is only said to be one."""
    return text("desk.by_source") if handler and "/" in handler else handler or ""


def handling(alarm: Row) -> Text:
    """How far it is: being handled since, done, or nobody yet."""
    if not alarm["open"]:
        return text("alarm.handling.cleared", at=at(alarm["cleared_at"]))
    return text(f"alarm.handling.{alarm['handling']}", since=since(alarm["alarm_at"]))
