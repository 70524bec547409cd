"""The expiry board: fourteen scenes of papers with a deadline, and what else ends (AL-9, R-EX-1 … R-EX-15)."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="expiry",
    path="/expiry",
    order=92,
    params=("enterprise", "show", "group", "words"),
    slots=(
        Slot("expiry_list", "main", "papers", grow=1),
        Slot("expiry_scenes", "right"),
        Slot("expiry_also", "right"),
    ),
)
