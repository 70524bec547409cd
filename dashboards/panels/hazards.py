"""Major hazard sources by level, and the enterprises that have them by supervision class."""

from __future__ import annotations

from dashboards.panels._words import counter
from twin.content import Content, bars, figure, meta, stack, text
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
)
