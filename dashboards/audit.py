"""The log of what people did, for the auditor: who, what, when, from where, with what result (RO-4)."""

from twin.roles import Right
from twin.screen import Screen, Slot

SCREEN = Screen(
    key="audit",
    path="/audit",
    order=96,
    params=("stream", "who", "action", "since", "until", "words", "before", "after"),
    right=Right.read_audit,
    slots=(Slot("audit_log", "main", "log", grow=1), Slot("audit_day", "right")),
)
