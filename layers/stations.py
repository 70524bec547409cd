"""Fire and gas-rescue stations, response centre, medical post, training base, weather station."""

from __future__ import annotations

from layers._card import feature_card, rows
from layers._documents import documents_of
from layers._live import alarms, children
from twin.content import Content, facts
from twin.screen import Layer, Look, Mark, Reader

PLANS = {"fire_station": "plan.06"}  # the fire-protection plan


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What stands ready there, its points now, and the plan it stands in."""
    return feature_card(
        look,
        id,
        "kind",
        "area_m2",
        "vehicles",
        "crew",
        "seats",
        "beds",
        "ambulances",
        "trainees_per_year",
        extra=[
            _answerable(reader, id, look),
            alarms(reader, id, look),
            children(reader, id, look),
            documents_of(reader, look, id, PLANS),
        ],
    )


def _answerable(reader: Reader, id: str, look: Look) -> Content | None:
    told = (reader.read("detail/station", at=look.at, id=id).to_dicts() or [{}])[0]
    said = rows(told, "head_name", "phone", "address")
    return facts(said) if said else None


LAYER = Layer(
    "stations",
    "emergency",
    Mark("area", tone="unit", label="name", label_zoom=15.0),
    geo="stations",
    order=33,
    detail=detail,
)
