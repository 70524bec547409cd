"""Columns of the lists that more than one panel opens."""

from __future__ import annotations

ALARM_COLUMNS = (
    ("level", "level", None),
    ("alarm_at", "time", None),
    ("cleared_at", "time", None),
    ("owner", "text", None),
    ("name", "text", None),
    ("point", "text", None),
    ("kind", "code", None),
    ("value", "number", None),
    ("unit", "text", None),
    ("threshold", "number", None),
    ("handling", "code", None),
)
OPEN_ALARM_COLUMNS = tuple(each for each in ALARM_COLUMNS if each[0] != "cleared_at")
ENTERPRISE_COLUMNS = (
    ("id", "text", None),
    ("name", "text", None),
    ("enterprise_status", "code", None),
    ("industry", "word", None),
    ("scale", "word", None),
    ("risk_grade", "code", None),
    ("employees", "number", None),
    ("area_ha", "number", "ha"),
)
