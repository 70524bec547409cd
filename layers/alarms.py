"""Open alarms: a mark in the colour and shape of its level; the worst few carry a tag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import PLACE_ZOOM, Row, ask_repair, ask_to_tell, card, crumbs, gone, owner_text
from layers._judging import judging
from layers._origin import ALARM_COLUMNS, as_alarms, of_field
from layers._point import newest, trend
from layers._seen import seen
from models.alarm_tables import ALARM_TABLES
from models.quantity import quantity
from models.wording import by_whom, subject, tag, title
from twin.content import Content, Text, at, facts, since, text
from twin.lineage import Inputs
from twin.screen import Layer, Look, Mark, Reader

TAGS = 6
ITSELF = {"alarm": Inputs("detail/alarm", ALARM_COLUMNS, ("alarms", "id"), rows=as_alarms)}


def features(found: pl.DataFrame, look: Look) -> Iterator[dict[str, Any] | pl.DataFrame]:
    """Marks of the open alarms that have a place, worst first; the first few with a tag."""
    placed = found.filter(pl.col("open") & pl.col("lon").is_not_null())
    marks = placed.select(
        "id", "lon", "lat", "name_zh", "name_en", "owner", "point", state=pl.col("colour"), badge=pl.col("level")
    )
    for mark, row in zip(marks.head(TAGS).to_dicts(), placed.head(TAGS).to_dicts(), strict=True):
        yield mark | {"tag": tag(row)}
    yield marks.slice(TAGS)


def detail(reader: Reader, id: str, look: Look) -> Content:
    """The value that is out of order with its trend, how far the handling is, and what helps to judge it (AL-2, AL-4).

    ``alarm`` in the content: its id, and how many events it has had; the page asks for the timeline with them."""
    found = reader.read("detail/alarm", at=look.at, id=id).to_dicts()
    if not found:
        return gone(id)
    alarm = found[0]
    point = reader.read("detail/point", at=look.at, id=alarm["point"]).to_dicts() if alarm["point"] else []
    live = [newest(point[0]), trend(point[0], look)] if point else [facts(_subject(alarm, look))]
    parts = [*live, seen(reader, id, look), facts(_handling(alarm)), *judging(reader, alarm, look)]
    place = (alarm["lon"], alarm["lat"], PLACE_ZOOM) if alarm["lon"] else None
    named: Text = of_field(title(alarm), ITSELF, alarm["id"], "value", alarm["unit"], at="args/value")
    shown = card(named, crumbs(look, alarm["owner"], last=alarm["point"]), parts, actions=_ways(alarm), place=place)
    events = of_field(alarm["events"], ITSELF, alarm["id"], "events")
    return shown | {"alarm": {"id": alarm["id"], "events": events}}


def _of(alarm: dict[str, Any], column: str) -> str:
    """A quantity that the alarm itself holds."""
    unit = alarm["unit"]
    return of_field(quantity(alarm[column], unit), ITSELF, alarm["id"], column, unit)


def _at(alarm: dict[str, Any], column: str, rules: str | None = None) -> Any:
    """A time that the alarm itself holds."""
    return of_field(at(alarm[column]) or "–", ITSELF, alarm["id"], column, at="at", rules=rules)


def _subject(alarm: dict[str, Any], look: Look) -> list[Row]:
    return [
        (text("column.name"), subject(alarm), alarm["point"]),
        (text("column.value"), _of(alarm, "value"), _of(alarm, "threshold")),
        (text("column.owner"), owner_text(look, alarm["owner"]), None),
    ]


def _handling(alarm: dict[str, Any]) -> list[Row]:
    """Level and stage, when it began and ended, and the clocks of R-AL-9 and R-AL-10."""
    lasting = of_field(since(alarm["alarm_at"]), ITSELF, alarm["id"], "alarm_at", at="since")
    rows: list[Row] = [
        (text("column.stage"), text(f"alarm.stage.{alarm['stage']}"), text("desk.level", level=alarm["level"])),
        (text("column.alarm_at"), _at(alarm, "alarm_at"), lasting if alarm["active"] else None),
        (text("column.cleared_at"), _at(alarm, "cleared_at"), None),
        (text("column.threshold"), _of(alarm, "threshold"), None),
    ]
    if alarm["stage"] == "new":
        rows.append((text("column.handle_by"), _at(alarm, "handle_by", "R-AL-9"), None))
    else:
        rows.append((text("column.first_handled_at"), _at(alarm, "first_handled_at"), by_whom(alarm["handler"])))
    if alarm["contact_by"] and alarm["active"]:
        rows.append((text("desk.contact_by"), _at(alarm, "contact_by"), None))
    if alarm["judged"]:
        rows.append((text("column.judged"), text(f"judged.{alarm['judged']}"), alarm["judged_by"]))
    return rows


def _ways(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """To the place on the map, and to the point that is in alarm."""
    ways = []
    if alarm["lon"]:
        pick = {"layer": "alarms", "id": alarm["id"]}
        ways.append({"key": "map", "label": text("desk.on_map"), "place": {"screen": "overview", "pick": pick}})
    ways.append(ask_to_tell(alarm["id"]))
    if alarm["point"]:
        ways.append({"key": "point", "label": text("desk.point"), "pick": {"layer": "points", "id": alarm["point"]}})
        ways.append(ask_repair(alarm["point"]))
    return ways


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
