"""Areas of risk sources that only gas devices cover of which nothing is heard now (GS-11)."""

from __future__ import annotations

from layers._gas_reach import gap_layer

LAYER = gap_layer("gas_unheard", "silent", "1 3")
