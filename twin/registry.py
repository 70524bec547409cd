"""Finds what was declared: one constant a file, a clash of keys fails at start.

The package is handed in by ``app.py``, so this room imports nothing of ours.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

from twin.errors import TwinError


def modules(package: ModuleType) -> list[ModuleType]:
    """The modules of a package in order of file name; those whose name starts with ``_`` are helpers."""
    names = sorted(each.name for each in pkgutil.iter_modules(package.__path__) if not each.ispkg)
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names if not name.startswith("_")]


def later(module: str, name: str) -> Callable[..., Any]:
    """A function that is imported when it is first called: what stands on a library that few parks need, and that takes
    long to load, does so only there."""

    def call(*args: Any, **named: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*args, **named)

    return call


def discover(package: ModuleType, constant: str, optional: bool = False) -> dict[str, Any]:
    """All ``constant``s of a package's modules, by their ``key``, in order of file name.

    Raises:
        TwinError: two files declare the same key, or a file has no such constant (unless ``optional``).
    """
    found: dict[str, Any] = {}
    where: dict[str, str] = {}
    for module in modules(package):
        declared = getattr(module, constant, None)
        if declared is None and optional:
            continue
        if declared is None:
            raise TwinError(f"{module.__name__} declares no {constant}", code="registry")
        if declared.key in found:
            raise TwinError(
                f"{constant} '{declared.key}' is declared in {where[declared.key]} and {module.__name__}",
                code="registry",
            )
        found[declared.key], where[declared.key] = declared, module.__name__
    return found
