"""What the panels of the administrator share: how an account stands, and the forms that change one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from twin.content import Text, both, text
from twin.lineage import Inputs
from twin.person import person_of
from twin.roles import ROLES, Right
from twin.screen import Look

ACCOUNTS, TOKENS = "people/accounts", "people/tokens"
READS = frozenset({"account_version", "session", "journal", "minute"})
PLOTS = "enterprises"
_STAY = [role for role in ROLES if person_of("", "", role, None).may(Right.stay)]


def standing(accounts: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The accounts with how they stand at the moment: ``account_state`` (open, locked by wrong tries until
    ``locked_until``, disabled by an administrator), ``due`` (the password has to be changed), ``bare`` (their role
    needs a second factor, and they have none)."""
    login = look.park.settings.login
    until = pl.col("locked_at") + timedelta(minutes=login.lock_min)
    freed = (pl.col("freed_at") > pl.col("locked_at")).fill_null(False)
    locked = ((until > look.at) & ~freed).fill_null(False)
    old = pl.col("changed_at") < look.at - timedelta(days=login.password_days or 1)
    expires = ~pl.col("role").is_in(_STAY) & pl.lit(login.password_days > 0)
    state = pl.when("disabled").then(pl.lit("disabled")).when(locked).then(pl.lit("locked")).otherwise(pl.lit("open"))
    return accounts.with_columns(
        account_state=state,
        locked_until=pl.when(locked).then(until),
        due=pl.col("local") & (pl.col("must_change") | (old & expires)),
        bare=pl.col("role").is_in(list(login.second_factor)) & ~pl.col("second"),
    )


OF_ACCOUNTS = Inputs(
    ACCOUNTS,
    (
        ("role", "code", None),
        ("enterprise", "text", None),
        ("account_state", "code", None),
        ("signed_in_at", "time", None),
        ("locked_until", "time", None),
        ("made_by", "text", None),
        ("made_at", "time", None),
    ),
    rows=standing,
)


def held_by(row: dict[str, Any]) -> Text:
    """The enterprise that somebody or something is held to, or the park."""
    return both(row["enterprise_zh"], row["enterprise_en"]) if row["enterprise"] else text("accounts.of_park")


def choices(look: Look) -> dict[str, list[dict[str, Any]]]:
    """What fields of forms can be: roles, and enterprises or none."""
    there = look.park.features.get(PLOTS, ())
    plots = [{"value": each.id, "label": both(each.name_zh, each.name_en)} for each in there]
    return {
        "role": [{"value": each, "label": text(f"role.{each}")} for each in ROLES],
        "enterprise": [{"value": "", "label": text("accounts.of_park")}, *plots],
    }


def enterprise_field(value: str | None = None) -> dict[str, Any]:
    """A field of a form that names an enterprise, or none."""
    label = text("accounts.enterprise")
    return {"name": "enterprise", "type": "choice", "label": label, "choices": "enterprise", "value": value or ""}


def once(*names: str) -> list[dict[str, Any]]:
    """What is shown after a form was sent, this once: names of what was answered, or sent."""
    return [{"name": each, "label": text(f"accounts.once.{each}")} for each in names]
