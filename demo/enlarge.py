"""Writes a copy of a park folder with as many measuring points as wanted, for runs at 100,000 points."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from demo.chance import draws, word
from twin.errors import ParkError

APART_DEG = 0.0006  # copies stand within some fifty metres of the point they are made from


def _copy(raw: dict[str, Any], turn: int, east: float, north: float) -> dict[str, Any]:
    """The ``turn``-th copy of a point: its own id and place, everything else the same."""
    id = f"{raw['id']}-X{turn:02d}"
    lon, lat = raw["geometry"]["coordinates"][:2]
    props = {**raw["properties"], "id": id}
    for name in ("name_zh", "name_en"):
        if props.get(name):
            props[name] = f"{props[name]} #{turn}"
    place = [round(lon + (east - 0.5) * APART_DEG, 6), round(lat + (north - 0.5) * APART_DEG, 6)]
    return {**raw, "id": id, "geometry": {**raw["geometry"], "coordinates": place}, "properties": props}


def _enlarged(sensors: list[dict[str, Any]], points: int) -> list[dict[str, Any]]:
    which = np.array([word(str(each["id"])) for each in sensors], dtype=np.int64)
    enlarged, turn = sensors[:points], 1
    while len(enlarged) < points:
        turn += 1
        east, north, _ = draws(0, turn, which, np.zeros_like(which))
        room = points - len(enlarged)
        enlarged += [_copy(raw, turn, float(east[i]), float(north[i])) for i, raw in enumerate(sensors[:room])]
    return enlarged


def enlarge(source: Path, target: Path, points: int) -> Path:
    """Copy the park at ``source`` to ``target`` with exactly ``points`` measuring points, and return ``target``.

    Points are left out when there are too many and copied when there are too few.

    Raises:
        ParkError: the park has no measuring points to copy.
    """
    sensors = Path("geo") / "sensors.geojson"
    collection = json.loads((source / sensors).read_text("utf-8"))
    if not collection["features"]:
        raise ParkError(f"{source.name}: no measuring points to copy", "sensors")
    shutil.copytree(source, target, dirs_exist_ok=True)
    collection["features"] = _enlarged(collection["features"], points)
    (target / sensors).write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), "utf-8")
    return target
