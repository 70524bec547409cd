"""Analysis: what the alarms of a week, a month or a year teach (AL-8, AL-10, AL-13; ISA-18.2 over time)."""

from twin.screen import Screen, Slot

SCREEN = Screen(
    key="analysis",
    path="/analysis",
    order=91,
    params=("enterprise", "period", "by", "rank"),
    slots=(
        Slot("analysis_statistics", "main", "statistics", grow=1),
        Slot("analysis_days", "main", "days", grow=1),
        Slot("analysis_points", "main", "points", grow=1),
        Slot("analysis_limits", "main", "thresholds", grow=1),
        Slot("analysis_load", "right"),
        Slot("analysis_priorities", "right"),
        Slot("analysis_reports", "right"),
        Slot("analysis_compare", "right", "compare"),
        Slot("analysis_causes", "right", "compare"),
    ),
)
