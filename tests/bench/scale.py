"""How large and how long the benches are: the full size unless ``PARKTWIN_SCALE_<NAME>`` says otherwise."""

from __future__ import annotations

import os


def scale(name: str, full: float) -> float:
    """A length or size."""
    return float(os.environ.get(f"PARKTWIN_SCALE_{name}", full))


SECONDS = scale("S", 60)  # of writing at full rate
SHORT_S = scale("SHORT_S", 20)  # of writing in the dearer formats, and at the greatest rate
POINTS = int(scale("POINTS", 100_000))
RATE = int(scale("RATE", 100_000))  # readings a second
HOUR_S = int(scale("HOUR_S", 3_600))  # what is there before writing begins …
PERIOD_S = int(scale("PERIOD_S", 10))  # … at a reading a point and so many seconds, where there are many points
ROWS = int(scale("ROWS", 345_600_000))  # readings of the deep store at one a second
WIDE_ROWS = int(scale("WIDE_ROWS", 345_600_000))  # of the store with many points at one in PERIOD_S
EARLIER_DAYS = int(scale("EARLIER_DAYS", 29))  # and the days before, at one every five minutes
SET_ROWS = int(scale("SET_ROWS", 20_000_000))  # of the reference set
MOMENTS = int(scale("MOMENTS", 40))
USERS = int(scale("USERS", 300))
