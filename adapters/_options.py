"""Options of a source as ``park.toml`` gives them."""

from __future__ import annotations

from twin.errors import ParkError
from twin.source import SourceSettings


def number(settings: SourceSettings, name: str, default: float) -> float:
    """A positive number among the options.

    Raises:
        ParkError: it is something else.
    """
    said = settings.options.get(name, default)
    if isinstance(said, bool) or not isinstance(said, int | float) or not said > 0:
        raise ParkError(
            f"park.toml: source '{settings.id}': {name} = {said!r} is not a number above 0", f"sources.{name}"
        )
    return float(said)
