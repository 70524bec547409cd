"""An enlarged park is a sound park with the wanted number of points."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.enlarge import enlarge
from demo.folder import Folder, Points
from demo.signals import Signals
from demo.world import build
from park.check import check_park
from tests.demo.worlds import AFTERNOON, ms
from tests.serving import DEMO_PARK


@pytest.mark.parametrize("points", [500, 9_000])
def test_the_copy_has_as_many_points_as_wanted_and_no_faults(tmp_path: Path, points: int) -> None:
    copy = enlarge(DEMO_PARK, tmp_path / "park", points)
    sensors = Points(Folder(copy))
    assert len(sensors) == len(set(sensors.ids)) == points
    assert [each for each in check_park(copy) if each.file == "sensors.geojson"] == []
    assert isinstance(build(Folder(copy), 7, "quiet_day", ms(AFTERNOON)).signals, Signals)


def test_a_park_of_other_hands_can_be_fed() -> None:
    other = build(Folder(DEMO_PARK.parent.parent / "tests" / "parks" / "small"), 7, "ammonia_leak", ms(AFTERNOON))
    assert len(other.points) == 12
