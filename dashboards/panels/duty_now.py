"""Who is on duty now: the leader large, the others with their numbers, and those of the enterprises (DR-1, DR-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._duty import COLUMNS, OF_TURNS, READS, TURNS, org_of, org_text, reach_text, shift_text, shifted
from dashboards.panels._state import latest
from layers._origin import field_of
from models.roster import DutyRole
from models.roster_turns import standing
from twin import formula
from twin.content import Content, at, listing, meta, sentence, stack, text
from twin.lineage import Figure, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

SHOWN = 9


def draw(rows: Rows, look: Look) -> Content:
    """The leader of the roster looked at, then everybody who stands watch beside and elsewhere."""
    now = _now(rows["turns"], look)
    own = now.filter(pl.col("org") == org_of(look))
    leaders = own.filter(pl.col("duty_role") == DutyRole.LEADER)
    beside = pl.concat([own.filter(pl.col("duty_role") != DutyRole.LEADER), now.filter(pl.col("org") != org_of(look))])
    lines = [_line(each, look) for each in beside.head(SHOWN).iter_rows(named=True)]
    watch = listing(lines, now.height, empty=text("duty.nobody"), list="now")
    return stack(*_leaders(leaders, look), watch, meta=meta(latest(now, "ts")))


def _now(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    return standing(shifted(turns, look), look.at.replace(second=0, microsecond=0))


def _leaders(leaders: pl.DataFrame, look: Look) -> list[Content]:
    """Nobody leads: that is said as large."""
    if not leaders.height:
        return [sentence(text("duty.no_leader", org=org_text(look, org_of(look))), "yellow")]
    return [
        sentence(
            each["duty_name"],
            big=True,
            sub=text(
                "duty.leads",
                shift=shift_text(each["shift"]),
                until=at(each["ends"]),
                reach=reach_text(each["mobile"]),
            ),
        )
        for each in leaders.iter_rows(named=True)
    ]


def _line(turn: dict[str, Any], look: Look) -> dict[str, Any]:
    return {
        "key": turn["id"],
        "title": turn["duty_name"],
        "sub": text(f"duty_role.{turn['duty_role']}") if turn["org"] == org_of(look) else org_text(look, turn["org"]),
        "right": reach_text(turn["mobile"]),
        "right_sub": text("duty.until", until=at(turn["ends"])),
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many stand watch, and until when each does."""
    now = _now(rows["turns"], look)
    leaders = now.filter((pl.col("org") == org_of(look)) & (pl.col("duty_role") == DutyRole.LEADER))
    for place, each in enumerate(leaders.iter_rows(named=True)):
        until = formula.one("turns", "ends", each["id"])
        yield Figure(path("parts", place, "sub", "args", "until", "at"), until, field_of("ends"))
    lines = path("parts", max(1, leaders.height))
    for each in now.iter_rows(named=True):
        until = formula.one("turns", "ends", each["id"])
        yield Figure(f"{lines}/{path('rows', each['id'])}/right_sub/args/until/at", until, field_of("ends"))
    held = ("id", "in", tuple(now["id"]))
    yield Figure(f"{lines}/total", formula.count("turns", held), text("explain.duty.now"))
    yield Figure("meta/ts", formula.highest("turns", "ts", held), text("explain.duty.newest"), rules="")


def listed(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Everybody who stands watch now."""
    return _now(turns, look).with_columns(day=pl.col("day").cast(pl.String))


PANEL = Panel(
    key="duty_now",
    reads=READS,
    queries={"turns": TURNS},
    draw=draw,
    lists={"now": ListOf(TURNS, COLUMNS[:9], rows=listed)},
    rule="DR-1, DR-3",
    origin=Origin({"turns": OF_TURNS}, figures),
)
