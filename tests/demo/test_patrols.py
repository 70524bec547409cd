"""Gas devices that sweep or travel: where they are is told, and what they measure is the air of that place."""

from __future__ import annotations

import numpy as np
import pytest

from demo.books import books
from demo.clock import DAY_MS, MINUTE_MS
from demo.leaks import Leak, Plume
from demo.patrols import patrol
from tests.demo.worlds import AFTERNOON, ms, world

NOW = ms(AFTERNOON)
M_PER_DEG = 111_320.0


def _told(at_ms: int) -> dict[str, dict[str, object]]:
    return {each["id"]: each for each in books(world())["gas_device"].page(None, at_ms, 5_000).records}


def _leak(lon: float, lat: float, gas: str = "硫化氢") -> Leak:
    return Leak("L", "P", gas, lon, lat, NOW, MINUTE_MS, 60 * MINUTE_MS, MINUTE_MS, ppm=900.0)


def test_the_park_has_devices_of_every_kind_and_each_measures_something() -> None:
    devices = _told(NOW)
    assert {each["device_type"] for each in devices.values()} == {"01", "02", "03", "04", "05", "06"}
    measured = {each["device_id"] for each in books(world())["indicator"].page(None, NOW, 5_000).records}
    others = {id for id, each in devices.items() if each["device_type"] not in ("01", "04")}
    assert others == {"GSW1", "GSW2", "GUAV1", "GVEH1", "GRAIL1"} <= measured
    assert all(float(str(each["coverage_radius"])) > 0 for each in devices.values())


def test_a_device_that_travels_tells_its_place_every_minute_while_it_is_under_way() -> None:
    way = world().folder.patrols["GUAV1"]
    out = [at_ms for at_ms in range(NOW, NOW + 60 * MINUTE_MS, MINUTE_MS) if way.under_way(at_ms)]
    places = {_told(at_ms)["GUAV1"]["longitude"] for at_ms in out}
    assert len(places) == len(out) > 5
    at_rest = next(at_ms for at_ms in range(NOW, NOW + DAY_MS, MINUTE_MS) if not way.under_way(at_ms))
    assert _told(at_rest + 2 * MINUTE_MS)["GUAV1"]["longitude"] == way.lon[0]


def test_a_way_that_does_not_close_is_gone_there_and_back_at_the_speed_of_the_device() -> None:
    line = {"type": "LineString", "coordinates": [[119.0, 33.0], [119.0, 33.01]]}
    rail = patrol("R", {"kind": "rail", "speed_kmh": 3.6, "every_min": 60}, line)
    half_ms = rail.round_ms // 2
    assert rail.round_ms == pytest.approx(2 * 0.01 * M_PER_DEG * 1000, rel=1e-3)
    _, lat = rail.place(np.array([0, half_ms // 2, half_ms, rail.round_ms + 1]))
    np.testing.assert_allclose(lat, [33.0, 33.005, 33.01, 33.0], atol=1e-5)


def test_a_vehicle_measures_the_air_of_the_place_where_it_is() -> None:
    staged = world()
    way, ix = staged.folder.patrols["GVEH1"], staged.points.ix_of["GVEH1-H2S"]
    begins = next(at_ms for at_ms in range(NOW, NOW + DAY_MS, MINUTE_MS) if way.under_way(at_ms))
    halfway = np.array([begins + way.round_ms // 2])
    lon, lat = (float(axis[0]) for axis in way.place(halfway))
    leak = Leak("L", "P", "硫化氢", lon, lat, begins - MINUTE_MS, 1_000, DAY_MS, 1_000, ppm=900.0)
    plume = Plume(leak, staged.points, staged.signals.weather)
    seen = np.zeros(2)
    plume.laid_over(seen, np.array([ix, ix]), np.array([begins, int(halfway[0])]))
    assert seen[1] > 100 > 1 > seen[0]


def test_a_sweeping_device_sees_what_leaks_within_its_reach_wherever_the_wind_blows() -> None:
    staged = world()
    ix, way = staged.points.ix_of["GSW1-PO"], staged.folder.patrols["GSW1"]
    lat = float(way.lat[0])
    for metres, seen in ((300.0, 45.0), (650.0, 0.0)):
        leak = _leak(float(way.lon[0]), lat + metres / M_PER_DEG, "环氧丙烷")
        values = np.zeros(1)
        Plume(leak, staged.points, staged.signals.weather).laid_over(
            values, np.array([ix]), np.array([NOW + 30 * MINUTE_MS])
        )
        assert values[0] == pytest.approx(seen, abs=0.5)
