"""What the panels of the alarm desk share: rows of alarms, what they are made of, and their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dashboards.panels._words import owner_text
from layers._origin import field_of
from models.wording import by_whom, title
from twin import formula
from twin.content import Text, at, text
from twin.lineage import Figure, Inputs, path
from twin.screen import Look

LEDGER, PERIOD = "desk/ledger", "desk/period"
LEDGER_COLUMNS = (
    ("level", "level", None),
    ("alarm_at", "time", None),
    ("owner", "text", None),
    ("name", "text", None),
    ("point", "text", None),
    ("business", "code", None),
    ("alarm_kind", "code", None),
    ("value", "number", None),
    ("unit", "text", None),
    ("threshold", "number", None),
    ("stage", "code", None),
    ("by_whom", "text", None),
    ("first_handled_at", "time", None),
    ("cleared_at", "time", None),
    ("closed_at", "time", None),
)
OF_LEDGER = Inputs(LEDGER, LEDGER_COLUMNS, ("alarms", "id"))
OF_PERIOD = Inputs(
    PERIOD,
    (
        ("level", "level", None),
        ("alarm_at", "time", None),
        ("point", "text", None),
        ("alarm_kind", "code", None),
        ("stage", "code", None),
        ("judged", "code", None),
        ("first_handled_at", "time", None),
        ("cleared_at", "time", None),
        ("closed_at", "time", None),
    ),
    ("alarms", "id"),
)


def as_told(alarm: dict[str, Any]) -> dict[str, Any]:
    """A row of the desk's queries as the words for alarms expect it."""
    return alarm | {"kind": alarm["alarm_kind"]}


def ledger_row(alarm: dict[str, Any], look: Look) -> dict[str, Any]:
    """One line of the ledger: level, when, whose, what, how far, by whom, how long."""
    return {
        "key": alarm["id"],
        "level": alarm["colour"] if alarm["stage"] != "closed" else None,
        "badge": alarm["level"],
        "at": at(alarm["alarm_at"]),
        "owner": owner_text(look, alarm["owner"]),
        "title": title(as_told(alarm)),
        "sub": alarm["point"] or "",
        "stage": text(f"alarm.stage.{alarm['stage']}"),
        "sign": _sign(alarm),
        "by": by_whom(alarm["handler"]),
        "from": at(alarm["alarm_at"]),
        "to": at(alarm["cleared_at"]),
        "pick": {"layer": "alarms", "id": alarm["id"]},
    }


def _sign(alarm: dict[str, Any]) -> Text | None:
    """What has to be seen at once: nobody has it in hand in time (R-AL-9), or it is normal again and not closed."""
    if alarm["stage"] == "new":
        return text("desk.due", at=at(alarm["handle_by"]))
    if alarm["stage"] != "closed" and not alarm["active"]:
        return text("desk.normal")
    return None


def row_figures(alarm: dict[str, Any], of: str, at_row: str) -> Iterator[Figure]:
    """The numbers of such a line."""
    for place, column in (
        ("title/args/value", "value"),
        ("at/at", "alarm_at"),
        ("from/at", "alarm_at"),
        ("to/at", "cleared_at"),
        ("sign/args/at/at", "handle_by"),
    ):
        unit = alarm["unit"] if column == "value" else None
        yield Figure(f"{at_row}/{place}", formula.one(of, column, alarm["id"]), field_of(column), unit)


def rows_figures(alarms: Iterable[dict[str, Any]], of: str, where: str = "rows") -> Iterator[Figure]:
    """The numbers of all lines of a list that stands at a path."""
    for alarm in alarms:
        yield from row_figures(alarm, of, f"{where}/{path(alarm['id'])}")
