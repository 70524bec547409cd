"""What gas devices that sweep, look or travel cover: circles and sectors from the records."""

from __future__ import annotations

from layers._gas_reach import reach_layer

LAYER = reach_layer("gas_reach", ("02", "03", "04", "05", "06", "99"), width_px=1.2)
