"""How each source is: said in the log once when it fails and once when it is back, and at any time when asked.

A source has parts (the tables of a server; one part for a source that pushes). Ages are measured by the
machine's steady clock, moments are told by the twin's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from threading import Lock
from time import monotonic
from typing import Any

from twin.moment import Moment

_log = logging.getLogger("parktwin.sources")
_SILENT, _UNREACHABLE = "(silent)", "(unreachable)"
FIRST_ROUND_S = 60.0  # by then a part that is asked once a day has been asked for the first time, too


@dataclass(frozen=True)
class Part:
    """One part of a source; ``late_s`` and ``down_s`` are the ages that make it so."""

    late_s: float
    down_s: float = inf
    since: float = 0.0  # steady clock: last success, or the beginning
    last_success: Moment | None = None
    error: str | None = None
    absent: bool = False
    rows: int = 0
    rejected: int = 0

    def state(self, now_s: float) -> str:
        """``ok``, ``late`` or ``down``. In its first round a part is not late yet: its ``last_success`` says that
        nothing has been heard of it."""
        age_s = now_s - self.since
        if self.error is not None or age_s > self.down_s:
            return "down"
        patience_s = self.late_s if self.last_success else min(self.late_s, FIRST_ROUND_S)
        return "late" if self.late_s < inf and age_s > patience_s else "ok"


class SourceHealth:
    """The health of one source; used by several threads."""

    def __init__(
        self, key: str, protocol: str, clock: Callable[[], Moment], steady: Callable[[], float] = monotonic
    ) -> None:
        self.key = key
        self.protocol = protocol
        self._clock = clock
        self._steady = steady
        self._lock = Lock()
        self._parts: dict[str, Part] = {}
        self._told: set[str] = set()
        self._begun = steady()
        self._error: str | None = None  # of the source as a whole

    def expect(self, part: str, late_s: float, down_s: float = inf) -> None:
        """From now on, this part is to be heard of at least so often."""
        with self._lock:
            self._parts.setdefault(part, Part(late_s, down_s, self._steady()))

    def counted(self, part: str, rows: int, rejected: int) -> None:
        """Rows came from a part."""
        with self._lock:
            known = self._parts[part]
            self._parts[part] = replace(known, rows=known.rows + rows, rejected=known.rejected + rejected)

    def succeeded(self, part: str | None = None) -> None:
        """A part (or the source as a whole) did what it should."""
        with self._lock:
            self._error = None
            if part is not None:
                self._parts[part] = replace(
                    self._parts[part], since=self._steady(), last_success=self._clock(), error=None, absent=False
                )
            for name in self._told & {_UNREACHABLE, _SILENT, part or ""}:
                self._told.discard(name)
                _log.info("source %s is back%s", self.key, f" ({part})" if name == part else "")

    def failed(self, error: str, part: str | None = None, *, unreachable: bool = False) -> bool:
        """A part (or the source as a whole) failed; whether that is news."""
        with self._lock:
            if part is None:
                self._error = error
            else:
                self._parts[part] = replace(self._parts[part], error=error, absent=False)
            name = _UNREACHABLE if unreachable else part or ""
            news = name not in self._told and not (unreachable and _SILENT in self._told)
            self._told.add(name)
        if news:
            _log.warning("source %s fails: %s", self.key, error)
        return news

    def absent(self, part: str) -> None:
        """The source has no such part; it is not counted."""
        with self._lock:
            self._parts[part] = replace(self._parts[part], absent=True, error=None)

    def notice_silence(self) -> None:
        """Say once that a source which should speak by itself is silent."""
        with self._lock:
            now_s = self._steady()
            silent = any(now_s - each.since > each.down_s for each in self._parts.values())
            news = silent and _SILENT not in self._told
            if news:
                self._told.add(_SILENT)
        if news:
            _log.warning("source %s is silent", self.key)

    def failing(self) -> bool:
        """Down, or on the way there: silent for half the time that makes it so. So it is known of the source as a
        whole before its points are missed one by one."""
        with self._lock:
            parts = [each for each in self._parts.values() if not each.absent]
            now_s = self._steady()
            silent = bool(parts) and all(now_s - each.since > each.down_s / 2 for each in parts)
            return silent or self._state(parts) == "down"

    def report(self) -> dict[str, Any]:
        """The source as a whole, for ``/healthz``."""
        with self._lock:
            parts = [each for each in self._parts.values() if not each.absent]
            error = self._error or next((each.error for each in parts if each.error is not None), None)
            last = max((each.last_success for each in parts if each.last_success), default=None)
            heard_s = max((each.since for each in parts if each.last_success), default=None)
            return {
                "id": self.key,
                "protocol": self.protocol,
                "state": self._state(parts),
                "last_success": last,
                "lag_s": None if heard_s is None else round(self._steady() - heard_s, 3),
                "rows": sum(each.rows for each in parts),
                "rejected": sum(each.rejected for each in parts),
                "error": error,
            }

    def _state(self, parts: list[Part]) -> str:
        now_s = self._steady()
        states = {each.state(now_s) for each in parts}
        if self._error is not None or states == {"down"}:
            return "down"
        if not parts:  # it has not said yet what it has
            return "late" if now_s - self._begun > FIRST_ROUND_S else "ok"
        return "ok" if states == {"ok"} else "late"

    def detail(self) -> list[dict[str, Any]]:
        """Every part of the source that is there."""
        with self._lock:
            now_s = self._steady()
            return [
                {"part": name, "state": each.state(now_s), "last_success": each.last_success}
                | {"rows": each.rows, "rejected": each.rejected, "error": each.error}
                for name, each in self._parts.items()
                if not each.absent
            ]
