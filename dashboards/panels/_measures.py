"""What is told of a number of alarms, as a number out of their sums and as the formula over the alarms themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboards.panels._words import percent
from models.analysis import LEVELS, MEANS, SHARES, mean_minutes, share
from twin import formula
from twin.content import Text, text
from twin.formula import Formula, Where

OF = "alarms"
TRUE: dict[str, Where] = {
    "handled": ("handled", "=", True),
    "timely": ("timely", "=", True),
    "untrue": ("judged", "=", "false"),
    "judged": ("judged", "is not", None),
    "stale": ("stale", "=", True),
}
RULES = {"handled": "KPI-2", "timely": "KPI-3, R-AL-9", "untrue": "KPI-5", "clearing": "KPI-4", "ack": "ISA-18.2"}


@dataclass(frozen=True)
class Measure:
    """One of them: ``tell`` takes a row of sums (``models.analysis``), ``told`` the conditions that its alarms meet."""

    key: str
    unit: str | None
    tell: Callable[[dict[str, Any]], float | None]
    told: Callable[..., Formula]

    @property
    def label(self) -> Text:
        """What it is called."""
        return text(f"analysis.{self.key}")

    @property
    def said(self) -> Text:
        """How it is computed."""
        return text(f"explain.analysis.{self.key}")

    @property
    def rules(self) -> str:
        """The rules that it follows."""
        return RULES.get(self.key, "AL-13")


def _count(key: str, column: str, *more: Where) -> Measure:
    return Measure(key, None, lambda row: row[column], lambda *where: formula.count(OF, *where, *more))


def _share(key: str) -> Measure:
    part, whole = SHARES[key]

    def tell(row: dict[str, Any]) -> float | None:
        said = share(row, key)
        return None if said is None else percent(said)

    def told(*where: Where) -> Formula:
        of = formula.count(OF, *where) if whole == "n" else formula.count(OF, *where, TRUE[whole])
        return formula.percent(formula.count(OF, *where, TRUE[part]), of)

    return Measure(key, "%", tell, told)


def _mean(key: str) -> Measure:
    column, _ = MEANS[key]

    def told(*where: Where) -> Formula:
        return formula.rounded(formula.divide(formula.mean(OF, column, *where), formula.const(60_000)), 1)

    return Measure(key, "min", lambda row: mean_minutes(row, key), told)


COUNT = _count("n", "n")
BY_LEVEL = tuple(_count(f"level_{each}", f"level_{each}", ("level", "=", each)) for each in LEVELS)
KEPT = tuple(_share(each) for each in SHARES)
TIMES = tuple(_mean(each) for each in MEANS)
STALE = _count("stale", "stale", TRUE["stale"])


def change(now: Formula, before: Formula) -> Formula:
    """As ``models.analysis.change_percent``."""
    share = formula.divide(formula.subtract(now, before), before)
    return formula.rounded(formula.multiply(share, formula.const(100)), 1)
