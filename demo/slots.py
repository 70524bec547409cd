"""Readings of a stretch of time as the body of a push: each point once a period, spread over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np

from demo.chance import Ints
from demo.clock import SECOND_MS
from demo.signals import Signals
from twin.reading import QUALITY_NAMES, Quality

MOST_READINGS = 4_000  # of one push
_NAMES = [QUALITY_NAMES[each] for each in sorted(Quality)]


@dataclass(frozen=True, order=True)
class Stretch:
    """Demo time from ``start_ms`` up to ``end_ms``, with every point once in ``period_ms``."""

    start_ms: int
    end_ms: int
    period_ms: int = SECOND_MS

    @property
    def batch_id(self) -> str:
        """Names the push; the same stretch of the same run always has the same name and content."""
        return f"{self.start_ms}-{self.end_ms}-{self.period_ms}"


class Slots:
    """Cuts time into pushes and makes their bodies; nothing is kept, so any push can be made again."""

    def __init__(self, signals: Signals, run: str) -> None:
        self._signals, self._run = signals, run
        self._order = np.argsort(signals.turn, kind="stable")
        self._share = signals.turn[self._order]
        self._ids = np.array(signals.points.ids, dtype=object)
        self._fractions = np.array([f".{ms:03d}Z" for ms in range(SECOND_MS)], dtype=object)

    def pieces(self, stretch: Stretch) -> Iterator[Stretch]:
        """The stretch in pieces of at most ``MOST_READINGS`` readings."""
        readings = len(self._ids) * (stretch.end_ms - stretch.start_ms) / stretch.period_ms
        count = max(1, int(np.ceil(readings / MOST_READINGS)))
        edges = np.linspace(stretch.start_ms, stretch.end_ms, count + 1).astype(np.int64).tolist()
        for start_ms, end_ms in pairwise(edges):
            if end_ms > start_ms:
                yield Stretch(start_ms, end_ms, stretch.period_ms)

    def due(self, stretch: Stretch) -> tuple[Ints, Ints]:
        """Which points are read in the stretch, and when, in order of time."""
        offsets = (self._share * stretch.period_ms).astype(np.int64)
        which, when = [], []
        first = stretch.start_ms // stretch.period_ms * stretch.period_ms
        for start_ms in range(first, stretch.end_ms, stretch.period_ms):
            low, high = np.searchsorted(offsets, (stretch.start_ms - start_ms, stretch.end_ms - start_ms))
            which.append(self._order[low:high])
            when.append(offsets[low:high] + start_ms)
        return np.concatenate(which), np.concatenate(when)

    def body(self, stretch: Stretch) -> dict[str, Any]:
        """The push of that stretch; points that are away are left out."""
        ix, t_ms = self.due(stretch)
        shown = self._signals.shown(ix, t_ms)
        spoke = np.flatnonzero(shown.online)
        columns = (
            self._ids[ix[spoke]].tolist(),
            self._stamps(t_ms[spoke]),
            shown.value[spoke].tolist(),
            [_NAMES[each] for each in shown.quality[spoke].tolist()],
        )
        readings = [
            {"point": point, "ts": ts, "value": value, "quality": quality}
            for point, ts, value, quality in zip(*columns, strict=True)
        ]
        return {"batch_id": f"{self._run}-{stretch.batch_id}", "readings": readings}

    def _stamps(self, t_ms: Ints) -> list[str]:
        """ISO 8601 in UTC with milliseconds; each second is written once."""
        seconds, which = np.unique(t_ms // SECOND_MS, return_inverse=True)
        texts = [datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S") for second in seconds.tolist()]
        stamps: list[str] = (np.array(texts, dtype=object)[which] + self._fractions[t_ms % SECOND_MS]).tolist()
        return stamps
