"""Single detectors of toxic gases."""

from __future__ import annotations

from layers._gas_device import detector_layer

LAYER = detector_layer("gas_toxic", "hexagon", "toxic_gas")
