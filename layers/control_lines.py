"""The land-safety control line round the park, as filed with the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import polars as pl

from layers._card import card, crumbs, gone, shown
from layers._documents import documents
from models.geometry import area_m2, rings
from twin import formula
from twin.content import Content, Text, both, facts, text, value
from twin.lineage import Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced

_HA = 10_000.0


def features(found: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    """Each line with its rings; one whose boundary is not GeoJSON is left out (the record stays listed)."""
    for row in found.iter_rows(named=True):
        shape = _shape(row["geometry"])
        if shape:
            yield {**row, "geometry": shape, "rings": rings(shape)}


def _shape(said: str) -> dict[str, Any] | None:
    try:
        shape = orjson.loads(said)
    except orjson.JSONDecodeError:
        return None
    return shape if isinstance(shape, dict) and rings(shape) else None


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Area inside the line, what it was checked against, and its drawing."""
    found = [row for row in reader.read("layers/control_lines", at=look.at).iter_rows(named=True) if row["id"] == id]
    if not found:
        return gone(id)
    title: Text = both(found[0]["name_zh"], found[0]["name_en"])
    shape = _shape(found[0]["geometry"])
    checks = reader.read("detail/control_line", at=look.at, id=id).to_dicts()[0]
    said = [(text(f"prop.{name}"), shown(name, each), None) for name, each in checks.items() if each is not None]
    if shape:
        hectares = formula.divide(formula.one("lines", "area_m2", id), formula.const(_HA))
        area = traced(area_m2(shape) / _HA, hectares, text("explain.lines.area"), "ha", inputs={"lines": LINES})
        said.insert(0, (text("prop.area_ha"), value(area, "ha"), None))
    return card(
        title, crumbs(look, last=title), [facts(said), documents(reader, look, "drawing.control_line", "plan.05")]
    )


def _areas(lines: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Lines with the area inside each, as its boundary gives it."""
    areas = [area_m2(_shape(each) or {}) for each in lines["geometry"]]
    return lines.drop("geometry").with_columns(area_m2=pl.Series(areas, dtype=pl.Float64))


LINES = Inputs("explain/control_lines", (("area_m2", "number", "m²"),), ("control_lines", "id"), rows=_areas)

LAYER = Layer(
    "control_lines",
    "plan",
    Mark("area", tone="plan", width_px=1.5, dash="10 4", fill=False),
    order=22,
    query="layers/control_lines",
    reads=frozenset({"land_safety_control_line_ext", "park_plan"}),
    visible=False,
    features=features,
    detail=detail,
)
