"""Devices that sweep a wide area."""

from __future__ import annotations

from layers._gas_device import device_layer

LAYER = device_layer("gas_sweeps", "sweep", "02")
