"""Any layer as the 3-D map knows it: which deck.gl layers draw it, and how far its features stand up.

A part is written as deck.gl's JSON has it: ``@@type`` names the class, one of deck.gl's own or of
``assets/later/deck/bulk.js`` (``ground``, ``lines``, ``walls``, ``marks``); ``role`` says what of the layer it shows.
What it shows comes from the same columns and frames as on the 2-D map, and is told to it in ``assets/later/deck``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import pi
from typing import Any

from park.feature import Feature
from twin.screen import Layer, Mark

LYING = "horizontal"  # of the kinds of round bodies the one that lies on its side; ``sphere`` is a ball, others stand
_DIGITS = 2

Part = dict[str, Any]


def deck_parts(layer: Layer) -> list[Part]:
    """The deck.gl layers of one map layer, the lowest first."""
    mark = layer.mark
    if mark.shape == "line":
        return [_lines("built" if stands(mark) else "line", mark)]
    return _area(mark) if mark.shape == "area" else _point(mark)


def deck_layers(layers: Iterable[Layer]) -> dict[str, list[Part]]:
    """The parts of every map layer, by its key."""
    return {each.key: deck_parts(each) for each in layers}


def stands(mark: Mark) -> bool:
    """Whether features of such a mark have a height."""
    return bool(mark.height_m or mark.height_by or mark.heights_m)


def _part(kind: str, role: str, **more: Any) -> Part:
    return {"@@type": kind, "role": role} | more


def _lines(role: str, mark: Mark) -> Part:
    dash = {"dash": [float(each) for each in mark.dash.split()][:2]} if mark.dash else {}
    return _part("lines", role, **dash)


def _area(mark: Mark) -> list[Part]:
    if stands(mark):
        return [_part("walls", "walls"), _part("ground", "roof"), _lines("eaves", mark)]
    return [*([_part("ground", "ground")] if mark.fill else []), _lines("edge", mark)]


def _point(mark: Mark) -> list[Part]:
    if mark.column_by:
        return [_part("ScatterplotLayer", "heat", radiusUnits="meters", stroked=False), _part("walls", "column")]
    if mark.symbol == "alarm":
        return []  # what is at risk is drawn of all layers together, above everything
    return [*([_part("walls", "round")] if mark.width_by else []), _part("marks", "mark")]


def extent(mark: Mark, features: Sequence[Feature]) -> dict[str, list[float | None]]:
    """How high, wide and long features are, in metres, as columns; none for what lies flat."""
    if not stands(mark):
        return {}
    columns: dict[str, list[float | None]] = {"height_m": [_height(mark, each.props) for each in features]}
    if mark.width_by:
        columns["width_m"] = [_number(each.props, mark.width_by) for each in features]
        columns["length_m"] = [_length(mark, each.props) for each in features]
    return columns


def _height(mark: Mark, props: Mapping[str, Any]) -> float:
    usual = mark.heights_m.get(str(props.get("kind")), mark.height_m)
    return _number(props, mark.height_by) or usual


def _length(mark: Mark, props: Mapping[str, Any]) -> float | None:
    """A lying cylinder is as long as what it holds asks for; anything else is as long as wide."""
    wide, volume = _number(props, mark.width_by), _number(props, mark.volume_by)
    if wide and volume and props.get("kind") == LYING:
        return round(volume / (pi * wide**2 / 4), _DIGITS)
    return wide


def _number(props: Mapping[str, Any], name: str | None) -> float | None:
    said = props.get(name) if name else None
    return float(said) if isinstance(said, (int, float)) and said > 0 else None
