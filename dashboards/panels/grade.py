"""The park's safety-risk grade, its date and its document (OV-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._origin import PARK
from layers._documents import papers
from layers._origin import field_of
from twin import formula
from twin.content import Content, facts, meta, picture, sentence, stack, text
from twin.lineage import Figure, Origin, path
from twin.screen import Look, Panel, Rows

PERIOD_S = 86_400.0
# R-LV-5: A = high … D = low in the park's record; only the two upper ones carry a colour.
LEVEL_OF_GRADE = {"A": "red", "B": "orange"}


def draw(rows: Rows, look: Look) -> Content:
    """The grade in words, when it was published, and the paper; what the overall assessment found."""
    told = rows["park"].row(0, named=True) if rows["park"].height else {}
    grade = told.get("safety_risk_grade")
    if not grade:
        return sentence(text("grade.none"), meta=meta(period_s=PERIOD_S))
    letter = grade.strip()[:1].upper()
    said = text(f"grade.{letter}") if letter in "ABCD" else grade
    parts = [sentence(said, LEVEL_OF_GRADE.get(letter), _published(told)), _assessment(rows), _paper(told, look)]
    return stack(*[each for each in parts if each], meta=meta(period_s=PERIOD_S))


def _published(told: dict[str, Any]) -> Any:
    day = told["safety_risk_grade_date"]
    return text("grade.published", date=day.isoformat()) if day else None


def _assessment(rows: Rows) -> Content | None:
    found = rows["assessment"].row(0, named=True) if rows["assessment"].height else None
    if found is None:
        return None
    yes_no = ("contains_3e7", "contains_3e6", "contains_1e5", "in_unacceptable_zone", "measures_implemented")
    return facts(
        [
            (text(f"grade.{each}"), text("yes" if found[each] else "no"), None)
            for each in yes_no
            if found[each] is not None
        ]
    )


def _paper(told: dict[str, Any], look: Look) -> Content | None:
    file = told["safety_risk_grade_file"]
    return picture(papers("grade", text("grade.document"), None, file, look)) if file else None


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The day on which the grade was published."""
    for id in rows["park"]["id"]:
        day = formula.one("park", "safety_risk_grade_date", id)
        yield Figure(path("parts", 0, "sub", "args", "date"), day, field_of("safety_risk_grade_date"))


PANEL = Panel(
    key="grade",
    reads=frozenset({"park", "park_overall_risk_report_ext", "park_assessment_report"}),
    queries={"park": "park/facts", "assessment": "park/assessment"},
    draw=draw,
    rule="R-LV-5",
    origin=Origin({"park": PARK}, figures),
)
