"""Areas of risk sources that no gas device covers (GS-11)."""

from __future__ import annotations

from layers._gas_reach import gap_layer

LAYER = gap_layer("gas_blind", "blind", "3 3")
