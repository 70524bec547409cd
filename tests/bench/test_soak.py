"""Hours under load: the demo park live with viewers; memory stays within its promise and does not creep.

``PARKTWIN_SOAK_S`` sets the seconds (3,600).
"""

from __future__ import annotations

import os
import threading

import pytest

from tests.bench.measure import memory_mb
from tests.bench.test_figures import watching
from tests.serving import running

pytestmark = pytest.mark.soak
SECONDS = float(os.environ.get("PARKTWIN_SOAK_S", "3600"))
LOOKS = 12


def test_memory_after_an_hour(tmp_path, figure):
    used = []
    with running(["demo"], tmp_path, fresh=True) as server, watching(server, SECONDS + 60):
        for _ in range(LOOKS):
            threading.Event().wait(SECONDS / LOOKS)
            used.append(memory_mb(server.process.pid))
            assert server.get("/healthz").status_code == 200
    figure(f"memory at 4,000 points after {SECONDS / 60:.0f} min", "≤ 1.5 GB", f"{used[-1] / 1000:.2f} GB")
    assert used[-1] <= 1500
    assert used[-1] <= used[LOOKS // 2] * 1.25, f"it creeps: {used}"
