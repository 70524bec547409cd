"""The message centre (MS-1 … MS-3) and who is told of what (AL-6, R-PU-1 … R-PU-7)."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="messages",
    path="/messages",
    order=93,
    params=("enterprise", "words", "show", "kind"),
    slots=(
        Slot("message_inbox", "main", "inbox", grow=1),
        Slot("message_log", "main", "sent", grow=1),
        Slot("recipients", "main", "recipients", grow=1),
        Slot("routes", "main", "routes", grow=1),
        Slot("message_counts", "right"),
    ),
)
