"""What single gas detectors cover: circles from the records, seen from near."""

from __future__ import annotations

from layers._gas_reach import reach_layer

LAYER = reach_layer("gas_coverage", ("01",), width_px=0.8, min_zoom=15.0)
