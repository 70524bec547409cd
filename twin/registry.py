"""Finds what was declared: one constant a file, a clash of keys fails at start.

The package is handed in by ``app.py``, so this room imports nothing of ours.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from twin.errors import TwinError


def discover(package: ModuleType, constant: str) -> dict[str, Any]:
    """All ``constant``s of a package's modules, by their ``key``, in order of file name.

    Modules whose name starts with ``_`` are helpers and are passed over.

    Raises:
        TwinError: two files declare the same key, or a file has no such constant.
    """
    found: dict[str, Any] = {}
    where: dict[str, str] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        if info.ispkg or info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        declared = getattr(module, constant, None)
        if declared is None:
            raise TwinError(f"{module.__name__} declares no {constant}", code="registry")
        if declared.key in found:
            raise TwinError(f"{constant} '{declared.key}' is declared in {where[declared.key]} and {info.name}", code="registry")
        found[declared.key], where[declared.key] = declared, info.name
    return found
