"""Duty: who is on watch, the rosters of the park and its enterprises, shifts handed over (DR-1 … DR-3, AL-11)."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="duty",
    path="/duty",
    order=91,
    params=("enterprise", "show"),
    slots=(
        Slot("duty_calendar", "main", "calendar", grow=1),
        Slot("duty_roster", "main", "roster", grow=2),
        Slot("duty_imports", "main", "roster", grow=1),
        Slot("handovers", "main", "handover", grow=1),
        Slot("handover_now", "main", "handover", grow=1),
        Slot("duty_now", "right"),
        Slot("duty_missing", "right", grow=1),
        Slot("duty_log", "right", "log", grow=1),
    ),
)
