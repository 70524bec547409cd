"""Gates of the closed park."""

from __future__ import annotations

from typing import Any

from layers._card import PLACE_ZOOM, card, crumbs, gone, rows
from twin import formula
from twin.content import Content, at, both, facts, figure, text, value
from twin.lineage import Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced

COUNTED = ("persons_in", "persons_out", "vehicles_in", "vehicles_out")
# what a pass counts as: a row of ``PASSES`` says it in the singular
PASS = {each: each.replace("persons", "person").replace("vehicles", "vehicle") for each in COUNTED}
PASSES = {"passes": Inputs("explain/passes", (("pass", "code", None),))}


def _counter(name: str, n: int) -> dict[str, Any]:
    label, passed = text(f"gate.{name}"), formula.count("passes", ("pass", "=", PASS[name]))
    counted = traced(n, passed, text("explain.detail.passes", what=label), inputs=PASSES)
    return {"key": name, "label": label, "value": value(counted)}


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Lanes of the gate, and who has passed today."""
    feature = look.park.feature(id)
    if feature is None:
        return gone(id)
    title = both(feature.name_zh, feature.name_en)
    passed = reader.read("detail/gate", at=look.at, id=id, zone=look.zone).to_dicts()[0]
    counts = figure([_counter(each, passed[each]) for each in COUNTED])
    said = rows(feature.props, "kind", "lanes_in", "lanes_out")
    said.append((text("prop.place"), both(feature.props.get("place_zh"), feature.props.get("place_en")), None))
    if passed["last_at"]:
        newest = text("explain.newest", field=text("column.passed_at"))
        last = traced(at(passed["last_at"]), formula.highest("passes", "ts"), newest, at="at", inputs=PASSES)
        said.append((text("prop.last_pass"), last, None))
    return card(title, crumbs(look, last=title), [counts, facts(said)], place=(feature.lon, feature.lat, PLACE_ZOOM))


LAYER = Layer(
    "gates",
    "closure",
    Mark("point", symbol="gate", tone="line", size_px=6.0, label="name", label_zoom=15.0),
    geo="gates",
    order=63,
    detail=detail,
)
