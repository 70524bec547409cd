"""Gas devices that cover an area or travel: where each of them is at any moment, along the route that the map draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.chance import Floats, Ints
from demo.clock import MINUTE_MS, SECOND_MS

# The exchange's device types by the kind that the map says.
DEVICE_TYPES = {"sweep": "02", "drone": "03", "imaging": "04", "vehicle": "05", "rail": "06"}
REMOTE = "sweep"  # sees along its beams; the others sample the air where they are
_M_PER_DEG = 111_320.0


@dataclass(frozen=True, eq=False)
class Patrol:
    """One device: it sets out every ``every_ms`` (0: without a rest), ``starts_ms`` after the round, and comes back.

    ``lon``, ``lat`` are the corners of its way, ``at_m`` how far along it they lie; a single corner stays there.
    """

    id: str
    kind: str
    coverage_m: float
    lon: Floats
    lat: Floats
    at_m: Floats
    speed_ms: float
    every_ms: int
    starts_ms: int

    @property
    def travels(self) -> bool:
        """Whether it has a way at all."""
        return self.at_m.size > 1 and self.speed_ms > 0

    @property
    def remote(self) -> bool:
        """Whether it sees from afar."""
        return self.kind == REMOTE

    @property
    def round_ms(self) -> int:
        """How long it is under way."""
        return round(self.at_m[-1] / self.speed_ms * SECOND_MS)

    def place(self, t_ms: Ints) -> tuple[Floats, Floats]:
        """Degrees at those times; between two rounds it stands where it sets out."""
        if not self.travels:
            return np.full(t_ms.shape, self.lon[0]), np.full(t_ms.shape, self.lat[0])
        since_ms = (t_ms - self.starts_ms) % max(self.every_ms, self.round_ms)
        gone_m = np.where(since_ms < self.round_ms, since_ms / SECOND_MS * self.speed_ms, 0.0)
        return np.interp(gone_m, self.at_m, self.lon), np.interp(gone_m, self.at_m, self.lat)

    def under_way(self, t_ms: int) -> bool:
        """Whether it is on a round at that time."""
        return self.travels and (t_ms - self.starts_ms) % max(self.every_ms, self.round_ms) < self.round_ms


def patrol(id: str, props: Mapping[str, Any], geometry: Mapping[str, Any]) -> Patrol:
    """A device as the map has it; a way that does not close is gone there and back."""
    found = geometry["coordinates"]
    way = [found] if geometry["type"] == "Point" else list(found)
    if len(way) > 1 and way[0] != way[-1]:
        way += way[-2::-1]
    lon, lat = np.array([each[:2] for each in way], dtype=np.float64).T
    east = np.diff(lon) * np.cos(np.radians(lat[:1])) * _M_PER_DEG
    at_m = np.concatenate(([0.0], np.cumsum(np.hypot(east, np.diff(lat) * _M_PER_DEG))))
    return Patrol(
        id,
        str(props.get("kind")),
        float(props.get("coverage_m") or 0.0),
        lon,
        lat,
        at_m,
        float(props.get("speed_kmh") or 0.0) / 3.6,
        int(props.get("every_min") or 0) * MINUTE_MS,
        int(props.get("starts_min") or 0) * MINUTE_MS,
    )
