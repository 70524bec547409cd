"""Reading a running server's own figures, and what a process costs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from statistics import quantiles

from tests.serving import Server

_BUCKET = re.compile(r'^(\w+)_bucket\{le="([^"]+)"\} ([\d.e+]+)$', re.MULTILINE)


def histogram(server: Server, name: str) -> dict[float, float]:
    """Counts up to each bound of one of the server's histograms."""
    text = server.get("/metrics").text
    return {float(bound): float(count) for metric, bound, count in _BUCKET.findall(text) if metric == name}


def share_below(before: dict[float, float], after: dict[float, float], share: float) -> float:
    """The smallest bound under which ``share`` of what came between two looks lies, in seconds."""
    came = {bound: after[bound] - before.get(bound, 0.0) for bound in sorted(after)}
    total = max(came.values())
    return next(bound for bound, count in came.items() if count >= share * total)


def cpu_seconds(process: int) -> float:
    """Processor time of a process so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(process: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text).group(1)) / 1000  # type: ignore[union-attr]


def percentile(values: list[float], share: int) -> float:
    """A percentile of measured values."""
    return quantiles(values, n=100, method="inclusive")[share - 1]
