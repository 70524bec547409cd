"""One golden frame a screen: the same story gives the same frame, to the letter.

``PARKTWIN_GOLDEN=write`` keeps today's frames as the golden ones; look at the difference before you commit it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from services.told import columns
from tests.dashboards.conftest import Scene

FOLDER = Path(__file__).parent / "golden"
SCREENS = {
    "overview": {},
    "overview-E04": {"enterprise": "E04"},
    "gas": {},
    "alarms": {},
    "alarms-gas": {"show": "all", "group": "gas"},
    "analysis": {},
    "analysis-level": {"by": "level", "period": "week", "rank": "handled"},
    "duty": {},
    "duty-E04": {"enterprise": "E04", "show": "month"},
    "expiry": {},
    "expiry-E04": {"enterprise": "E04", "show": "all"},
    "accounts": {},
    "audit": {},
    "audit-refused": {"action": "refused", "words": "root"},
    "strip": {},
    "messages": {},
    "since": {"since": "2026-11-21T11:00:00Z"},
    "detail-alarm": {"layer": "alarms", "id": "A1"},
    "detail-point": {"layer": "points", "id": "E04-U02-GT01"},
    "detail-enterprise": {"layer": "enterprises", "id": "E04"},
    "detail-drone": {"layer": "gas_drones", "id": "GUAV1"},
}


@pytest.mark.parametrize("name", SCREENS)
def test_the_frame_is_the_golden_one(scene: Scene, name: str) -> None:
    frame = scene.frame(name.split("-")[0], **SCREENS[name])
    layers = {key: columns(rows) for key, rows in frame.layers.items()}
    said = json.dumps({"panels": frame.panels, "layers": layers}, ensure_ascii=False, indent=1, sort_keys=True)
    path = FOLDER / f"{name}.json"
    if os.environ.get("PARKTWIN_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(said + "\n", "utf-8")
    assert json.loads(said) == json.loads(path.read_text("utf-8"))
