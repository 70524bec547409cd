"""Origins that several panels declare in the same way: points, alarms, settings, and the numbers of a remark."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import polars as pl

from layers._origin import field_of
from twin import formula
from twin.content import text
from twin.formula import Formula, Where
from twin.lineage import Figure, Inputs, path, setting
from twin.screen import Look

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
RECOGNITIONS = Inputs("explain/recognitions", (("recognition", "code", None),))
PARK = Inputs("explain/park")
WIND = Inputs(
    "explain/wind", (("value", "number", None), ("unit", "text", None), ("status", "code", None)), ("points", "id")
)
OPEN: Where = ("open", "=", True)


def limit(look: Look, name: str, default: float, unit: str | None = None) -> dict[str, Any]:
    """A row for a limit of ``park.toml``, or for what stands for it where it is not set."""
    limits = look.park.settings.limits
    return setting(f"limits.{name}", limits.get(name, default), unit, "park.toml" if name in limits else "parktwin")


def limits_of(name: str, default: float, unit: str | None = None) -> Inputs:
    """The one limit that a panel holds its figures against."""
    columns = (("value", "number", None), ("unit", "text", None))
    return Inputs(columns=columns, made=lambda look: [limit(look, name, default, unit)])


def newest(of: str, column: str, *where: Where, at: str = path("meta", "ts")) -> Figure:
    """The time of a panel's newest data."""
    said = text("explain.newest", field=text(f"column.{column}"))
    return Figure(at, formula.highest(of, column, *where), said, rules="")


def lines_figures(
    of: str, rows: pl.DataFrame, *places: tuple[str, str], measured: Collection[str] = ()
) -> Iterator[Figure]:
    """Fields of records that are shown as the lines of ``rows``: each place in a line, and the column that stands
    there; ``measured`` columns are in the record's own unit."""
    for row in rows.iter_rows(named=True):
        for place, column in places:
            told, unit = formula.one(of, column, row["id"]), row["unit"] if column in measured else None
            yield Figure(f"{path('rows', row['id'])}/{place}", told, field_of(column), unit)


def covered(heard: Formula, all_of: Formula, said: str = "heard") -> tuple[Figure, Figure]:
    """The two numbers of a panel's coverage."""
    return (
        Figure(path("meta", "coverage", 0), heard, text(f"explain.{said}"), coverage=(heard, all_of)),
        Figure(path("meta", "coverage", 1), all_of, text("explain.expected"), coverage=(heard, all_of)),
    )
