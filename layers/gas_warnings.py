"""Gas warnings that are not closed: a ring round their source; a click tells what their level comes from (R-GAS-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._card import PLACE_ZOOM, Row, card, crumbs, gone
from layers._gas_told import addressees, where_text
from layers._origin import field_of, of_field
from models.wording import medium_name
from twin import formula
from twin.alarm import MACHINE
from twin.content import Content, Text, at, both, facts, listing, text, until, value
from twin.lineage import Figure, Inputs
from twin.screen import Layer, Look, Mark, Reader
from twin.traced import traced, with_figures

COLUMNS = (
    ("worst", "level", None),
    ("warning_why", "code", None),
    ("points", "number", None),
    ("lasting", "number", None),
    ("second", "number", None),
    ("alarms", "number", None),
    ("repeats", "number", None),
    ("per_point", "number", None),
    ("clear_s", "number", "s"),
    ("longest_s", "number", "s"),
    ("spread_m", "number", "m"),
    ("disturbance", "number", None),
    ("people", "number", None),
)
ITSELF = {"warning": Inputs("detail/warning", COLUMNS, ("gas_warnings", "id"))}
# what the level is computed from: unit, digits
EVIDENCE: dict[str, tuple[str | None, int]] = {
    "points": (None, 0),
    "lasting": (None, 0),
    "second": (None, 0),
    "alarms": (None, 0),
    "repeats": (None, 0),
    "per_point": (None, 1),
    "clear_s": ("s", 0),
    "longest_s": ("s", 0),
    "spread_m": ("m", 0),
    "disturbance": ("%/min", 1),
    "people": (None, 0),
}
CHANGES = (("level", "level", None), ("changed_by", "text", None), ("note", "text", None))
TIMES = ("began_at", "opened_at", "prestart_at", "over_at", "feedback_at", "result_at", "closed_at")
BY = {"feedback_at": "feedback_by", "result_at": "result_by", "closed_at": "closed_by"}


def features(found: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Those that are not closed and have a place."""
    placed = found.filter("waits", pl.col("lon").is_not_null())
    return placed.select("id", "lon", "lat", "name_zh", "name_en", "owner", state=pl.lit("normal"))


def detail(reader: Reader, id: str, look: Look) -> Content:
    """Level and place, its course, how the level came to be what it is, what it was computed from last, and who was
    told."""
    found = reader.read("detail/warning", at=look.at, id=id).to_dicts()
    if not found:
        return gone(id)
    row = found[0]
    place = (row["lon"], row["lat"], PLACE_ZOOM) if row["lon"] is not None else None
    gas = medium_name(row["medium"]) or text("warning.gas")
    title = text("warning.title", gas=gas, place=both(row["name_zh"] or row["point"], row["name_en"]))
    course, levels = facts([*_level(row, look), *_course(row)]), _levels(reader, id, look)
    parts = [course, levels, facts(list(_evidence(row))), facts(_told(row, look))]
    actions = [{"key": "point", "label": text("desk.point"), "pick": {"layer": "points", "id": row["point"]}}]
    known = look.park.feature(row["point"]) is not None
    return card(title, crumbs(look, row["owner"], last=id), parts, actions=actions if known else (), place=place)


def _level(row: dict[str, Any], look: Look) -> Iterator[Row]:
    level, worst = row["level"], text(f"level.{row['worst']}")
    by_hand = text("warning.by_hand") if row["hand"] else text(f"warning.why.{row['warning_why']}")
    yield text("column.level"), text(f"level.{level}") if level else text("warning.was", level=worst), by_hand
    yield text("warning.area"), where_text(row["owner"], look), None
    if row["due"] is not None and row["result_at"] is None and row["closed_at"] is None:
        left = of_field(until(row["due"]), ITSELF, row["id"], "due", at="until", rules="R-GAS-7")
        yield text("column.due"), _time(row, "due"), left


def _time(row: dict[str, Any], column: str) -> Any:
    return of_field(at(row[column]), ITSELF, row["id"], column, at="at")


def _course(row: dict[str, Any]) -> Iterator[Row]:
    for column in TIMES:
        if row[column] is not None:
            yield text(f"column.{column}"), _time(row, column), row[BY[column]] if column in BY else None
    for column in ("cautions", "reports"):
        if row[column]:
            yield text(f"column.{column}"), _number(row, column, None, 0), None


def _levels(reader: Reader, id: str, look: Look) -> Content | None:
    """Each change of the level, by whom and when (R-GAS-13)."""
    rows = reader.read("warnings/levels", at=look.at, id=id).to_dicts()
    of = {"levels": Inputs("warnings/levels", CHANGES, ("gas_warnings", "warning"), {"id": id})}
    total = Figure("total", formula.count("levels"), text("explain.warning.levels"), rules="R-GAS-13")
    shown = listing([_changed(each) for each in rows], len(rows), title=text("warning.levels"))
    return with_figures(shown, (total,), of) if rows else None


def _changed(row: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "key": row["id"],
        "level": row["level"],
        "title": text("warning.change", event=text(f"warning.event.{row['warning_event']}"), levels=_from_to(row)),
        "sub": row["note"] or "",
        "right": at(row["ts"]),
        "right_sub": text("warning.machine") if row["changed_by"] == MACHINE else row["changed_by"],
    }
    return traced(shown, formula.one("levels", "ts", row["id"]), field_of("known"), at="right/at", rules="R-GAS-13")


def _from_to(row: dict[str, Any]) -> Text:
    was, level = (text(f"level.{each}") if each else text("warning.no_level") for each in (row["was"], row["level"]))
    return text("warning.changed", was=was, level=level) if row["was"] else level


def _evidence(row: dict[str, Any]) -> Iterator[Row]:
    for column, (unit, digits) in EVIDENCE.items():
        if row[column] is not None:
            yield text(f"column.{column}"), _number(row, column, unit, digits), None


def _number(row: dict[str, Any], column: str, unit: str | None, digits: int) -> Any:
    told = value(row[column], unit, digits)
    return of_field(told, ITSELF, row["id"], column, unit, at="value", rules="R-GAS-2")


def _told(row: dict[str, Any], look: Look) -> list[Row]:
    named: Any = addressees(row["told_to"], look)
    rows: list[Row] = [(text("column.told_n"), named, _time(row, "told_at") if row["told_at"] else None)]
    if row["sent_to"]:
        rows.append((text("column.sent_to"), row["sent_to"], _time(row, "sent_at")))
    affected: list[Text] = [both(*look.park.owner_name(each)) for each in row["affected"]]
    return [*rows, (text("warning.affected"), affected, None)] if affected else rows


LAYER = Layer(
    "gas_warnings",
    "monitoring",
    Mark("point", symbol="ring", size_px=13.0),
    order=88,
    query="warnings/shown",
    reads=frozenset({"gas_warning", "gas_evidence", "notice", "message"}),
    features=features,
    detail=detail,
)
