"""Major hazard sources by level, and the enterprises that have them by supervision class."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.panels._origin import ENTERPRISES, HAZARDS
from dashboards.panels._words import counter
from twin import formula
from twin.content import Content, bars, figure, meta, stack, text
from twin.lineage import Figure, Origin, item, path
from twin.screen import ListOf, Look, Panel, Rows

LEVELS = (1, 2, 3, 4)
CLASSES = {"01": "sup-r", "02": "sup-y", "03": "sup-g"}  # a legend of its own, never mixed with R-LV-1
PERIOD_S = 86_400.0


def draw(rows: Rows, look: Look) -> Content:
    """One bar of four levels over three classes."""
    levels, classes = rows["hazards"]["hazard_level"], rows["enterprises"]["class"]
    parts = [
        {
            "key": f"level_{each}",
            "label": text(f"hazard_level.{each}"),
            "value": int((levels == each).sum()),
            "tone": each - 1,
            "list": f"level_{each}",
        }
        for each in LEVELS
    ]
    counts = [
        counter(f"class_{each}", text(f"class.{each}"), int((classes == each).sum()), level=level)
        for each, level in CLASSES.items()
    ]
    total = {"value": rows["hazards"].height, "list": "all"}
    shown = [bars(parts, "stack"), figure(counts, "classes") if classes.drop_nulls().len() else None]
    return stack(*[each for each in shown if each], total=total, meta=meta(period_s=PERIOD_S))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Sources of each level and in all, enterprises of each class."""
    yield Figure(path("total", "value"), formula.count("hazards"), text("explain.hazards.total"), rules="R-MH-1")
    for level in LEVELS:
        of_level = formula.count("hazards", ("hazard_level", "=", level))
        said = text("explain.hazards.level", level=text(f"hazard_level.{level}"))
        yield Figure(path("parts", 0, "rows", f"level_{level}", "value"), of_level, said, rules="R-MH-1")
    for each in CLASSES:
        of_class, said = formula.count("enterprises", ("class", "=", each)), text("explain.hazards.class")
        yield Figure(f"parts/1/{item(f'class_{each}')}", of_class, said, rules="R-LV-2")


HAZARD_COLUMNS = (
    ("id", "text", None),
    ("name", "text", None),
    ("owner", "text", None),
    ("hazard_level", "code", None),
    ("r", "number", None),
    ("chemicals", "text", None),
)
CLASS_COLUMNS = (
    ("id", "text", None),
    ("name", "text", None),
    ("class", "code", None),
    ("risk_grade", "code", None),
    ("safety_head", "text", None),
)

PANEL = Panel(
    key="hazards",
    reads=frozenset({"hazard_source", "enterprise"}),
    queries={"hazards": "overview/hazards", "enterprises": "park/enterprises"},
    draw=draw,
    lists={
        "all": ListOf("overview/hazards", HAZARD_COLUMNS, ("hazards", "id")),
        **{
            f"level_{each}": ListOf("overview/hazards", HAZARD_COLUMNS, ("hazards", "id"), {"only": str(each)})
            for each in LEVELS
        },
        **{
            f"class_{each}": ListOf("park/enterprises", CLASS_COLUMNS, ("enterprises", "id"), {"only": f"class.{each}"})
            for each in CLASSES
        },
    },
    rule="R-MH-1, R-LV-2",
    origin=Origin({"hazards": HAZARDS, "enterprises": ENTERPRISES}, figures),
)
