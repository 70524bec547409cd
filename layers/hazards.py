"""Major hazard sources: a ring at each."""

from __future__ import annotations

from typing import Any

from layers._card import PLACE_ZOOM, card, crumbs, gone, label, rows
from layers._live import alarms, children
from models.wording import medium_name
from twin.content import Content, both, facts, listing, text
from twin.screen import Layer, Look, Mark, Reader


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Level and R of the source, its substances against their thresholds, its alarms and points."""
    feature = look.park.feature(id)
    if feature is None:
        return gone(id)
    title = both(feature.name_zh, feature.name_en)
    unit = feature.props.get("unit")
    level = [(label("hazard_level"), text(f"hazard_level.{feature.props.get('level')}"), None)]
    said = [*level, *rows(feature.props, "R", "alpha", "kind", "main_chemical", "quantity_t")]
    below = [alarms(reader, unit, look), children(reader, unit, look)] if unit else []
    parts = [facts(said), _substances(feature.props.get("substances") or []), *below]
    return card(title, crumbs(look, feature.owner, unit, title), parts, place=(feature.lon, feature.lat, PLACE_ZOOM))


def _substances(said: list[dict[str, Any]]) -> Content | None:
    shown = [
        {
            "key": each["chemical"],
            "title": medium_name(each["chemical"]),
            "right": text("hazard.quantity", quantity=each["quantity_t"], threshold=each["threshold_t"]),
            "right_sub": text("hazard.beta", beta=each.get("beta", 1)),
        }
        for each in said
    ]
    return listing(shown, len(shown), title=text("prop.substances")) if shown else None


LAYER = Layer(
    "hazards",
    "safety",
    Mark("point", symbol="ring", tone="line", size_px=6.0, label="name", label_zoom=16.0, min_zoom=12.5),
    geo="hazards",
    order=62,
    detail=detail,
)
