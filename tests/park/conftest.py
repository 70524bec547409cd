"""Fixtures of the park tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.park.folder import ParkCopy


@pytest.fixture
def park_copy(tmp_path: Path) -> ParkCopy:
    return ParkCopy(tmp_path)
