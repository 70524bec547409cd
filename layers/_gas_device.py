"""Gas devices on the map, one layer a kind (GS-1), and what a click on any of them tells (GS-2)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from layers._card import POINT_ZOOM, Row, card, crumbs, gone, label, owner_text
from layers._gas import DEVICES, INDICATORS, READINGS, READS, answering, measured
from layers._gas_card import traced_card
from layers._gas_origin import DEVICE_INPUTS, POINT_INPUTS
from layers._live import LEVEL_OF_STATUS, alarms, not_at_rest, reading_figures, worst_of
from layers._once import once
from layers._origin import feature_rows, of_field
from layers._point import limit_figures, limits_text
from layers.points import detail as point_detail
from models.alarm_tables import ALARM_TABLES
from models.quantity import plain, quantity
from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, at, both, facts, listing, text, value
from twin.lineage import Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced, with_figures

STATE = {"silent": "offline", "stopped": "nodata"}
RECENT = "alarms/recent"
GAS_LIMITS = ("alarm_hi", "alarm_hi_hi")
MEASURED = {"measured": POINT_INPUTS}
ITSELF = {"devices": DEVICE_INPUTS}


def device_layer(key: str, symbol: str, *kinds: str) -> Layer:
    """The layer of the devices of some kinds: a symbol where each is, in the colour of its worst open alarm."""
    return Layer(
        key,
        "monitoring",
        Mark("point", symbol=symbol, colour_by="state", tone="target", size_px=7.0, label="name", label_zoom=16.0),
        order=73,
        query=DEVICES,
        also={"indicators": INDICATORS, "readings": READINGS, "alarms": RECENT},
        features=partial(_devices, kinds),
        reads=READS | ALARM_TABLES,
        detail=detail,
    )


def detector_layer(key: str, symbol: str, kind: str) -> Layer:
    """The layer of the single detectors of a kind of gas, where the map has them."""
    return Layer(
        key,
        "monitoring",
        Mark("point", symbol=symbol, colour_by="state", tone="line", size_px=2.6, min_zoom=13.0),
        geo="sensors",
        keep=lambda props: props.get("kind") == kind and not props.get("device"),
        order=71,
        query="layers/points",
        also={"alarms": RECENT},
        features=partial(_detectors, kind),
        reads=ALARM_TABLES | {"reading", "clock"},
        detail=detail,
    )


def _devices(
    kinds: tuple[str, ...],
    found: pl.DataFrame,
    look: Look,
    indicators: pl.DataFrame,
    readings: pl.DataFrame,
    alarms: pl.DataFrame,
) -> Iterator[dict[str, Any]]:
    """Where the devices are: in the colour of their worst alarm, else grey where nothing is heard of any point."""
    risks = _risks(indicators, alarms)
    ours = answering(found, indicators, readings).filter(pl.col("device_type").is_in(kinds))
    for row in ours.iter_rows(named=True):
        placed = {name: row[name] for name in ("id", "lon", "lat", "name_zh", "name_en", "owner")}
        how = {"state": STATE.get(row["answering"], "normal"), "updated_at": row["ts"]}
        yield {**placed, **how, **risks.get(row["id"], {})}


@once
def _risks(indicators: pl.DataFrame, alarms: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Colour and letter of the worst alarm of each device that has one."""
    device_of = dict(indicators.select("id", "device").iter_rows())
    risks: dict[str, dict[str, Any]] = {}
    for point, row in worst_of(alarms, "point").items():
        risks.setdefault(device_of.get(point, point), {name: each for name, each in row.items() if name != "id"})
    return risks


def _detectors(kind: str, silent: pl.DataFrame, look: Look, alarms: pl.DataFrame) -> pl.DataFrame:
    """Detectors of a kind that are not at rest."""
    ours = look.park.points.filter(pl.col("kind") == kind)
    return not_at_rest(silent, alarms).join(ours, on="id", how="semi")


def detail(reader: Reader, id: str, look: Look) -> Content:
    """What the device measures now against its limits, what it is, its alarms, and the cards of its gases."""
    found, indicators, readings = (
        reader.read(each, at=look.at, enterprise=None) for each in (DEVICES, INDICATORS, READINGS)
    )
    every = indicators.filter(pl.col("id") == id)["device"].to_list()
    devices = found.filter(pl.col("id") == (every or [id])[0])
    if devices.is_empty():
        return gone(id)
    row = answering(devices, indicators, readings).row(0, named=True)
    points = (
        measured(indicators, readings)
        .filter(pl.col("device") == row["id"])
        .sort("share", descending=True, nulls_last=True)
    )
    parts = [
        *_now(reader, points, look),
        facts(_facts(row, points, look)),
        *_video(row, look),
        alarms(reader, row["id"], look),
    ]
    title: Text = both(row["name_zh"], row["name_en"])
    way = crumbs(look, row["owner"], _unit(row, points, look), row["id"])
    cards = [traced_card(each, text("gas_card.title", gas=medium_name(each))) for each in _gases(row, points, look)]
    return card(title, way, [*parts, *cards], actions=_actions(points), place=(row["lon"], row["lat"], POINT_ZOOM))


def _now(reader: Reader, points: pl.DataFrame, look: Look) -> list[Any]:
    """The newest value of every gas; of the one nearest to its limit its trend."""
    if points.is_empty():
        return []
    number, trend = point_detail(reader, points["id"][0], look)["parts"][:2]
    rows = [_gas_row(each) for each in points.iter_rows(named=True)]
    every = listing(rows, len(rows), title=text("gas_device.now"))
    counted = formula.count("measured", ("device", "=", points["device"][0]))
    total = traced(every, counted, text("explain.detail.points"), at="total", inputs=MEASURED)
    return [number, trend] if len(rows) == 1 else [total, trend]


def _gas_row(row: dict[str, Any]) -> dict[str, Any]:
    level = LEVEL_OF_STATUS.get(row["status"])
    shown = {
        "key": row["id"],
        **({"level": level} if level else {}),
        "title": medium_name(row["medium"]),
        "sub": with_figures(limits_text(row, *GAS_LIMITS), limit_figures("measured", row, *GAS_LIMITS)),
        "right": quantity(row["value"], row["unit"]),
        "right_sub": at(row["ts"]) if row["status"] in ("normal", "h", "hh") else text(f"status.{row['status']}"),
        "pick": {"layer": "points", "id": row["id"]},
    }
    return with_figures(shown, reading_figures("measured", row, "right", "right_sub/at"))


def _facts(row: dict[str, Any], points: pl.DataFrame, look: Look) -> list[Row]:
    radius = of_field(value(row["radius_m"], "m"), ITSELF, row["id"], "radius_m", "m", at="value")
    said: list[Row] = [
        (
            label("device_type"),
            text(f"device_type.{row['device_type']}"),
            text(f"device_status.{row['device_status']}"),
        ),
        (label("answering"), text(f"answering.{row['answering']}"), _heard(row)),
        (label("coverage_m"), radius if row["radius_m"] else text("value.not_reported"), _sector(row)),
        (label("owner"), owner_text(look, row["owner"]) if row["owner"] else text("value.not_reported"), None),
    ]
    said += [(label("range"), _span(each), None) for each in points.iter_rows(named=True)]
    if row["commissioned_date"]:
        day = row["commissioned_date"].isoformat()
        said.append((label("commissioned"), of_field(day, ITSELF, row["id"], "commissioned_date"), None))
    return said


def _heard(row: dict[str, Any]) -> Content | None:
    """When any of its points was heard of last."""
    newest = formula.highest("measured", "ts", ("device", "=", row["id"]))
    said = text("explain.newest", field=text("column.ts"))
    return traced(at(row["ts"]), newest, said, at="at", inputs=MEASURED)


def _sector(row: dict[str, Any]) -> Text | None:
    """Where it looks, and how wide."""
    if row["fov_deg"] is None:
        return None
    direction, fov = (of_field(plain(row[name]), ITSELF, row["id"], name, "°") for name in ("direction_deg", "fov_deg"))
    return text("gas_device.sector", direction=direction, fov=fov)


def _span(point: dict[str, Any]) -> Text:
    """What a point can measure, from where to where."""
    unit = point["unit"]
    ends = {
        end: of_field(plain(point[f"range_{end}"]), MEASURED, point["id"], f"range_{end}", unit) for end in ("lo", "hi")
    }
    return text("gas_device.range", gas=medium_name(point["medium"]), **ends, unit=unit)


def _video(row: dict[str, Any], look: Look) -> list[Content]:
    """The video of an imaging device, and the cameras that look at the same unit."""
    feature = look.park.feature(row["id"])
    camera, unit = (feature.props.get("camera"), feature.props.get("target_unit")) if feature else (None, None)
    said: list[Content] = [facts([(label("video"), str(camera), None)])] if camera else []
    near = [each for each in look.park.features.get("cameras", ()) if unit and each.props.get("place") == unit]
    rows = [
        {
            "key": each.id,
            "title": both(each.name_zh, each.name_en),
            "right": each.id,
            "pick": {"layer": "cameras", "id": each.id},
        }
        for each in near
    ]
    if not rows:
        return said
    listed = listing(rows, len(rows), title=text("gas_device.cameras"))
    count = formula.count("cameras", ("place", "=", unit))
    counted = text("explain.detail.cameras")
    return [*said, traced(listed, count, counted, at="total", inputs={"cameras": CAMERAS})]


def _cameras(look: Look) -> pl.DataFrame:
    """The park's cameras by what they look at."""
    found = look.park.features.get("cameras", ())
    return feature_rows(((each, {"place": each.props.get("place")}) for each in found), {"place": pl.String})


CAMERAS = Inputs(columns=(("place", "text", None),), pick=("cameras", "id"), made=_cameras)


def _unit(row: dict[str, Any], points: pl.DataFrame, look: Look) -> str | None:
    """The tank or unit that a device stands at or looks at."""
    feature = look.park.feature(row["id"])
    parent = points["parent"][0] if points.height else None
    target = feature.props.get("target_unit") if feature else None
    return target or (parent if parent != row["id"] else None)


def _gases(row: dict[str, Any], points: pl.DataFrame, look: Look) -> list[str]:
    """What a device measures, the nearest to its limit first; an imaging one what it can see."""
    feature = look.park.feature(row["id"])
    seen = feature.props.get("target_gases") if feature else None
    return list(dict.fromkeys(points["medium"].drop_nulls().to_list() or seen or []))


def _actions(points: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "key": f"export-{id}",
            "label": text("gas_device.export", gas=medium_name(medium)),
            "href": f"/api/v1/points/{id}/history?format=csv",
        }
        for id, medium in points.select("id", "medium").iter_rows()
    ]
