"""A measuring point in a detail: its newest value and its trend, wherever the detail is of."""

from __future__ import annotations

from typing import Any

from layers._live import measured
from models.quantity import digits
from twin.content import Content, Text, both, chart, figure, since, text
from twin.screen import Look

# Limits as lines of the trend, with the colour each stands for.
LIMITS = (("alarm_hi_hi", "red"), ("alarm_hi", "orange"), ("alarm_lo", "orange"), ("alarm_lo_lo", "red"))
TREND_S = 3600


def newest(row: dict[str, Any]) -> Content:
    """The newest value, large, with what is wrong with it."""
    said = measured(row)
    if row["colour"]:
        said["level"] = row["colour"]
        note: Text = text(
            "detail.alarm", level=row["level"], kind=text(f"kind.{row['alarm_kind']}"), since=since(row["alarm_at"])
        )
    else:
        note = text(f"status.{row['status']}")
    name = both(row["name_zh"], row["name_en"])
    item = {
        "key": "value",
        "label": name,
        "value": said,
        "note": note,
        "note_level": said.get("level"),
        "badge": row["level"],
    }
    return figure([item], "big")


def trend(row: dict[str, Any], look: Look) -> Content:
    """Its last hour with its limits."""
    limits = [{"key": name, "value": row[name], "level": level} for name, level in LIMITS if row[name] is not None]
    settings = look.park.settings.reading
    shown = digits(row["value"], row["unit"])
    return chart(
        "lines", point=row["id"], unit=row["unit"], digits=shown, range_s=TREND_S, limits=limits, gap_s=settings.stale_s
    )
