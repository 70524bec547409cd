"""What has changed since somebody last looked: alarms first, then what people did."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="since",
    path="/since",
    order=92,
    params=("since",),
    slots=(
        Slot("since_alarms", "main", "changes", grow=1),
        Slot("since_deeds", "main", "deeds", grow=1),
        Slot("since_counts", "right"),
    ),
)
