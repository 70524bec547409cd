"""Plans, approvals, reports and drawings of the park (OV-10)."""

from __future__ import annotations

from collections.abc import Iterator

from layers._documents import document
from layers._origin import DOCUMENTS, field_of
from twin import formula
from twin.content import Content, meta, picture, text
from twin.lineage import Figure, Origin, item
from twin.screen import ListOf, Look, Panel, Rows

PERIOD_S = 86_400.0
SHOWN = 10


def draw(rows: Rows, look: Look) -> Content:
    """The newest ten, and how many there are."""
    found = rows["documents"]
    shown = [each for row in found.head(SHOWN).iter_rows(named=True) for each in document(row, look)]
    return picture(shown, total=found.height, list="all", empty=text("documents.none"), meta=meta(period_s=PERIOD_S))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many documents there are, and the date of each that is shown."""
    yield Figure("total", formula.count("documents"), text("explain.documents.total"))
    for row in rows["documents"].head(SHOWN).iter_rows(named=True):
        for paper in document(row | {"id": row["item"]}, look):
            dated = formula.one("documents", "date", row["item"], "item")
            yield Figure(item(paper["key"], "date"), dated, field_of("date"))


PANEL = Panel(
    key="documents",
    reads=frozenset({"park", "park_plan", "park_master_plan_ext", "park_approval_document", "park_assessment_report"})
    | {"land_safety_control_line_ext"},
    queries={"documents": "park/documents"},
    draw=draw,
    lists={
        "all": ListOf(
            "park/documents",
            (
                ("title", "text", None),
                ("document", "code", None),
                ("date", "text", None),
                ("author", "text", None),
                ("file", "file", None),
            ),
        )
    },
    origin=Origin({"documents": DOCUMENTS}, figures),
)
