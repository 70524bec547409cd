"""Checking a park folder: every fault of it in one run, each with file, feature, field and value."""

from __future__ import annotations

from pathlib import Path

from park._entries import read_folder
from park._geometry import geometry_faults
from park._properties import property_faults
from park._settings import settings_faults
from park.fault import Fault, report
from park.load import load_park
from twin.errors import ParkError


def check_park(folder: Path) -> list[Fault]:
    """All faults, in order of file and feature; an empty list means that the folder opens. Never raises."""
    found = read_folder(folder)
    points = {entry.label for entry in found if entry.file == "sensors"}
    areas = {entry.label for entry in found if entry.is_area}
    faults = [*settings_faults(folder, points, areas), *found.faults, *geometry_faults(found), *property_faults(found)]
    place = {(f"{entry.file}.geojson", entry.label): entry.index for entry in found}
    faults.sort(key=lambda each: (each.file, place.get((each.file, each.feature or ""), -1)))
    return faults or _opens(folder)


def _opens(folder: Path) -> list[Fault]:
    try:
        load_park(folder)
    except ParkError as error:
        return [Fault(error.field or "geo", None, None, None, error.message)]
    return []


__all__ = ["Fault", "check_park", "report"]
