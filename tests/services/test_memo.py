"""What was asked at one tick is asked anew at the next when anything that it was read from has changed."""

from __future__ import annotations

import polars as pl
import pytest

from cache.reader import tables_of
from dashboards import panels
from services.builder import Asked, Question
from services.memo import MEASURED, Memo
from tests.cache.batches import NOON
from twin.registry import discover
from twin.screen import Panel

PANELS: dict[str, Panel] = discover(panels, "PANEL")


class Nobody:
    """A reader that answers nothing."""

    scope = "park"

    def read(self, query: str, /, **_asked: object) -> pl.DataFrame:
        """One row that says which query it was."""
        return pl.DataFrame({"query": [query]})


@pytest.mark.parametrize(("query", "table"), [("desk/faults", "fault"), ("desk/limits", "limit_change")])
def test_a_table_that_a_query_names_plainly_counts_as_read(query: str, table: str) -> None:
    memo, asked = Memo(), Asked(Nobody(), NOON)
    asked.read(query, at=NOON)
    memo.keep(asked)
    memo.forget(frozenset({"clock", "pulse"}))
    assert Question(query, ()) in memo.remind(Asked(Nobody(), NOON)).answers
    memo.forget(frozenset({table}))
    assert Question(query, ()) not in memo.remind(Asked(Nobody(), NOON)).answers


@pytest.mark.parametrize("key", sorted(each for each in PANELS if each.startswith(("alarm_", "account_", "audit_"))))
def test_what_wakes_a_panel_wakes_its_queries(key: str) -> None:
    """Else it would be drawn anew from what was asked before."""
    panel = PANELS[key]
    read = frozenset[str]().union(*(tables_of(each) for each in panel.queries.values()))
    assert panel.reads - read - MEASURED <= {"clock", "minute"}
