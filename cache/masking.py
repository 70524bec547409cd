"""What a wall does not show: names of persons, their numbers, plates (NF-71)."""

from __future__ import annotations

import polars as pl

PERSONAL = frozenset(
    {"committer", "guardian", "safety_head", "safety_head_name", "head_name", "phone", "plate_no"}
    | {"duty_name", "person", "mobile", "owner_person"}
    | {"handler", "by_whom", "judged_by", "second_by", "last_by", "applied_by", "decided_by", "author", "approver"}
    | {"feedback_by", "result_by", "prestart_by", "closed_by", "sent_to", "changed_by"}
    | {"recipient_name", "mobile", "email", "account", "reach", "asked_by", "body_zh", "body_en", "reply"}
)
# Queries whose rows are called by something personal.
CALLED = {"explain/vehicles": frozenset({"name_zh", "name_en"})}
_HIDDEN = "＊＊"


def masked(query: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a query with but the first character of everything personal."""
    hidden = [name for name in rows.columns if name in PERSONAL | CALLED.get(query, frozenset())]
    texts = [name for name in hidden if rows.schema[name] == pl.String()]
    return rows.with_columns(pl.col(texts).str.slice(0, 1) + _HIDDEN) if texts else rows
