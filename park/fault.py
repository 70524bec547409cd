"""A fault of a park folder, and how it is told."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where. ``feature`` is an id, or ``#n`` (position from 0) where there is none."""

    file: str
    feature: str | None
    field: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        """``file  feature  field = value: message``, leaving out what there is not."""
        place = "  ".join(each for each in (self.file, self.feature, self.field) if each)
        return f"{place} = {self.value}: {self.message}" if self.value is not None else f"{place}: {self.message}"


def shown(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def is_number(value: Any) -> bool:
    """Whether a value is a finite number (true and false are none)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def report(faults: Sequence[Fault]) -> str:
    """All faults, one a line, and how many there are; one line when there is none."""
    if not faults:
        return "no fault found"
    count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
    said = "\n".join([*map(str, faults), count])
    # half a surrogate pair can be written in JSON, but not printed
    return said.encode("utf-8", "backslashreplace").decode("utf-8")
