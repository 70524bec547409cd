"""What the panels of duty share: turns with their shifts, whose roster is looked at, how a day and a shift are said."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from dashboards.panels._words import owner_text
from models.roster import PARK_ORG
from models.roster_turns import with_shifts
from twin.content import Text, text
from twin.lineage import Inputs
from twin.screen import Look

TURNS = "duty/turns"
READS = frozenset({"roster", "duty_roster", "person", "recipient", "minute"})
COLUMNS = (
    ("day", "text", None),
    ("shift", "code", None),
    ("org", "text", None),
    ("duty_role", "code", None),
    ("duty_name", "text", None),
    ("person", "text", None),
    ("mobile", "text", None),
    ("starts", "time", None),
    ("ends", "time", None),
    ("note", "text", None),
    ("duty_log", "text", None),
)


def shifted(turns: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Rows of turns, each with the day and the shift that it stands on."""
    return with_shifts(turns, look.park.settings.duty, look.zone)


OF_TURNS = Inputs(TURNS, COLUMNS, rows=shifted)


def org_of(look: Look) -> str:
    """Whose roster is looked at."""
    return look.enterprise or look.params.get("enterprise") or PARK_ORG


def org_text(look: Look, org: str) -> Text:
    """The name of a roster's owner."""
    return owner_text(look, None if org == PARK_ORG else org)


def day_text(day: date) -> Text:
    """A day as a calendar heads it."""
    return text("duty.day", day=day.strftime("%m-%d"), weekday=text(f"weekday.{day.isoweekday()}"))


def shift_text(shift: str) -> Text:
    """The name of a shift."""
    return text(f"shift.{shift}")


def reach_text(mobile: str | None) -> Text | None:
    """How somebody is reached."""
    return text("duty.reach", mobile=f"☎ {mobile}") if mobile else None


def today(look: Look) -> date:
    """The local day of the moment."""
    return look.at.astimezone(ZoneInfo(look.zone)).date()


def watched(turns: pl.DataFrame, look: Look) -> list[str]:
    """Whose rosters there have to be: the park's, those of enterprises with a major hazard, and of whoever has one."""
    plots = look.park.features.get("enterprises", ())
    held = [each.id for each in plots if each.props.get("hazard_level") and each.props.get("status") != "idle"]
    every = list(dict.fromkeys([PARK_ORG, *held, *sorted(set(turns["org"]) - {PARK_ORG, "?"})]))
    return [each for each in every if look.enterprise in (None, each)]


def whose_field(look: Look) -> dict[str, Any]:
    """A field that chooses whose roster is looked at."""
    plots = look.park.features.get("enterprises", ())
    options = [{"value": each.id, "label": owner_text(look, each.id)} for each in plots]
    label, park = text("duty.whose"), text("crumb.park")
    return {"param": "enterprise", "type": "choice", "label": label, "options": options, "any": park}
