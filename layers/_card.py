"""What every detail is made of: the way there, facts, what one can do, and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from layers._origin import LAYER_OF_FILE, OF_PROPERTY, PROPERTY_COLUMNS, feature_rows, picked, prop_of, unpivoted
from models.quantity import digits, power
from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, both, facts, text, value
from twin.lineage import Inputs
from twin.roles import Right
from twin.screen import Look
from twin.traced import traced

Row = tuple[Text, Any, Any]
# Properties whose values are codes of the catalogue (``<property>.<code>``) ...
CODED = {"hazard_level", "kind", "status", "type", "class", "cargo", "pressure_class", "population_unit"}
# ... those that hold several codes ...
SPOKEN = {"skills"}
# ... those that are risks a year ...
RISKS = {"value_per_year"}
# ... and those that name chemicals.
CHEMICAL = {"chemical", "main_chemical", "target_gases", "regulated_chemicals"}
UNITS = {
    "area_km2": "km²",
    "area_ha": "ha",
    "area_m2": "m²",
    "length_m": "m",
    "width_m": "m",
    "height_m": "m",
    "diameter_m": "m",
    "volume_m3": "m³",
    "coverage_m": "m",
    "speed_limit_kmh": "km/h",
    "direction_deg": "°",
    "fov_deg": "°",
    "quantity_t": "t",
    "distance_m": "m",
    "design_pressure_mpa": "MPa",
    "working_pressure_mpa": "MPa",
    "working_temp_c": "℃",
    "max_stay_min": "min",
    "max_stay_s": "s",
    "levelling_length_m": "m",
}
# The rules that say what a property means.
RULES = {"R": "R-MH-1", "alpha": "R-MH-1"}
ENTERPRISE_ZOOM, PLACE_ZOOM, POINT_ZOOM = 15.5, 16.5, 17.5


def label(name: str) -> Text:
    """The name of a property."""
    return text(f"prop.{name}")


def shown(name: str, said: Any) -> Any:
    """A property's value as content: codes, chemicals, numbers with units, texts."""
    if name in CHEMICAL:
        return join(medium_name(each) for each in (said if isinstance(said, list) else [said]))
    if isinstance(said, bool):
        return text("yes" if said else "no")
    if name in CODED:
        return text(f"{name}.{said}")
    if name in RISKS and isinstance(said, (int, float)):
        return power(said)
    if isinstance(said, (int, float)):
        return value(said, UNITS.get(name), 0 if float(said).is_integer() else digits(said))
    if name in SPOKEN and isinstance(said, list):
        return [text(f"{name}.{each}") for each in said]
    return join(said) if isinstance(said, list) else str(said)


def join(parts: Iterable[Text]) -> Text:
    """Several texts as one, with the comma of the language between them."""
    both_ways = [each if isinstance(each, dict) else {"zh": str(each), "en": str(each)} for each in parts]
    return both("、".join(each["zh"] for each in both_ways), ", ".join(each["en"] for each in both_ways))


def _properties(look: Look) -> pl.DataFrame:
    """What the park's folder says of the thing that was picked, a row a property."""
    feature = picked(look)
    said = unpivoted(feature.props, UNITS) if feature else ()
    return feature_rows(((feature, each) for each in said if feature), OF_PROPERTY)


PROPERTIES = {"properties": Inputs(columns=PROPERTY_COLUMNS, made=_properties)}


def rows(props: Mapping[str, Any], *names: str, of: Mapping[str, Inputs] = PROPERTIES) -> list[Row]:
    """Facts from properties, in the order named; what is not given is left out. Numbers come from the set ``of``."""
    return [(label(each), said, None) for each in names if (said := _said(props, each, of)) is not None]


def _said(props: Mapping[str, Any], name: str, of: Mapping[str, Inputs]) -> Any:
    if props.get(f"{name}_zh"):
        return both(props[f"{name}_zh"], props.get(f"{name}_en"))
    said = props.get(name)
    if said in (None, "", []):
        return None
    unit = props.get(f"{name}_unit")
    plain = value(said, unit, digits(said)) if unit and isinstance(said, (int, float)) else shown(name, said)
    return of_property(name, plain, unit, of)


def of_property(name: str, said: Any, unit: str | None = None, of: Mapping[str, Inputs] = PROPERTIES) -> Any:
    """A number, or a text that may be one, as the set ``of`` has it; codes and lists are no numbers."""
    (source,) = of
    if isinstance(said, str):
        column = "value" if name in RISKS else "words"
        return traced(said, formula.one(source, column, name, "prop"), prop_of(name), inputs=of)
    if not isinstance(said, dict) or "value" not in said:
        return said
    worth = formula.one(source, "value", name, "prop")
    rules, unit = RULES.get(name), unit or UNITS.get(name)
    return traced(said, worth, prop_of(name), unit, at="value", inputs=of, rules=rules)


def owner_text(look: Look, owner: str | None) -> Text:
    """An owner's name in both languages."""
    return both(*look.park.owner_name(owner))


def crumbs(
    look: Look, owner: str | None = None, parent: str | None = None, last: Text | None = None
) -> list[dict[str, Any]]:
    """The way from the park to a thing: park › enterprise › unit or tank › the thing."""
    way: list[dict[str, Any]] = [{"text": text("crumb.park"), "pick": {"home": True}}]
    if owner and look.park.feature(owner) and owner in {each.id for each in look.park.features.get("enterprises", ())}:
        way.append({"text": owner_text(look, owner), "pick": {"layer": "enterprises", "id": owner}})
    above = look.park.feature(parent) if parent else None
    if above is not None and above.id != owner:
        way.append(
            {
                "text": both(above.name_zh, above.name_en),
                "pick": {"layer": LAYER_OF_FILE.get(above.file, above.file), "id": above.id},
            }
        )
    return [*way, {"text": last}] if last else way


def card(
    title: Text,
    way: Sequence[dict[str, Any]],
    parts: Sequence[Content | None],
    *,
    actions: Sequence[dict[str, Any]] = (),
    place: tuple[float, float, float] | None = None,
) -> Content:
    """A detail. ``place`` is (lon, lat, zoom)."""
    where = dict(zip(("lon", "lat", "zoom"), place, strict=True)) if place else None
    kept = [each for each in parts if each is not None]
    return {
        "kind": "detail",
        "title": title,
        "crumbs": list(way),
        "parts": kept,
        "actions": list(actions),
        "place": where,
    }


def feature_card(
    look: Look, id: str, *names: str, zoom: float = PLACE_ZOOM, extra: Sequence[Content | None] = ()
) -> Content:
    """The plain detail of a thing on the map: its name and the named properties."""
    feature = look.park.feature(id)
    if feature is None:
        return gone(id)
    title = both(feature.name_zh, feature.name_en)
    said = rows(feature.props, *names)
    way = crumbs(look, feature.owner, feature.props.get("unit") or feature.props.get("parent"), title)
    parts = [facts(said) if said else None, *extra]
    return card(title, way, parts, place=(feature.lon, feature.lat, zoom))


def gone(id: str) -> Content:
    """What is shown for a thing that is not (or not yet, at that moment) known."""
    return card(id, [], [facts([(text("detail.unknown"), id, None)])])


def ask_repair(target: str) -> dict[str, Any]:
    """Applying for a thing to raise no alarm for a while (R-AL-8), as an action of its detail."""
    ask = {"screen": "alarms", "page": "faults", "panel": "alarm_faults", "fields": {"target": target}}
    return {"key": "repair", "label": text("faults.ask"), "ask": ask, "right": Right.apply_fault}


def ask_limit(point: str) -> dict[str, Any]:
    """Asking for another limit of a point (R-GAS-15)."""
    ask = {"screen": "alarms", "page": "limits", "panel": "alarm_limits", "fields": {"point": point}}
    return {"key": "limit", "label": text("limits.ask_for"), "ask": ask, "right": Right.propose_limit}


def ask_to_tell(alarm: str) -> dict[str, Any]:
    """Writing to chosen people about an alarm (AL-2)."""
    ask = {"screen": "messages", "page": "sent", "panel": "message_log", "fields": {"subject": alarm}}
    return {"key": "tell", "label": text("messages.tell"), "ask": ask, "right": Right.send_notice}
