"""Small pieces that several panels say in the same way."""

from __future__ import annotations

from typing import Any

from models.wording import handling, title
from twin.content import Text, at, both, text, value
from twin.moment import Moment
from twin.screen import Look

RECENT = "alarms/recent"


def owner_text(look: Look, owner: str | None) -> Text:
    """An owner's name in both languages."""
    return both(*look.park.owner_name(owner))


def place_of(look: Look, point: str | None) -> Text | None:
    """Name of the tank, unit or place that a point (or a gas camera) stands at, None where the map knows none."""
    feature = look.park.feature(point) if point else None
    above = feature and look.park.feature(feature.props.get("parent") or feature.props.get("target_unit") or "")
    return both(above.name_zh, above.name_en) if above else None


def alarm_row(row: dict[str, Any], look: Look) -> dict[str, Any]:
    """One alarm as a row: what and how much, where, since when, how far it is."""
    return {
        "key": row["id"],
        "level": row["colour"],
        "badge": row["level"],
        "title": title(row),
        "sub": text(
            "alarm.where", place=place_of(look, row["point"]) or owner_text(look, row["owner"]), point=row["point"]
        ),
        "right": at(row["alarm_at"]),
        "right_sub": handling(row),
        "pick": {"layer": "alarms", "id": row["id"]},
    }


def counter(
    key: str, label: Text, n: float | None, *, ts: Moment | None = None, level: str | None = None, **more: Any
) -> dict[str, Any]:
    """A number of things with its name; it opens the list of its own key unless ``list`` names another or is None."""
    item = {"key": key, "label": label, "value": value(n, ts=ts), "list": key, **more}
    if level is not None:
        item["level"] = level
    return {name: each for name, each in item.items() if each is not None}


def percent(share: float) -> float:
    """A share as per cent with one digit, never rounded up to a full hundred."""
    said = round(share * 100, 1)
    return 99.9 if said >= 100 and share < 1 else said
