"""Files of rosters that were read, and each row of them that was refused: which field, and why (DR-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, at, listing, meta, text
from twin.lineage import Figure, Inputs, Origin
from twin.screen import ListOf, Look, Panel, Rows

IMPORTS, REFUSALS = "duty/imports", "duty/refusals"
SHOWN, ROWS_OF_ONE = 4, 20
OF_IMPORTS = (("read_by", "text", None), ("good", "number", None), ("bad", "number", None), ("ts", "time", None))
OF_REFUSALS = (
    ("name", "text", None),
    ("line", "number", None),
    ("field", "code", None),
    ("fault_code", "code", None),
    ("said", "text", None),
    ("raw", "text", None),
    ("ts", "time", None),
)


def draw(rows: Rows, look: Look) -> Content:
    """The newest file first, below it the rows of it that were refused."""
    found, refused = rows["imports"], rows["refusals"]
    lines: list[dict[str, Any]] = []
    for each in found.head(SHOWN).iter_rows(named=True):
        lines.append(_file(each))
        lines += [_row(one) for one in _of(refused, each["id"]).iter_rows(named=True)]
    return listing(
        lines, refused.height, empty=text("duty.no_imports"), list="refusals", meta=meta(latest(found, "ts"))
    )


def _of(refused: pl.DataFrame, id: str) -> pl.DataFrame:
    return refused.filter(pl.col("import") == id).head(ROWS_OF_ONE)


def _file(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": each["id"],
        "title": each["file"],
        "sub": text("duty.read", good=each["good"], bad=each["bad"], who=each["read_by"]),
        "right": at(each["ts"]),
    }


def _row(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": each["id"],
        "level": "yellow",
        "title": text("duty.refused", line=each["line"], field=text(f"field.{each['field']}")),
        "sub": text(f"fault_code.{each['fault_code']}", value=f"“{each['said']}”"),
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Rows that were taken and refused of each file, and the number of each row that was refused."""
    found, refused = rows["imports"].head(SHOWN), rows["refusals"]
    yield Figure("total", formula.count("refusals"), text("explain.duty.refused"))
    yield Figure("meta/ts", formula.highest("imports", "ts"), text("explain.duty.newest"), rules="")
    yield from lines_figures("imports", found, ("sub/args/good", "good"), ("sub/args/bad", "bad"), ("right/at", "ts"))
    for id in found["id"]:
        yield from lines_figures("refusals", _of(refused, id), ("title/args/line", "line"))


PANEL = Panel(
    key="duty_imports",
    reads=frozenset({"roster_import", "roster_refusal"}),
    queries={"imports": IMPORTS, "refusals": REFUSALS},
    draw=draw,
    lists={"refusals": ListOf(REFUSALS, OF_REFUSALS)},
    rule="DR-1",
    origin=Origin({"imports": Inputs(IMPORTS, OF_IMPORTS), "refusals": Inputs(REFUSALS, OF_REFUSALS)}, figures),
)
