"""Rosters that are missing: shifts until the end of tomorrow that nobody stands on, or that nobody leads (DR-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from dashboards.panels._duty import READS, TURNS, day_text, org_text, shifted, watched
from layers._origin import feature_rows
from models.roster import PARK_ORG, gaps, slots_between
from twin import formula
from twin.content import Content, Text, listing, text
from twin.lineage import Figure, Inputs, Origin
from twin.screen import ListOf, Look, Panel, Rows

AHEAD = timedelta(hours=24)
SHOWN = 30
Gap = tuple[date, str, str]
COLUMNS = (("owner", "text", None), ("gaps", "number", None))


def missing(turns: pl.DataFrame, look: Look) -> dict[str, list[Gap]]:
    """What is missing, by whose roster it is; those that lack nothing are left out."""
    at = look.at.replace(second=0, microsecond=0)
    slots = slots_between(look.park.settings.duty, look.zone, at, at + AHEAD)
    found = shifted(turns.filter((pl.col("ends") > at) & (pl.col("starts") <= at + AHEAD + AHEAD)), look)
    told = {org: gaps(slots, _of(found, org)) for org in watched(turns, look)}
    return {org: each for org, each in told.items() if each}


def _of(turns: pl.DataFrame, org: str) -> list[tuple[date, str, str]]:
    return turns.filter(pl.col("org") == org).select("day", "shift", "duty_role").rows()


def draw(rows: Rows, look: Look) -> Content:
    """Whose roster lacks what, the park's first."""
    found = missing(rows["turns"], look)
    lines = [
        {
            "key": org,
            "level": "yellow",
            "title": org_text(look, org),
            "sub": _said(lacking),
        }
        for org, lacking in list(found.items())[:SHOWN]
    ]
    return listing(lines, len(found), empty=text("duty.complete"), list="missing")


def _said(lacking: list[Gap]) -> list[Text]:
    """A day and what is missing on it, with its shifts."""
    shifts: dict[tuple[date, str], list[Text]] = {}
    for day, shift, what in lacking:
        shifts.setdefault((day, what), []).append(text(f"shift.{shift}"))
    return [text(f"duty.gap.{what}", day=day_text(day), shifts=each) for (day, what), each in shifts.items()]


def orgs(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Whose rosters there have to be, as the park's map has them, each with how many shifts it lacks."""
    lacking = missing(turns, look)
    boundary = next(iter(look.park.features.get("boundary", ())), None)
    told = []
    for org in watched(turns, look):
        feature = boundary if org == PARK_ORG else look.park.feature(org)
        if feature is not None:
            told.append((feature, {"owner": None if org == PARK_ORG else org, "gaps": len(lacking.get(org, []))}))
    return feature_rows(told, {"owner": pl.String, "gaps": pl.Int64})


def listed(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Those that lack something."""
    found = orgs(turns, look).filter(pl.col("gaps") > 0)
    return found.with_columns(owner_zh=pl.col("name_zh"), owner_en=pl.col("name_en"))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many rosters lack something."""
    yield Figure("total", formula.count("orgs", ("gaps", ">", 0)), text("explain.duty.missing"))


PANEL = Panel(
    key="duty_missing",
    reads=READS,
    queries={"turns": TURNS},
    draw=draw,
    lists={"missing": ListOf(TURNS, COLUMNS, rows=listed)},
    rule="DR-2",
    origin=Origin({"orgs": Inputs(TURNS, COLUMNS, rows=orgs)}, figures),
)
