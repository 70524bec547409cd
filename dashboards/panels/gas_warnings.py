"""Gas warnings that are not closed: level, place, who was told, until when, and what can be done (GS-4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas_warning import COLUMNS, PICK, READS, SHOWN, WAITS, WARNINGS
from dashboards.panels._origin import newest
from dashboards.panels._state import latest
from layers._gas_told import addressees, where_text
from layers._origin import field_of
from models.gas_warning_life import REPORT_FIELDS, Basis, WarningAction, possible
from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, at, both, meta, requests, since, text, until
from twin.level import RANK
from twin.lineage import Figure, Origin, path
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

ROWS = 4
NAMED = 3  # of those that were told; the list has all of them
ADDRESS = "/api/v1/warnings"
_NOTE = {"name": "note", "type": "text", "label": text("warning.note")}
# action -> the right that it needs, and the fields of its form
ACTS: dict[str, tuple[Right, list[dict[str, Any]]]] = {
    WarningAction.FEEDBACK: (Right.handle_warning, [_NOTE]),
    WarningAction.MEASURES: (Right.handle_warning, [_NOTE]),
    WarningAction.REPORT: (
        Right.handle_warning,
        [
            *({"name": name, "type": "text", "label": text(f"warning.report.{name}")} for name in REPORT_FIELDS),
            {"name": "other", "type": "text", "label": text("warning.report.other"), "optional": True},
        ],
    ),
    WarningAction.RESULT: (Right.handle_warning, [_NOTE]),
    WarningAction.LEVEL: (
        Right.close_warning,
        [
            {
                "name": "level",
                "type": "choice",
                "label": text("warning.new_level"),
                "options": [{"value": each, "label": text(f"level.{each}")} for each in RANK],
            },
            _NOTE,
        ],
    ),
    WarningAction.PRESTART: (Right.close_warning, [_NOTE]),
    WarningAction.CLOSE: (
        Right.close_warning,
        [
            {
                "name": "basis",
                "type": "choice",
                "label": text("warning.why_closed"),
                "options": [{"value": each.value, "label": text(f"warning.basis.{each}")} for each in Basis],
            },
            _NOTE,
        ],
    ),
}
UPLOAD = "upload"


def draw(rows: Rows, look: Look) -> Content:
    """The gravest first; each with what can be done."""
    found = _open(rows["warnings"])
    lines = [_line(each, look) for each in found.head(ROWS).iter_rows(named=True)]
    shown = meta(latest(rows["warnings"], "opened_at"))
    return requests(lines, found.height, empty=text("warning.none"), list="open", meta=shown)


def _open(warnings: pl.DataFrame) -> pl.DataFrame:
    return warnings.filter("waits")


def _line(row: dict[str, Any], look: Look) -> dict[str, Any]:
    gas = medium_name(row["medium"]) or text("warning.gas")
    level = row["level"] or row["worst"]
    named = text(f"level.{level}") if row["level"] else text("warning.was", level=text(f"level.{level}"))
    return {
        "key": row["id"],
        "level": row["level"],
        "badge": named,
        "title": text("warning.title", gas=gas, place=both(row["name_zh"] or row["point"], row["name_en"])),
        "sub": text(
            "warning.sub",
            where=where_text(row["owner"], look),
            why=text(f"warning.why.{row['warning_why']}"),
            points=row["points"],
            alarms=row["alarms"],
            began=at(row["began_at"]),
        ),
        "right": _time_left(row, look),
        "right_sub": _state(row),
        "by": _told(row, look),
        "pick": {"layer": "gas_warnings", "id": row["id"]},
        "acts": [_act(row, name) for name in _possible(row)],
    }


def _time_left(row: dict[str, Any], look: Look) -> Text:
    """The countdown to overdue (R-GAS-7); blue and yellow have none, they are to be removed at once."""
    if row["result_at"] is not None:
        return text("warning.submitted", at=at(row["result_at"]))
    if row["due"] is None:
        return text("warning.at_once")
    late = row["overdue_at"] is not None or row["due"] <= look.at.replace(second=0, microsecond=0)
    return text("warning.overdue", since=since(row["due"])) if late else text("warning.left", left=until(row["due"]))


def _state(row: dict[str, Any]) -> Text:
    said = [text("warning.over_since", at=at(row["over_at"]))] if row["over_at"] is not None else []
    if row["cautions"]:
        said.append(text("warning.cautions", n=row["cautions"]))
    if row["reports"]:
        said.append(text("warning.reports", n=row["reports"]))
    if row["prestart_at"] is not None:
        said.append(text("warning.prestarted", at=at(row["prestart_at"])))
    answered = text("warning.answered", at=at(row["feedback_at"]), who=row["feedback_by"])
    said.append(answered if row["feedback_at"] is not None else text("warning.unanswered"))
    return {"key": f"warning.joined.{len(said)}", "args": {f"a{n}": each for n, each in enumerate(said)}}


def _told(row: dict[str, Any], look: Look) -> Text:
    """Whom the newest level was told by the table, and who of the address book has been reached so far."""
    asked = addressees((row["told_to"] or [])[:NAMED], look)
    more = row["told_n"] is not None and row["told_n"] > NAMED
    to = text("warning.and_more", names=asked, n=row["told_n"]) if more else asked
    if not row["sent_n"]:
        return text("warning.told", to=to, at=at(row["told_at"]))
    names = row["sent_to"].split("、")[:NAMED]
    reached = text("warning.and_more", names=names, n=row["sent_n"]) if row["sent_n"] > NAMED else names
    return text("warning.told_sent", to=to, at=at(row["told_at"]), names=reached, sent=at(row["sent_at"]))


def _possible(row: dict[str, Any]) -> list[str]:
    """What may be done, with the report's file before the end where one is asked for."""
    names: list[str] = list(possible(row["result_at"] is not None, row["grave"], row["prestart_at"] is not None))
    return [*names[:-1], UPLOAD, names[-1]] if row["grave"] else names


def _act(row: dict[str, Any], name: str) -> dict[str, Any]:
    said = {"key": name, "label": text(f"warning.act.{name}")}
    if name == UPLOAD:
        file = {"name": "file", "type": "file", "label": text("warning.file"), "accept": ".pdf,.docx,.png,.jpg,.jpeg"}
        more = {"post": f"{ADDRESS}/{row['id']}/reports", "right": Right.handle_warning, "fields": [file]}
        return {**said, **more, "said": text("warning.upload_said")}
    right, fields = ACTS[name]
    more = {"post": f"{ADDRESS}/{row['id']}/actions", "right": right, "fields": fields}
    return {**said, **more, "body": {"action": name}}


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many wait, and counts and times of each that is listed."""
    yield Figure("total", formula.count("warnings", WAITS), text("explain.warning.open"))
    yield newest("warnings", "opened_at")
    for row in _open(rows["warnings"]).head(ROWS).iter_rows(named=True):
        at_row = path("rows", row["id"])
        for place, column in _places(row):
            yield Figure(f"{at_row}/{place}", formula.one("warnings", column, row["id"]), field_of(column))


def _places(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where in a line which field stands."""
    yield from (("sub/args/points", "points"), ("sub/args/alarms", "alarms"), ("sub/args/began/at", "began_at"))
    yield from (("by/args/at/at", "told_at"), ("by/args/sent/at", "sent_at"))
    yield from (("by/args/to/args/n", "told_n"), ("by/args/names/args/n", "sent_n"))
    yield from (("right/args/at/at", "result_at"), ("right/args/left/until", "due"), ("right/args/since/since", "due"))
    shown = [
        each
        for each in (("over_at", "at/at"), ("cautions", "n"), ("reports", "n"), ("prestart_at", "at/at"))
        if row[each[0]] not in (None, 0)
    ]
    for n, (column, step) in enumerate([*shown, ("feedback_at", "at/at")]):
        yield f"right_sub/args/a{n}/args/{step}", column


PANEL = Panel(
    key="gas_warnings",
    reads=READS,
    queries={"warnings": SHOWN},
    draw=draw,
    lists={"open": ListOf(SHOWN, COLUMNS, PICK, rows=lambda warnings, look: _open(warnings))},
    rule="GS-4, R-GAS-3, R-GAS-4, R-GAS-7",
    origin=Origin({"warnings": WARNINGS}, figures),
)
