"""Gates of the closed park."""

from __future__ import annotations

from layers._card import PLACE_ZOOM, card, crumbs, gone, rows
from twin.content import Content, at, both, facts, figure, text, value
from twin.screen import Layer, Look, Mark, Reader

COUNTED = ("persons_in", "persons_out", "vehicles_in", "vehicles_out")


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Lanes of the gate, and who has passed today."""
    feature = look.park.feature(id)
    if feature is None:
        return gone(id)
    title = both(feature.name_zh, feature.name_en)
    passed = reader.read("detail/gate", at=look.at, id=id, zone=look.zone).to_dicts()[0]
    counts = figure([{"key": each, "label": text(f"gate.{each}"), "value": value(passed[each])} for each in COUNTED])
    said = rows(feature.props, "kind", "lanes_in", "lanes_out")
    said.append((text("prop.place"), both(feature.props.get("place_zh"), feature.props.get("place_en")), None))
    if passed["last_at"]:
        said.append((text("prop.last_pass"), at(passed["last_at"]), None))
    return card(title, crumbs(look, last=title), [counts, facts(said)], place=(feature.lon, feature.lat, PLACE_ZOOM))


LAYER = Layer(
    "gates",
    "closure",
    Mark("point", symbol="gate", tone="line", size_px=6.0, label="name", label_zoom=15.0),
    geo="gates",
    order=63,
    detail=detail,
)
