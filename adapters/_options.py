"""Options of a source as ``park.toml`` gives them."""

from __future__ import annotations

from collections.abc import Sequence, Set

from twin.errors import ParkError
from twin.source import SourceSettings


def option_error(settings: SourceSettings, name: str, said: str) -> ParkError:
    """What is wrong with one option of a source."""
    return ParkError(f"park.toml: source '{settings.id}': {name}: {said}", f"sources.{name}")


def expect_known(settings: SourceSettings, known: Set[str]) -> None:
    """An option that nobody reads is a slip of the pen.

    Raises:
        ParkError: there is one.
    """
    unknown = next((each for each in settings.options if each not in known), None)
    if unknown is not None:
        raise option_error(
            settings, unknown, f"'{settings.protocol}' has no such option; it has {', '.join(sorted(known))}"
        )


def text(settings: SourceSettings, name: str, default: str | None = None) -> str:
    """A text among the options.

    Raises:
        ParkError: it is missing, or something else.
    """
    said = settings.options.get(name, default)
    if not isinstance(said, str) or not said:
        raise option_error(settings, name, "is missing" if said is None else f"{said!r} is not a text")
    return said


def one_of(settings: SourceSettings, name: str, choices: Sequence[str]) -> str:
    """One of a few words; the first when none is said.

    Raises:
        ParkError: it is something else.
    """
    said = settings.options.get(name, choices[0])
    if said not in choices:
        raise option_error(settings, name, f"{said!r} is not one of {', '.join(choices)}")
    return str(said)


def texts(settings: SourceSettings, name: str, default: Sequence[str]) -> tuple[str, ...]:
    """One text or a list of them.

    Raises:
        ParkError: it is something else.
    """
    said = settings.options.get(name, list(default))
    several = [said] if isinstance(said, str) else said
    if not isinstance(several, list) or not several or not all(isinstance(each, str) and each for each in several):
        raise option_error(settings, name, f"{said!r} is neither a text nor a list of texts")
    return tuple(several)


def number(settings: SourceSettings, name: str, default: float) -> float:
    """A positive number among the options.

    Raises:
        ParkError: it is something else.
    """
    said = settings.options.get(name, default)
    if isinstance(said, bool) or not isinstance(said, int | float) or not said > 0:
        raise option_error(settings, name, f"{said!r} is not a number above 0")
    return float(said)
