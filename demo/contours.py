"""Makes the demo park's individual-risk contours: made up, from distances around its major hazards by level.

``python -m demo.contours demo/park`` writes ``geo/risk_contours.geojson``. No consequence was computed for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry import mapping, shape

from demo.folder import M_PER_DEG_LAT, Feature, Folder

FILE = "risk_contours.geojson"
JOIN_M = 60.0  # gaps narrower than twice this are closed
SIMPLE_M = 6.0


@dataclass(frozen=True)
class Contour:
    """One contour: risk of death a year, and how far it lies from a hazard of each level (metres)."""

    id: str
    written: str
    value_per_year: float
    reach_m: Mapping[int, float]


CONTOURS = (
    Contour("RC-3E-7", "3×10⁻⁷", 3e-7, {1: 420, 2: 300, 3: 190, 4: 110}),
    Contour("RC-3E-6", "3×10⁻⁶", 3e-6, {1: 230, 2: 150, 3: 90, 4: 45}),
    Contour("RC-1E-5", "1×10⁻⁵", 1e-5, {1: 110, 2: 70, 3: 35, 4: 15}),
)


def _area(hazards: Sequence[Feature], contour: Contour) -> dict[str, Any]:
    """The union of circles round the hazards, smoothed, worked out in metres."""
    lon_m = M_PER_DEG_LAT * 0.8389  # cos of the park's latitude
    west, south = hazards[0].lon, hazards[0].lat

    def metres(feature: Feature) -> shapely.Geometry:
        moved = affinity.translate(shape(feature.geometry), -west, -south)
        return affinity.scale(moved, lon_m, M_PER_DEG_LAT, origin=(0, 0))

    reached = [metres(each).buffer(contour.reach_m[int(each.props.get("level") or 4)]) for each in hazards]
    joined = shapely.union_all(reached).buffer(JOIN_M).buffer(-JOIN_M).simplify(SIMPLE_M)
    degrees = affinity.translate(affinity.scale(joined, 1 / lon_m, 1 / M_PER_DEG_LAT, origin=(0, 0)), west, south)
    return json.loads(json.dumps(mapping(shapely.set_precision(degrees, 1e-6))))


def contours(folder: Folder) -> dict[str, Any]:
    """The contours of a park as a GeoJSON FeatureCollection."""
    hazards = folder.features("hazards")
    features = [
        {
            "type": "Feature",
            "id": each.id,
            "geometry": _area(hazards, each),
            "properties": {
                "id": each.id,
                "name_zh": f"个人风险等值线 {each.written}/年",
                "name_en": f"Individual-risk contour {each.written} per year",
                "value_per_year": each.value_per_year,
                "kind": "individual_risk",
            },
        }
        for each in CONTOURS
    ]
    return {"type": "FeatureCollection", "features": features}


def main(park: Path) -> None:
    """Write the file into the park folder."""
    text = json.dumps(contours(Folder(park)), ensure_ascii=False, separators=(",", ":"))
    (park / "geo" / FILE).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
