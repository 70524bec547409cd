"""Levels and colours used everywhere (rules R-LV-1 … R-LV-7)."""

from __future__ import annotations

from enum import StrEnum


class AlarmLevel(StrEnum):
    """Five levels, S highest (rules section 3)."""

    S = "S"
    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Risk(StrEnum):
    """The four legal colours, red highest (R-LV-1)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


# The colour an alarm level is shown in; the letter always stands beside it.
COLOUR_OF_LEVEL = {
    AlarmLevel.S: Risk.RED,
    AlarmLevel.A: Risk.RED,
    AlarmLevel.B: Risk.ORANGE,
    AlarmLevel.C: Risk.YELLOW,
    AlarmLevel.D: Risk.BLUE,
}
RANK = {"red": 4, "orange": 3, "yellow": 2, "blue": 1}
