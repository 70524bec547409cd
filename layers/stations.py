"""Fire and gas-rescue stations, response centre, medical post, training base, weather station."""

from __future__ import annotations

import polars as pl

from layers._card import feature_card, rows
from layers._documents import documents_of
from layers._live import alarms, children
from layers._origin import PROPERTY_COLUMNS, unpivoted
from twin.content import Content, facts
from twin.lineage import Inputs
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
    said = rows(told, *ANSWERABLE, of=REPORTED)
    return facts(said) if said else None


def _reported(told: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The record of the station, a row a field."""
    rows = [row | said for row in told.to_dicts() for said in unpivoted({each: row[each] for each in ANSWERABLE}, {})]
    added = dict.fromkeys(("prop", "words", "unit", "quality"), pl.String)
    shaped = pl.DataFrame(rows, {**told.schema, **added, "value": pl.Float64, "ts": told.schema["known"]})
    return shaped.with_columns(ts="known", quality=pl.lit("good"))


ANSWERABLE = ("head_name", "phone", "address")
REPORTED = {"reported": Inputs("detail/station", PROPERTY_COLUMNS, rows=_reported)}


LAYER = Layer(
    "stations",
    "emergency",
    Mark("area", tone="unit", label="name", label_zoom=15.0),
    geo="stations",
    order=33,
    detail=detail,
)
