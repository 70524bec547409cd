"""The alarm desk: what is open, who has it in hand, how well it goes (AL-1 … AL-5, AL-12), and what it asks of people
(ISA-18.2)."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="alarms",
    path="/alarms",
    order=90,
    params=("enterprise", "show", "levels", "group", "words"),
    slots=(
        Slot("alarm_ledger", "main", "ledger", grow=1),
        Slot("alarm_board", "main", "board", grow=1),
        Slot("alarm_faults", "main", "faults", grow=1),
        Slot("alarm_limits", "main", "limits", grow=1),
        Slot("alarm_kpi", "right"),
        Slot("alarm_rate", "right"),
        Slot("alarm_load", "right", "load"),
        Slot("alarm_priorities", "right", "load"),
        Slot("alarm_busiest", "right", "load"),
    ),
)
