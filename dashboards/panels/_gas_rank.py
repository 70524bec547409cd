"""Alarms ranked by the gas that they are about, as several gas panels show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, bars, text
from twin.formula import Formula, Where
from twin.lineage import Figure, path

SHOWN = 5
_UNKNOWN = "-"


def ranked(alarms: pl.DataFrame, title: Text, empty: Text, listed: str) -> Content:
    """How many alarms there are of each gas, the most first; ``listed`` names the list of all of them."""
    counted = _counted(alarms)
    most = max(counted["count"], default=1)
    rows: list[dict[str, Any]] = [
        {
            "key": gas or _UNKNOWN,
            "label": medium_name(gas) or text("gas_alarms.unknown"),
            "value": n,
            "share": n / most,
        }
        for gas, n in counted.head(SHOWN).iter_rows()
    ]
    return bars(rows, "rank", title=title, list=listed, empty=empty)


def rank_figures(alarms: pl.DataFrame, *where: Where) -> Iterator[Figure]:
    """The counts of a ranking: of the alarm records for which ``where`` holds."""
    counts: dict[str, Formula] = {
        gas: formula.count("alarms", *where, ("medium", "=", gas) if gas else ("medium", "is", None))
        for gas in _counted(alarms).head(SHOWN)["medium"]
    }
    most = formula.greatest(*counts.values())
    for gas, n in counts.items():
        yield Figure(path("rows", gas or _UNKNOWN, "value"), n, text("explain.gas.of_gas"))
        yield Figure(path("rows", gas or _UNKNOWN, "share"), formula.divide(n, most), text("explain.gas.of_most"))


def _counted(alarms: pl.DataFrame) -> pl.DataFrame:
    return alarms["medium"].fill_null("").value_counts().sort(["count", "medium"], descending=[True, False])
