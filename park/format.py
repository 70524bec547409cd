"""The format of a park folder as tables: what each file holds, what each property may say."""

from __future__ import annotations

import re

POINTS = frozenset({"Point"})
LINES = frozenset({"LineString", "MultiLineString"})
AREAS = frozenset({"Polygon", "MultiPolygon"})
PLACES = POINTS | AREAS

# Which geometry a file holds; a file that is not named here may hold any.
GEOMETRY = {
    "boundary": AREAS,
    "cameras": POINTS,
    "enterprises": AREAS,
    "gallery": LINES,
    "gas_cameras": POINTS,
    "gates": POINTS,
    "hazards": PLACES,
    "landuse": AREAS,
    "parking": AREAS,
    "resources": PLACES,
    "road_nodes": POINTS,
    "roads": LINES,
    "sensitive_targets": PLACES,
    "sensors": POINTS,
    "stations": PLACES,
    "tanks": PLACES,
    "units": AREAS,
    "utilities": PLACES,
    "water": AREAS | LINES,
    "zones": AREAS,
}
# Files whose things may lie outside the park: neighbours, canals, shelters.
MAY_LIE_OUTSIDE = frozenset({"sensitive_targets", "water", "resources"})
OUTSIDE_TOLERANCE_M = 50.0

PARK_ITSELF = "PARK"
ANYWHERE = "*"
# Properties that name other features, as file -> property -> file they must stand in.
REFERENCES: dict[str, dict[str, str]] = {
    ANYWHERE: {"owner": "enterprises", "hazard": "hazards", "target_unit": "units"},
    "cameras": {"place": ANYWHERE},
    "enterprises": {"zone": "zones", "access_road": "roads"},
    "gates": {"road": "roads"},
    "hazards": {"unit": "units"},
    "parking": {"zone": "parking"},
    "roads": {"from_node": "road_nodes", "to_node": "road_nodes"},
    "sensors": {"parent": ANYWHERE},
    "tanks": {"unit": "units"},
    "zones": {"enterprises": "enterprises"},
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "hazards": ("owner", "level"),
    "roads": ("from_node", "to_node"),
    "sensors": ("kind", "unit", "owner"),
    "tanks": ("owner",),
    "units": ("owner",),
}
CHOICES: dict[str, dict[str, tuple[str | int, ...]]] = {
    "enterprises": {"status": ("operating", "commissioning", "idle"), "hazard_level": (1, 2, 3, 4)},
    "hazards": {"level": (1, 2, 3, 4)},
}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A property whose name ends in a unit holds a number, or a list of numbers.
_UNIT_SUFFIX = re.compile(r"_(m|mm|km|m2|km2|ha|m3|t|kg|kmh|deg|s|min|h|c|mpa|kv|kw|mw|per_day|per_year|persons)$")
_NUMBERS = _names(
    "range_lo range_hi alarm_lo_lo alarm_lo alarm_hi alarm_hi_hi hazard_level hazard_count level staff population "
    "lanes lanes_in lanes_out tiers settlement_points base_points gateways degree bays threshold members vehicles crew "
    "seats beds ambulances capacity preset_count quantity alpha beta R"
)
_TRUTHS = _names("hazmat_allowed oneway lanes_given cooled explosion_proof on_call inside_park")
_TEXTS = _names(
    "name_zh name_en owner kind medium unit parent hazard status zone access_road road from_node to_node place "
    "target_unit chemical chemical_en main_chemical main_chemical_en type"
)
_LISTS = _names("enterprises regulated_chemicals regulated_processes target_gases skills applies_to")


def expected(name: str) -> str | None:
    """What a property holds: ``number``, ``truth``, ``text``, ``texts``; None where the format does not say."""
    if name in _NUMBERS or _UNIT_SUFFIX.search(name):
        return "number"
    if name in _TRUTHS:
        return "truth"
    if name in _LISTS:
        return "texts"
    return "text" if name in _TEXTS else None


_GAS = ("ppm", "mg/m3", "%VOL", "%vol")
UNITS_OF_KIND: dict[str, tuple[str, ...]] = {
    "barometer": ("hPa", "kPa", "Pa"),
    "combustible_gas": ("%LEL", *_GAS),
    "current": ("A", "kA", "mA"),
    "flow": ("m3/h", "Nm3/h", "L/h", "L/min", "m3/s", "m3/d", "t/h", "kg/h", "kg/s"),
    "humidity": ("%RH", "%"),
    "level": ("m", "mm", "cm", "%"),
    "oxygen": ("%VOL", "%vol", "%"),
    "ph": ("pH",),
    "power": ("W", "kW", "MW"),
    "pressure": ("MPa", "kPa", "Pa", "bar", "hPa"),
    "rainfall": ("mm/h", "mm", "mm/min"),
    "settlement": ("mm", "m", "cm"),
    "settlement_base": ("mm", "m", "cm"),
    "smoke": ("%/m", "dB/m"),
    "temperature": ("℃", "°C", "K"),
    "toxic_gas": (*_GAS, "ppb", "µg/m3"),
    "vibration": ("mm/s", "m/s2", "µm"),
    "visibility": ("m", "km"),
    "voltage": ("kV", "V", "mV"),
    "water_quality": ("mg/L", "µg/L", "NTU", "µS/cm"),
    "wind_direction": ("°",),
    "wind_speed": ("m/s", "km/h"),
}
# A kind of the park's own may use any of these.
ALL_UNITS = frozenset(unit for units in UNITS_OF_KIND.values() for unit in units) | _names(
    "dB dB(A) Hz kWh MWh r/min s min h t kg m3 L m2 µSv/h W/m2 lx 1"
)
