"""Devices that travel along a rail."""

from __future__ import annotations

from layers._gas_device import device_layer

LAYER = device_layer("gas_rails", "rail", "06")
