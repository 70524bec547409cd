"""The park's weather: sums of slow sines with seeded phases, so any moment can be asked for."""

from __future__ import annotations

import numpy as np

from demo.chance import Floats, generator

MEAN_C = 15.0
_YEAR_S = 365.25 * 86_400
_HOUR_S = 3_600.0


class Sines:
    """A sum of sines with given periods and amplitudes and seeded phases."""

    def __init__(self, seed: int, what: str, *waves: tuple[float, float]) -> None:
        self._omega = np.array([2 * np.pi / period_s for period_s, _ in waves])
        self._amplitude = np.array([amplitude for _, amplitude in waves])
        self._phase = generator(seed, what).uniform(0, 2 * np.pi, len(waves))

    def __call__(self, t_s: Floats) -> Floats:
        """The sum at those times (seconds)."""
        return np.sin(np.multiply.outer(t_s, self._omega) + self._phase) @ self._amplitude


class Weather:
    """Temperature, wind and the rest at times in seconds since 1970 UTC."""

    def __init__(self, seed: int, offset_s: float) -> None:
        self._offset_s = offset_s
        hour = _HOUR_S
        self._warm = Sines(seed, "warm", (83 * hour, 2.4), (131 * hour, 2.1), (2.7 * hour, 0.3))
        slow_turn, quick_turn = ((29 * hour, 26.0), (9.3 * hour, 17.0), (1.7 * hour, 9.0)), ((680.0, 5.0), (97.0, 3.0))
        self._turn = Sines(seed, "turn", *slow_turn, *quick_turn)
        slow_blow, gusts = ((41 * hour, 0.8), (5.1 * hour, 0.5), (0.8 * hour, 0.35)), ((240.0, 0.25), (37.0, 0.2))
        self._blow = Sines(seed, "blow", *slow_blow, *gusts)
        self._press = Sines(seed, "press", (96 * hour, 5.0), (37 * hour, 2.5), (12 * hour, 0.9))
        self._damp = Sines(seed, "damp", (61 * hour, 9.0), (7 * hour, 3.0))
        self._wet = Sines(seed, "wet", (67 * hour, 1.0), (19 * hour, 0.8), (2.3 * hour, 0.4))
        self._from_deg = float(generator(seed, "from").uniform(60, 120))

    def day_wave(self, t_s: Floats) -> Floats:
        """-1 in the small hours … 1 in the early afternoon."""
        local_h = (t_s + self._offset_s) % 86_400 / _HOUR_S
        return np.cos((local_h - 14.5) * (2 * np.pi / 24))

    def temperature_c(self, t_s: Floats) -> Floats:
        """Air temperature: the season, the day and passing air masses."""
        season = -12.5 * np.cos((t_s % _YEAR_S - 18 * 86_400) * (2 * np.pi / _YEAR_S))
        return MEAN_C + season + 4.2 * self.day_wave(t_s) + self._warm(t_s)

    def wind_deg(self, t_s: Floats) -> Floats:
        """Where the wind comes from, degrees from north; it turns slowly."""
        return (self._from_deg + self._turn(t_s)) % 360.0

    def wind_ms(self, t_s: Floats) -> Floats:
        """Wind speed at ten metres, never quite still."""
        return np.maximum(0.3, 2.9 + 0.8 * self.day_wave(t_s) + self._blow(t_s))

    def humidity_pct(self, t_s: Floats) -> Floats:
        """Relative humidity: high at night, low in the afternoon."""
        return np.clip(66.0 - 16.0 * self.day_wave(t_s) + self._damp(t_s), 12.0, 99.0)

    def pressure_hpa(self, t_s: Floats) -> Floats:
        """Air pressure at the station."""
        return 1018.0 + self._press(t_s)

    def rain_mm_h(self, t_s: Floats) -> Floats:
        """Rain: mostly none, showers when the slow waves meet."""
        return np.maximum(0.0, self._wet(t_s) - 1.55) * 9.0

    def visibility_m(self, t_s: Floats) -> Floats:
        """Visibility falls in damp air."""
        return np.clip(14_000.0 - 110.0 * self.humidity_pct(t_s), 900.0, 10_000.0)
