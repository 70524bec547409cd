"""A measuring point in a detail: its newest value and its trend, wherever the detail is of."""

from __future__ import annotations

from typing import Any

from layers._live import measured, reading_figures
from layers._origin import field_of, open_alarms, point
from models.quantity import digits, plain
from twin import formula
from twin.content import Content, Text, both, chart, figure, since, text
from twin.lineage import Figure
from twin.screen import Look
from twin.traced import with_figures

# Limits as lines of the trend, with the colour each stands for.
LIMITS = (("alarm_hi_hi", "red"), ("alarm_hi", "orange"), ("alarm_lo", "orange"), ("alarm_lo_lo", "red"))
TREND_S = 3600
_LETTERS = "abcd"


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
    raised = formula.lowest("raised", "alarm_at", ("point", "=", row["id"]))
    began = Figure("note/args/since/since", raised, text("explain.detail.began"))
    figures = (*reading_figures("points", row, "value/value", "value/ts"), began)
    return figure([with_figures(item, figures, {**point(row["id"]), **open_alarms(row["id"], "raised")})], "big")


def trend(row: dict[str, Any], look: Look) -> Content:
    """Its last hour with its limits."""
    limits = [
        with_figures({"key": name, "value": row[name], "level": level}, (_limit("value", "points", row, name),))
        for name, level in LIMITS
        if row[name] is not None
    ]
    settings = look.park.settings.reading
    shown = digits(row["value"], row["unit"])
    gap_s, unit = settings.stale_s, row["unit"]
    said = chart("lines", point=row["id"], unit=unit, digits=shown, range_s=TREND_S, limits=limits, gap_s=gap_s)
    return with_figures(said, (), point(row["id"]))


def _limit(at: str, of: str, row: dict[str, Any], name: str) -> Figure:
    return Figure(at, formula.one(of, name, row["id"]), field_of(name), row["unit"])


def limits_text(row: dict[str, Any], *names: str) -> Text:
    """The limits of a point that are set, of those named."""
    given = [plain(row[name]) for name in names if row[name] is not None]
    if not given:
        return text("detail.no_limits")
    said = text(f"detail.limits_{len(given)}", **dict(zip(_LETTERS, given, strict=False)))
    return text("detail.limits", limits=said, unit=row["unit"] or "")


def limit_figures(of: str, row: dict[str, Any], *names: str) -> tuple[Figure, ...]:
    """The numbers of ``limits_text``."""
    given = [name for name in names if row[name] is not None]
    letters = zip(_LETTERS, given, strict=False)
    return tuple(_limit(f"args/limits/args/{letter}", of, row, name) for letter, name in letters)
