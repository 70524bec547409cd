"""How each kind of instrument behaves on a normal day: one row of numbers a point, set so that the
point's own limits are not touched. What leaves the limits is planned elsewhere (``events``, ``leaks``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass

import numpy as np

from demo.chance import Floats, draws, word
from demo.folder import GAS_KINDS, Feature, Points

HOUR_S = 3_600.0


@dataclass(frozen=True)
class Form:
    """Centre and swings, all in the point's unit (``*_s`` in seconds).

    ``day`` per ℃ of outside temperature, ``load`` with the day's work, ``swing`` filling and emptying,
    ``slow`` and ``quick`` wandering, ``noise`` the instrument's own.
    """

    mid: float
    day: float = 0.0
    load: float = 0.0
    swing: float = 0.0
    swing_s: float = HOUR_S
    slow: float = 0.0
    slow_s: float = HOUR_S
    quick: float = 0.0
    quick_s: float = 300.0
    noise: float = 0.0


@dataclass(frozen=True)
class Site:
    """What a form is chosen by: the point's band between its limits, where it sits, and its luck (0…1)."""

    low: float
    high: float
    top: float
    parent: Feature | None
    luck: float

    @property
    def centre(self) -> float:
        """The middle of the band between the limits."""
        return (self.low + self.high) / 2

    @property
    def half(self) -> float:
        """Half the band."""
        return (self.high - self.low) / 2

    def prop(self, name: str) -> float | None:
        """A number that the tank or unit states about itself."""
        value = None if self.parent is None else self.parent.props.get(name)
        return float(value) if isinstance(value, (int, float)) else None

    def between(self, least: float, most: float) -> float:
        """A number of this point's own between two bounds."""
        return least + (most - least) * self.luck


def _level(site: Site) -> Form:
    half, kind = site.half, None if site.parent is None else site.parent.props.get("kind")
    if kind == "emergency_pool":
        return Form(0.08 * site.high, slow=0.01 * site.high, slow_s=30 * HOUR_S, noise=0.001)
    if site.prop("volume_m3") is not None:
        return Form(site.centre, swing=0.72 * half, swing_s=site.between(9, 60) * HOUR_S, noise=0.002 * half)
    if kind in ("sewage_pump", "wastewater"):
        return Form(site.centre, swing=0.6 * half, swing_s=site.between(0.6, 3) * HOUR_S, noise=0.004 * half)
    return Form(
        site.centre,
        swing=0.34 * half,
        swing_s=site.between(2, 7) * HOUR_S,
        slow=0.14 * half,
        slow_s=site.between(0.4, 1.6) * HOUR_S,
        quick=0.03 * half,
        quick_s=site.between(60, 200),
        noise=0.006 * half,
    )


def _temperature(site: Site) -> Form:
    working = site.prop("working_temp_c")
    if working is not None:
        held = 0.04 if working < 0 or working > 40 else 0.17
        return Form(working, day=held, slow=0.5, slow_s=site.between(5, 20) * HOUR_S, noise=0.04)
    if site.high <= 60 and site.low <= 0:
        return Form(18.0, day=0.55, load=0.8, slow=0.5, slow_s=5 * HOUR_S, noise=0.05)
    return Form(
        site.centre,
        load=0.14 * site.half,
        slow=0.26 * site.half,
        slow_s=site.between(0.5, 2.5) * HOUR_S,
        quick=0.05 * site.half,
        quick_s=site.between(120, 500),
        noise=0.006 * site.half,
    )


def _pressure(site: Site) -> Form:
    working = site.prop("working_pressure_mpa")
    if working:
        return Form(
            working,
            day=0.004 * working,
            load=0.02 * working,
            slow=0.05 * working,
            slow_s=site.between(1, 6) * HOUR_S,
            noise=0.002 * working,
        )
    return Form(
        site.centre,
        load=-0.18 * site.half,
        slow=0.22 * site.half,
        slow_s=site.between(0.5, 2.5) * HOUR_S,
        quick=0.05 * site.half,
        quick_s=site.between(40, 240),
        noise=0.008 * site.half,
    )


def _flow(site: Site) -> Form:
    return Form(
        site.low + 1.15 * site.half,
        load=0.28 * site.half,
        slow=0.16 * site.half,
        slow_s=site.between(0.4, 2) * HOUR_S,
        quick=0.06 * site.half,
        quick_s=site.between(40, 180),
        noise=0.012 * site.half,
    )


def _zero(site: Site) -> Form:
    return Form(0.0, noise=0.25)  # in steps of the instrument: its zero drifts by less than one


def _settled(site: Site) -> Form:
    reach = min(site.half, 15.0)
    return Form(site.between(-0.35, 0.5) * reach, day=0.006, slow=0.03 * reach, slow_s=40 * 24 * HOUR_S, noise=0.03)


def _voltage(site: Site) -> Form:
    half = site.half
    return Form(site.centre, load=-0.25 * half, slow=0.12 * half, quick=0.04 * half, noise=0.02 * half)


def _current(site: Site) -> Form:
    return Form(
        0.52 * site.high,
        load=0.2 * site.high,
        slow=0.06 * site.high,
        slow_s=site.between(0.5, 2) * HOUR_S,
        quick=0.02 * site.high,
        quick_s=90.0,
        noise=0.008 * site.high,
    )


def _humidity(site: Site) -> Form:
    return Form(48.0, day=-0.25, slow=5.0, slow_s=6 * HOUR_S, noise=0.2)


def _plain(site: Site) -> Form:
    return Form(
        site.centre,
        slow=0.3 * site.half,
        slow_s=site.between(0.5, 3) * HOUR_S,
        quick=0.08 * site.half,
        quick_s=site.between(60, 400),
        noise=0.01 * site.half,
    )


FORMS: Mapping[str, Callable[[Site], Form]] = {
    "level": _level,
    "temperature": _temperature,
    "pressure": _pressure,
    "flow": _flow,
    "settlement": _settled,
    "settlement_base": _settled,
    "voltage": _voltage,
    "current": _current,
    "humidity": _humidity,
    "smoke": _zero,
    **dict.fromkeys(GAS_KINDS, _zero),
}

# The finest difference an instrument shows, by unit: (up to this range, step). The first that fits counts.
RESOLUTION: Mapping[str, tuple[tuple[float, float], ...]] = {
    "MPa": ((0.1, 0.0001), (10, 0.001)),
    "m": ((100, 0.01), (1e5, 10)),
    "ppm": ((2, 0.001), (10, 0.01), (100, 0.1), (1e5, 1)),
    "%LEL": ((1e3, 1),),
    "kV": ((1e3, 0.01),),
    "pH": ((14, 0.01),),
    "m3/h": ((1_000, 0.1), (1e6, 1)),
    "Nm3/h": ((1e6, 1),),
    "A": ((1e5, 1),),
    "Pa": ((1e5, 1),),
    "°": ((360, 1),),
}


def resolution(unit: str, span: float) -> float:
    """The step that a point of this unit and range shows; 0.1 unless the table says otherwise."""
    return next((step for most, step in RESOLUTION.get(unit, ()) if span <= most), 0.1)


def group(id: str) -> str:
    """Instruments on one vessel move together; their ids differ in the last part only."""
    return id.rpartition("-")[0] or id


def _site(points: Points, ix: int, luck: float) -> Site:
    def first(*names: str) -> float:
        return next((float(v) for n in names if not np.isnan(v := points.limit(n)[ix])), np.nan)

    low, high = first("alarm_lo", "alarm_lo_lo", "range_lo"), first("alarm_hi", "alarm_hi_hi", "range_hi")
    low, high = (0.0 if np.isnan(low) else low), (100.0 if np.isnan(high) else high)
    return Site(low, high, first("range_hi"), points.folder.by_id.get(points.parents[ix]), luck)


def forms(points: Points, seed: int) -> tuple[Floats, Floats]:
    """One row of numbers a point (``Form``'s fields), and three phases (0…1) that a vessel's points share."""
    groups = np.array([word(group(id)) for id in points.ids], dtype=np.int64)
    shared = np.column_stack(draws(seed, 1, groups, np.zeros_like(groups)))
    rows = [
        astuple(FORMS.get(kind, _plain)(_site(points, ix, float(shared[ix, 0]))))
        for ix, kind in enumerate(points.kinds)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(points), len(Form.__dataclass_fields__)), shared
