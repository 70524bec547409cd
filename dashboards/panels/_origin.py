"""Origins that several panels declare in the same way: points, alarms, settings, and the numbers of a remark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._state import SILENT
from twin import formula
from twin.content import Text, text
from twin.formula import Formula, Where
from twin.lineage import Figure, Inputs, path, setting
from twin.screen import Look

ALARMS = Inputs(
    "explain/alarms",
    (
        ("level", "level", None),
        ("alarm_at", "time", None),
        ("cleared_at", "time", None),
        ("point", "text", None),
        ("value", "number", None),
        ("unit", "text", None),
        ("threshold", "number", None),
        ("handling", "code", None),
    ),
    ("alarms", "id"),
)
POINTS = Inputs(
    "explain/points",
    (("owner", "text", None), ("value", "number", None), ("unit", "text", None), ("status", "code", None)),
    ("points", "id"),
)
ENTERPRISES = Inputs(
    "explain/enterprises",
    (("enterprise_status", "code", None), ("risk_grade", "code", None), ("employees", "number", None)),
    ("enterprises", "id"),
)
HAZARDS = Inputs(
    "explain/hazards",
    (("owner", "text", None), ("hazard_level", "code", None), ("r", "number", None)),
    ("hazards", "id"),
)
DOCUMENTS = Inputs("explain/documents", (("document", "code", None), ("date", "text", None)))
RECOGNITIONS = Inputs("explain/recognitions", (("recognition", "code", None),))
PARK = Inputs("explain/park")
WIND = Inputs(
    "explain/wind", (("value", "number", None), ("unit", "text", None), ("status", "code", None)), ("points", "id")
)
OPEN: Where = ("open", "=", True)
HEARD: Where = ("status", "not in", SILENT)


def limit(look: Look, name: str, default: float, unit: str | None = None) -> dict[str, Any]:
    """A row for a limit of ``park.toml``, or for what stands for it where it is not set."""
    limits = look.park.settings.limits
    return setting(f"limits.{name}", limits.get(name, default), unit, "park.toml" if name in limits else "parktwin")


def limits_of(name: str, default: float, unit: str | None = None) -> Inputs:
    """The one limit that a panel holds its figures against."""
    columns = (("value", "number", None), ("unit", "text", None))
    return Inputs(columns=columns, made=lambda look: [limit(look, name, default, unit)])


def field_of(column: str) -> Text:
    """A figure that is a field of one record, as it was told."""
    return text("explain.field", field=text(f"column.{column}"))


def newest(of: str, column: str, *where: Where, at: str = path("meta", "ts")) -> Figure:
    """The time of a panel's newest data."""
    said = text("explain.newest", field=text(f"column.{column}"))
    return Figure(at, formula.highest(of, column, *where), said, rules="")


def covered(heard: Formula, all_of: Formula, said: str = "heard") -> tuple[Figure, Figure]:
    """The two numbers of a panel's coverage."""
    return (
        Figure(path("meta", "coverage", 0), heard, text(f"explain.{said}"), coverage=(heard, all_of)),
        Figure(path("meta", "coverage", 1), all_of, text("explain.expected"), coverage=(heard, all_of)),
    )


def alarm_figures(at: str, row: dict[str, Any]) -> Iterator[Figure]:
    """The numbers of an alarm that is told as a row (``_words.alarm_row``) at a path."""
    id = row["id"]
    for place, column in (
        ("title/args/value", "value"),
        ("right/at", "alarm_at"),
        ("right_sub/args/since/since", "alarm_at"),
        ("right_sub/args/at/at", "cleared_at"),
    ):
        unit = row["unit"] if column == "value" else None
        yield Figure(f"{at}/{place}", formula.one("alarms", column, id), field_of(column), unit)
