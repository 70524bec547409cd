"""What a shift hands over: what is held over, silent, changed since the last handover (AL-11, DR-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import polars as pl

from dashboards.panels._origin import lines_figures
from dashboards.panels._state import SILENT, latest
from dashboards.panels._words import counter, owner_text
from dashboards.panels.alarm_faults import COLUMNS as OF_FAULTS
from dashboards.panels.alarm_faults import FAULTS
from layers._origin import POINTS
from models.alarm_tables import ALARM_TABLES
from models.handover_counts import OF_ALARMS, counted
from models.wording import title
from twin import formula
from twin.content import Content, at, figure, listing, meta, sentence, stack, text
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, item, within
from twin.screen import ListOf, Look, Panel, Rows

ALARMS, DECISIONS, POINTS_SILENT = "duty/handed_alarms", "duty/handed_decisions", "state/silent"
SHOWN = 12
SINCE = "since"
OF_HANDED = (
    ("level", "level", None),
    ("alarm_at", "time", None),
    ("owner", "text", None),
    ("name", "text", None),
    ("alarm_kind", "code", None),
    ("stage", "code", None),
    ("handler", "text", None),
    ("closed_at", "time", None),
)
OF_DECISIONS = (
    ("target", "text", None),
    ("name", "text", None),
    ("state", "code", None),
    ("decided_by", "text", None),
    ("decided_at", "time", None),
    ("note", "text", None),
)
OF_SILENT = (
    ("id", "text", None),
    ("name", "text", None),
    ("owner", "text", None),
    ("kind", "code", None),
    ("status", "code", None),
    ("last_at", "time", None),
)


def draw(rows: Rows, look: Look) -> Content:
    """The counts, each opening its list, and the alarms that are held over."""
    alarms = rows["alarms"]
    counts = asdict(counted(alarms, rows["points"], rows["repairs"], rows["decisions"]))
    items = [counter(name, text(f"handover.{name}"), n) for name, n in counts.items()]
    held = alarms.filter("is_held")
    lines = [
        {
            "key": each["id"],
            "level": each["colour"],
            "badge": each["level"],
            "title": title(each | {"kind": each["alarm_kind"]}),
            "sub": owner_text(look, each["owner"]),
            "right": at(each["alarm_at"]),
            "pick": {"layer": "alarms", "id": each["id"]},
        }
        for each in held.head(SHOWN).iter_rows(named=True)
    ]
    since = latest(alarms, SINCE)
    said = [sentence(text("handover.since", at=at(since)))] if since else []
    return stack(
        *said,
        figure(items, meta=meta()),
        listing(lines, held.height, empty=text("handover.none_held"), list="held"),
    )


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The counts, and when each alarm that is held over was raised."""
    alarms = rows["alarms"]
    first = 1 if alarms.height else 0
    if first:
        yield Figure("parts/0/text/args/at/at", formula.highest("alarms", SINCE), text("explain.handover.since"))
    many: dict[str, Formula] = {
        name: formula.count("alarms", (column, "=", True)) for name, column in OF_ALARMS.items()
    }
    many["offline"] = formula.count("points", ("status", "in", SILENT))
    many["repair"] = formula.count("repairs", ("running", "=", True))
    many["decided"] = formula.count("decisions")
    of_items = (Figure(item(name), each, text(f"explain.handover.{name}")) for name, each in many.items())
    yield from within(f"parts/{first}", of_items)
    held = alarms.filter("is_held").head(SHOWN)
    yield Figure(f"parts/{first + 1}/total", many["held"], text("explain.handover.held"))
    places = (("right/at", "alarm_at"), ("title/args/value", "value"))
    yield from within(f"parts/{first + 1}", lines_figures("alarms", held, *places, measured=("value",)))


def _of(column: str) -> ListOf:
    return ListOf(ALARMS, OF_HANDED, ("alarms", "id"), rows=lambda alarms, look: alarms.filter(column))


def _running(repairs: pl.DataFrame, look: Look) -> pl.DataFrame:
    return repairs.filter("running")


PANEL = Panel(
    key="handover_now",
    reads=ALARM_TABLES | {"handover", "fault", "limit_change", "minute", "reading", "clock"},
    queries={"alarms": ALARMS, "points": POINTS_SILENT, "repairs": FAULTS, "decisions": DECISIONS},
    draw=draw,
    lists={name: _of(column) for name, column in OF_ALARMS.items()}
    | {
        "offline": ListOf(POINTS_SILENT, OF_SILENT, ("points", "id")),
        "repair": ListOf(FAULTS, OF_FAULTS, rows=_running),
        "decided": ListOf(DECISIONS, OF_DECISIONS),
    },
    rule="AL-11, DR-2",
    origin=Origin(
        {
            "alarms": Inputs(ALARMS, OF_HANDED, ("alarms", "id")),
            "points": POINTS,
            "repairs": Inputs(FAULTS, OF_FAULTS),
            "decisions": Inputs(DECISIONS, OF_DECISIONS),
        },
        figures,
    ),
)
