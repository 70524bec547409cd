"""Open alarms: a mark in the colour and shape of its level; the worst few carry a tag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import card, crumbs, gone, owner_text
from layers.points import detail as point_detail
from models.alarm_tables import ALARM_TABLES
from models.quantity import quantity
from models.wording import handling, subject, tag, title
from twin.content import Content, at, facts, text
from twin.screen import Layer, Look, Mark, Reader

TAGS = 6


def features(found: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    """Marks of the open alarms that have a place, worst first; the first few with a tag."""
    placed = found.filter(pl.col("open") & pl.col("lon").is_not_null())
    for number, row in enumerate(placed.iter_rows(named=True)):
        said = {"id": row["id"], "state": row["colour"], "badge": row["level"], "lon": row["lon"], "lat": row["lat"]}
        said |= {"name_zh": row["name_zh"], "name_en": row["name_en"], "owner": row["owner"], "point": row["point"]}
        yield said | ({"tag": tag(row)} if number < TAGS else {})


def detail(reader: Reader, id: str, look: Look) -> Content:
    """The point that is in alarm, as its own detail; an alarm of something else, or one that is over, as itself."""
    found = reader.read("detail/alarm", at=look.at, id=id).to_dicts()
    if not found:
        return gone(id)
    alarm = found[0]
    if alarm["open"] and not look.park.points.filter(pl.col("id") == alarm["point"]).is_empty():
        return point_detail(reader, alarm["point"], look)
    said = [
        (text("column.level"), alarm["level"], handling(alarm)),
        (text("column.name"), subject(alarm), alarm["point"]),
        (text("column.value"), quantity(alarm["value"], alarm["unit"]), quantity(alarm["threshold"], alarm["unit"])),
        (text("column.alarm_at"), at(alarm["alarm_at"]), None),
        (text("column.cleared_at"), at(alarm["cleared_at"]) or "–", None),
        (text("column.owner"), owner_text(look, alarm["owner"]), None),
    ]
    place = (alarm["lon"], alarm["lat"], 17.0) if alarm["lon"] else None
    return card(title(alarm), crumbs(look, alarm["owner"], last=alarm["point"]), [facts(said)], place=place)


LAYER = Layer(
    "alarms",
    "monitoring",
    Mark("point", symbol="alarm", colour_by="state", size_px=12.0),
    order=90,
    query="alarms/recent",
    reads=ALARM_TABLES,
    features=features,
    detail=detail,
)
