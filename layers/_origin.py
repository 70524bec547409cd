"""Where the numbers of details come from, as far as several things say it in the same way: what the park's folder says
of a thing, what its points measure, its alarms, and what takes place there. Panels take the same inputs from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from park.feature import Feature
from twin import formula
from twin.content import Text, text
from twin.formula import Where
from twin.lineage import Figure, Inputs
from twin.screen import Look
from twin.traced import Shown, traced

# Layers are named after their files but for these.
LAYER_OF_FILE = {"sensors": "points", "sensitive_targets": "targets"}
_OF_FEATURE = dict.fromkeys(("id", "kind", "table", "source", "quality", "name_zh", "name_en", "pick_layer"), pl.String)
_QUALITY = {0: "good", 1: "uncertain", 2: "bad"}
SILENT = ("offline", "nodata")
HEARD: Where = ("status", "not in", SILENT)


def field_of(column: str) -> Text:
    """A figure that is a field of one record, as it was told."""
    return text("explain.field", field=text(f"column.{column}"))


def prop_of(name: str) -> Text:
    """A figure that is a property of one thing, as it was told."""
    return text("explain.field", field=text(f"prop.{name}"))


def feature_rows(
    features: Iterable[tuple[Feature, Mapping[str, Any]]], more: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    """Things of the map as inputs, each with ``more`` columns of its own."""
    rows = [
        {
            "id": each.id,
            "kind": "feature",
            "table": each.file,
            "source": f"geo/{each.file}.geojson",
            "quality": "good",
            "name_zh": each.name_zh,
            "name_en": each.name_en,
            "pick_layer": LAYER_OF_FILE.get(each.file, each.file),
            **said,
        }
        for each, said in features
    ]
    return pl.DataFrame(rows, {**_OF_FEATURE, **more})


def picked(look: Look) -> Feature | None:
    """The thing that the detail is of, where the map has it."""
    found: Feature | None = look.park.feature(look.params.get("id", ""))
    return found


# A row a property: ``value`` of one that is a number, ``words`` of one that is a text.
OF_PROPERTY: Mapping[str, type[pl.DataType]] = {
    "prop": pl.String,
    "value": pl.Float64,
    "words": pl.String,
    "unit": pl.String,
}
PROPERTY_COLUMNS = (("prop", "code", None), ("value", "number", None), ("unit", "text", None))


def unpivoted(props: Mapping[str, Any], units: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The numbers and texts among properties, each with its unit."""
    for name, said in props.items():
        if isinstance(said, (int, float, str)) and not isinstance(said, bool):
            number = not isinstance(said, str)
            unit = props.get(f"{name}_unit") or units.get(name)
            words = None if number else said
            yield {"prop": name, "value": said if number else None, "words": words, "unit": unit}


def as_points(points: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Rows of ``state`` as inputs."""
    quality = pl.col("quality").replace_strict(_QUALITY, default=None, return_dtype=pl.String)
    ours = {"kind": pl.lit("point"), "table": pl.lit("reading"), "source": pl.coalesce("source", "owner")}
    return points.with_columns(**ours, quality=quality)


def as_alarms(alarms: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Rows of the alarm ledger as inputs."""
    return alarms.with_columns(kind=pl.lit("record"), table="origin", ts="alarm_at", quality=pl.lit("good"))


POINT_COLUMNS = (("value", "number", None), ("unit", "text", None), ("status", "code", None))
ALARM_COLUMNS = (
    ("level", "level", None),
    ("alarm_at", "time", None),
    ("cleared_at", "time", None),
    ("point", "text", None),
    ("value", "number", None),
    ("unit", "text", None),
    ("threshold", "number", None),
    ("handling", "code", None),
)
ALARMS = Inputs("explain/alarms", ALARM_COLUMNS, ("alarms", "id"))
POINTS = Inputs("explain/points", (("owner", "text", None), *POINT_COLUMNS), ("points", "id"))
WORKS = Inputs(
    "explain/works",
    (("work_type", "code", None), ("work_level", "text", None), ("owner", "text", None), ("ticket_no", "text", None)),
    ("enterprises", "owner"),
)
VEHICLES = Inputs("explain/vehicles", (("says", "code", None), ("load", "code", None)), ("vehicles", "vehicle"))
DOCUMENTS = Inputs("explain/documents", (("document", "code", None), ("date", "text", None)))


def point(id: str) -> dict[str, Inputs]:
    """One measuring point, as ``points``."""
    return {"points": Inputs("detail/point", POINT_COLUMNS, ("points", "id"), {"id": id}, rows=as_points)}


def points_below(id: str) -> dict[str, Inputs]:
    """The measuring points that belong to a thing, as ``below``."""
    return {"below": Inputs("detail/children", POINT_COLUMNS, ("points", "id"), {"id": id}, rows=as_points)}


def points_of(owner: str) -> dict[str, Inputs]:
    """All measuring points of an owner, as ``owned``."""
    return {"owned": Inputs(POINTS.query, POINTS.columns, POINTS.pick, {"enterprise": owner})}


def open_alarms(id: str, name: str = "alarms") -> dict[str, Inputs]:
    """The open alarms of an owner, a point, or everything below a parent."""
    return {name: Inputs("detail/alarms", ALARM_COLUMNS, ("alarms", "id"), {"id": id}, rows=as_alarms)}


def alarm_figures(row: Mapping[str, Any]) -> Iterator[Figure]:
    """The numbers of an alarm that is told as a row: what and how much, since when, till when."""
    for place, column in (
        ("title/args/value", "value"),
        ("right/at", "alarm_at"),
        ("right_sub/args/since/since", "alarm_at"),
        ("right_sub/args/at/at", "cleared_at"),
    ):
        unit = row["unit"] if column == "value" else None
        yield Figure(place, formula.one("alarms", column, row["id"]), field_of(column), unit)


def of_field(
    shown: Shown,
    of: Mapping[str, Inputs],
    id: str,
    column: str,
    unit: str | None = None,
    *,
    at: str = "",
    rules: str | None = None,
) -> Shown:
    """A part of a content that shows one field of one record of the only set in ``of``."""
    (name,) = of
    return traced(shown, formula.one(name, column, id), field_of(column), unit, at=at, inputs=of, rules=rules)
