"""Measuring points: a small quiet dot each, coloured only by an open alarm or by silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import POINT_ZOOM, Row, ask_limit, ask_repair, card, crumbs, gone, label
from layers._live import alarms, worst_of
from layers._point import newest, trend
from models.alarm_tables import ALARM_TABLES
from models.geometry import distance_m
from models.quantity import plain
from models.wording import medium_name
from twin.content import Content, Text, at, both, facts, text
from twin.screen import Layer, Look, Mark, Reader

NEAR_M = 120.0
GAS_KINDS = ("combustible_gas", "toxic_gas")


def features(silent: pl.DataFrame, look: Look, alarms: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Points that are not at rest: in the colour of their worst open alarm, else silent."""
    alarmed = worst_of(alarms, "point")
    yield from alarmed.values()
    yield from (row for row in silent.iter_rows(named=True) if row["id"] not in alarmed)


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Newest value, trend with limits, where the number comes from, what is near (MAP-2)."""
    found = reader.read("detail/point", at=look.at, id=id).to_dicts()
    if not found:
        return gone(id)
    row = found[0]
    title = both(row["name_zh"], row["name_en"])
    parts = [newest(row), trend(row, look), facts(_facts(reader, row, look)), alarms(reader, id, look)]
    way = crumbs(look, row["owner"], row["parent"], id)
    return card(title, way, parts, actions=_actions(row, look), place=(row["lon"], row["lat"], POINT_ZOOM))


def _facts(reader: Reader, row: dict[str, Any], look: Look) -> list[Row]:
    late = None if row["ts"] is None else text("detail.late", seconds=plain((row["known"] - row["ts"]).total_seconds()))
    span = text("detail.range", lo=plain(row["range_lo"]), hi=plain(row["range_hi"]), unit=row["unit"] or "")
    flow = reader.read("state/flow", at=look.at, enterprise=row["owner"]).to_dicts()
    covered = text("detail.coverage", n=flow[0]["count"], of=flow[0]["points"]) if flow else None
    source = f"{row['source']} · {row['owner']}" if row["source"] else row["owner"]
    return [
        (label("ts"), at(row["ts"]) or "–", late),
        (label("quality"), _quality(row), span),
        (label("source"), source, covered),
        (label("limits"), _limits(row), medium_name(row["medium"]) or None),
        (label("changed"), at(row["changed"]) or "–", None),
        (label("near"), _near(reader, row, look), text("detail.within", distance=plain(NEAR_M))),
        *_repair(reader, row["id"], look),
    ]


def _repair(reader: Reader, id: str, look: Look) -> Iterator[Row]:
    """That its values are those of a point under repair (R-AL-8)."""
    for each in reader.read("ledger/repair", at=look.at, point=id).to_dicts():
        yield (
            text("alarm.repair"),
            text(f"alarm.repair.{each['reason']}"),
            text("alarm.repair.until", at=at(each["ends"])),
        )


def _quality(row: dict[str, Any]) -> Text:
    names = ("good", "uncertain", "bad")
    return text("quality.none") if row["quality"] is None else text(f"quality.{names[row['quality']]}")


def _limits(row: dict[str, Any]) -> Text:
    names = ("alarm_lo_lo", "alarm_lo", "alarm_hi", "alarm_hi_hi")
    given = [plain(row[name]) for name in names if row[name] is not None]
    return (
        text("detail.limits", limits=" / ".join(given), unit=row["unit"] or "") if given else text("detail.no_limits")
    )


def _near(reader: Reader, row: dict[str, Any], look: Look) -> Text:
    def close(lon: float | None, lat: float | None) -> bool:
        return lon is not None and lat is not None and distance_m(row["lon"], row["lat"], lon, lat) <= NEAR_M

    cameras = [each for file in ("cameras", "gas_cameras") for each in look.park.features.get(file, ())]
    works = reader.read("overview/works", at=look.at, enterprise=None, only=None, zone=look.zone)
    detectors = look.park.points.filter(pl.col("kind").is_in(GAS_KINDS) & (pl.col("id") != row["id"]))
    return text(
        "detail.near",
        cameras=sum(close(each.lon, each.lat) for each in cameras),
        works=sum(close(lon, lat) for lon, lat in works.select("lon", "lat").iter_rows()),
        detectors=sum(close(lon, lat) for lon, lat in detectors.select("lon", "lat").iter_rows()),
    )


def _actions(row: dict[str, Any], look: Look) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    if row["owner"] in {each.id for each in look.park.features.get("enterprises", ())}:
        said.append({"key": "enter", "label": text("action.enter"), "enter": {"enterprise": row["owner"]}})
    address = f"/api/v1/points/{row['id']}/history?format=csv"
    export = {"key": "export", "label": text("action.export"), "href": address}
    return [*said, export, ask_repair(row["id"]), ask_limit(row["id"])]


LAYER = Layer(
    "points",
    "monitoring",
    Mark("point", colour_by="state", tone="line", size_px=2.5, min_zoom=13.0),
    geo="sensors",
    order=70,
    query="layers/points",
    also={"alarms": "alarms/recent"},
    features=features,
    reads=ALARM_TABLES | {"reading", "clock"},
    detail=detail,
)
