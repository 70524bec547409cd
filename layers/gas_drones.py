"""Drones that carry gas sensors, where they are."""

from __future__ import annotations

from layers._gas_device import device_layer

LAYER = device_layer("gas_drones", "drone", "03")
