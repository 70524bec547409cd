"""What the panels of gas warnings share: their rows, columns, and the words for whom was told."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.panels._words import owner_text
from twin.content import Text, text
from twin.formula import Where
from twin.lineage import Inputs
from twin.screen import Look

SHOWN = "warnings/shown"
FILED = "warnings/filed"
READS = frozenset({"gas_warning", "notice", "message", "minute"})
WAITS: Where = ("waits", "=", True)
COLUMNS = (
    ("worst", "level", None),
    ("name", "text", None),
    ("point", "text", None),
    ("owner", "text", None),
    ("medium", "medium", None),
    ("warning_why", "code", None),
    ("began_at", "time", None),
    ("opened_at", "time", None),
    ("told_at", "time", None),
    ("told_n", "number", None),
    ("sent_n", "number", None),
    ("sent_to", "text", None),
    ("warning_state", "code", None),
    ("due", "time", None),
    ("points", "number", None),
    ("alarms", "number", None),
    ("cautions", "number", None),
    ("reports", "number", None),
    ("feedback_at", "time", None),
    ("feedback_by", "text", None),
    ("result_at", "time", None),
    ("over_at", "time", None),
    ("closed_at", "time", None),
)
FILED_COLUMNS = (
    ("level", "level", None),
    ("caution_kind", "code", None),
    ("owner", "text", None),
    ("name", "text", None),
    ("filed_at", "time", None),
    ("due", "time", None),
    ("in_row", "number", None),
)
PICK = ("points", "point")
WARNINGS = Inputs(SHOWN, COLUMNS, PICK)
CAUTIONS = Inputs(FILED, FILED_COLUMNS, PICK)


def addressee(said: str, look: Look) -> Text:
    """Somebody that a notice is for: a post, and of which enterprise."""
    post, _, enterprise = said.removeprefix("post:").partition("@")
    named = text(f"post.{post}")
    return text("warning.post_of", post=named, owner=owner_text(look, enterprise)) if enterprise else named


def addressees(said: Sequence[str] | None, look: Look) -> list[Text]:
    """All of them."""
    return [addressee(each, look) for each in said or ()]


def where_text(owner: str | None, look: Look) -> Text:
    """Public, or inside which enterprise (R-GAS-1)."""
    return text("warning.inside_of", owner=owner_text(look, owner)) if owner else text("warning.public")
