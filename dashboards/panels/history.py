"""The way the park has come: what was approved and when, its recognition and honours (OV-1)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from dashboards.panels._origin import RECOGNITIONS
from layers._documents import named, papers
from layers._origin import DOCUMENTS
from twin import formula
from twin.content import Content, listing, meta, picture, sentence, stack, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

PERIOD_S = 86_400.0
APPROVAL = "approval"


def draw(rows: Rows, look: Look) -> Content:
    """Approvals, oldest first, over the papers of recognition."""
    parts = [each for each in (_history(rows["documents"]), _honours(rows["recognitions"], look)) if each]
    if not parts:
        return sentence(text("value.not_reported"), meta=meta(period_s=PERIOD_S))
    return stack(*parts, meta=meta(period_s=PERIOD_S))


def _history(documents: pl.DataFrame) -> Content | None:
    past = documents.filter(pl.col("date").is_not_null() & pl.col("document").str.starts_with(APPROVAL)).sort("date")
    shown = [
        {
            "key": row["id"],
            "title": named(row["title"], text(f"document.{row['document']}"))[0],
            "sub": row["author"],
            "right": str(row["date"].year),
        }
        for row in past.iter_rows(named=True)
    ]
    return listing(shown, len(shown), title=text("facts.history"), key="approvals") if shown else None


def _honours(recognitions: pl.DataFrame, look: Look) -> Content | None:
    shown = [
        each
        for row in recognitions.iter_rows(named=True)
        for each in papers(
            row["id"], *named(row["title"], text(f"recognition.{row['recognition']}")), row["file"], look
        )
    ]
    return picture(shown, total=recognitions.height, title=text("facts.honours"), key="honours") if shown else None


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Approvals with the year of each, and papers of recognition."""
    approval = ("table", "=", "park_approval_document")
    past = formula.count("documents", approval, ("date", "is not", None))
    yield Figure("parts/approvals/total", past, text("explain.history.approvals"))
    yield Figure("parts/honours/total", formula.count("recognitions"), text("explain.history.honours"))
    for id in rows["documents"].filter(table="park_approval_document")["item"]:
        year = formula.year(formula.one("documents", "date", id, "item"))
        yield Figure(path("parts", "approvals", "rows", id, "right"), year, text("explain.history.year"))


PANEL = Panel(
    key="history",
    reads=frozenset(
        {
            "park",
            "park_plan",
            "park_master_plan_ext",
            "park_approval_document",
            "park_assessment_report",
            "land_safety_control_line_ext",
            "park_recognition_material",
        }
    ),
    queries={"recognitions": "park/recognitions", "documents": "park/documents"},
    draw=draw,
    origin=Origin({"documents": DOCUMENTS, "recognitions": RECOGNITIONS}, figures),
)
