"""Wind: from degrees to the sixteen names, and from yearly records to a rose."""

from __future__ import annotations

from collections.abc import Iterable

COMPASS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
SECTOR_DEG = 360.0 / len(COMPASS)
CALM_M_S = 0.3  # below it a direction means nothing (Beaufort 0)


def compass(direction_deg: float) -> str:
    """Name of the direction that the wind comes from, given in degrees clockwise from north."""
    return COMPASS[round(direction_deg / SECTOR_DEG) % len(COMPASS)]


def rose(frequencies: Iterable[tuple[str, float]]) -> list[list[float]]:
    """Sixteen sectors from north clockwise, each with its share of the year (0…1) in one speed class.

    ``frequencies`` are (name of the direction, per cent); unknown names are left out.
    """
    share = dict.fromkeys(COMPASS, 0.0)
    for name, percent in frequencies:
        if name in share:
            share[name] += percent / 100.0
    return [[round(share[name], 5)] for name in COMPASS]
