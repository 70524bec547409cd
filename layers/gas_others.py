"""Gas devices of another kind."""

from __future__ import annotations

from layers._gas_device import device_layer

LAYER = device_layer("gas_others", "square", "99")
