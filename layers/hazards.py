"""Major hazard sources: a ring at each."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from layers._card import PLACE_ZOOM, card, crumbs, gone, label, rows
from layers._live import alarms, children
from layers._origin import feature_rows, picked, prop_of
from models.wording import medium_name
from twin import formula
from twin.content import Content, both, facts, listing, text
from twin.lineage import Figure, Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import with_figures


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
    shown = listing([_substance(each) for each in said], len(said), title=text("prop.substances"))
    total = Figure("total", formula.count("substances"), text("explain.hazards.substances"), rules="R-MH-1")
    return with_figures(shown, (total,), {"substances": SUBSTANCES}) if said else None


def _substance(each: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "key": each["chemical"],
        "title": medium_name(each["chemical"]),
        "right": text("hazard.quantity", quantity=each["quantity_t"], threshold=each["threshold_t"]),
        "right_sub": text("hazard.beta", beta=each.get("beta", 1)),
    }
    worth = partial(formula.one, "substances", id=each["chemical"], key="chemical")
    figures = (
        Figure(place, worth(column=column), prop_of(column), unit, rules="R-MH-1")
        for place, column, unit in OF_SUBSTANCE
    )
    return with_figures(shown, figures)


# Where the numbers of a substance stand, their properties in the park's folder, their units.
OF_SUBSTANCE = (
    ("right/args/quantity", "quantity_t", "t"),
    ("right/args/threshold", "threshold_t", "t"),
    ("right_sub/args/beta", "beta", None),
)


def _named(look: Look) -> pl.DataFrame:
    """The substances that the park's folder names for the source, with their thresholds."""
    source = picked(look)
    said = source.props.get("substances") or [] if source else []
    kept = ({"beta": 1, **each} for each in said)
    rows = ((source, {name: each[name] for name in _COLUMNS}) for each in kept if source)
    return feature_rows(rows, _COLUMNS)


_COLUMNS = {"chemical": pl.String, "quantity_t": pl.Float64, "threshold_t": pl.Float64, "beta": pl.Float64}
SUBSTANCES = Inputs(
    columns=(("quantity_t", "number", "t"), ("threshold_t", "number", "t"), ("beta", "number", None)), made=_named
)


LAYER = Layer(
    "hazards",
    "safety",
    Mark("point", symbol="ring", tone="line", size_px=6.0, label="name", label_zoom=16.0, min_zoom=12.5),
    geo="hazards",
    order=62,
    detail=detail,
)
