"""The strip that is always live, whatever moment is shown: headline, freshness, time bar, wind."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="strip",
    path=None,
    slots=(Slot("headline", "top"), Slot("freshness", "top"), Slot("timeline", "bar"), Slot("wind_now", "bar")),
)
