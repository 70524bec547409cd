"""Reading a running server's own figures, and what a process costs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from threading import Event
from time import monotonic, perf_counter
from typing import Any

from tests.serving import Server

_BUCKET = re.compile(r'^(\w+)_bucket\{le="([^"]+)"\} ([\d.e+]+)$', re.MULTILINE)

_LOOK_S = 4.0  # longer than any work that comes by the clock is apart
_AT_REST = 0.04  # of one core


def histogram(server: Server, name: str) -> dict[float, float]:
    """Counts up to each bound of one of the server's histograms."""
    text = server.get("/metrics").text
    return {float(bound): float(count) for metric, bound, count in _BUCKET.findall(text) if metric == name}


def share_below(before: dict[float, float], after: dict[float, float], share: float) -> float:
    """The smallest bound under which ``share`` of what came between two looks lies, in seconds."""
    came = {bound: after[bound] - before.get(bound, 0.0) for bound in sorted(after)}
    total = max(came.values())
    return next(bound for bound, count in came.items() if count >= share * total)


def cpu_seconds(process: int | str, thread: int | None = None) -> float:
    """Processor time of a process, or of one of its threads, so far (Linux)."""
    place = Path(f"/proc/{process}") if thread is None else Path(f"/proc/{process}/task/{thread}")
    fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(process: int, peak: bool = False) -> float:
    """Resident memory of a process in MB, now or at its peak (Linux)."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(re.search(rf"{'VmHWM' if peak else 'VmRSS'}:\s+(\d+) kB", text).group(1)) / 1000  # type: ignore[union-attr]


def at_rest(process: int, longest_s: float = 120.0) -> None:
    """Return once a process does next to nothing: a server that was just opened still settles what was left to do.

    Raises:
        TimeoutError: it does not come to rest.
    """
    before = cpu_seconds(process)
    for _ in paced(_LOOK_S, round(longest_s / _LOOK_S), monotonic() + _LOOK_S):
        after = cpu_seconds(process)
        if after - before < _AT_REST * _LOOK_S:
            return
        before = after
    raise TimeoutError(f"the process still works after {longest_s:.0f} s")


def percentile(values: Sequence[float], share: int) -> float:
    """A percentile of measured values."""
    return quantiles(values, n=100, method="inclusive")[share - 1]


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many values there are, and their percentiles."""
    return {"n": len(values)} | {f"p{share}": round(percentile(values, share), 2) for share in (50, 95, 99)}


def percent(share: float, digits: int = 0) -> str:
    """A share as it is written in the figures."""
    return f"{share * 100:.{digits}f} %"


def took(act: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    began = perf_counter()
    act()
    return (perf_counter() - began) * 1000


def pause(seconds: float) -> None:
    """Let the system run for a measured while."""
    Event().wait(seconds)


def paced(period_s: float, turns: int, begin: float | None = None) -> Iterator[float]:
    """The pace of a real source: each moment (monotonic seconds) at which something is due, once it has come."""
    still, first = Event(), monotonic() if begin is None else begin
    for turn in range(turns):
        due = first + turn * period_s
        still.wait(max(0.0, due - monotonic()))
        yield due
