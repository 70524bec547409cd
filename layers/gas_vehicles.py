"""Vehicles that measure gas as they go."""

from __future__ import annotations

from layers._gas_device import device_layer

LAYER = device_layer("gas_vehicles", "car", "05")
