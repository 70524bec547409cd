"""What the panels of gas warnings share: their rows and columns."""

from __future__ import annotations

from twin.formula import Where
from twin.lineage import Inputs

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
PICK = ("gas_warnings", "id")
WARNINGS = Inputs(SHOWN, COLUMNS, PICK)
OF_CAUTION = ("gas_warnings", "warning")
CAUTIONS = Inputs(FILED, FILED_COLUMNS, OF_CAUTION)
