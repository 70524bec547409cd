"""Cameras that make a gas cloud seen."""

from __future__ import annotations

from layers._gas_device import device_layer

LAYER = device_layer("gas_imaging", "cloud", "04")
