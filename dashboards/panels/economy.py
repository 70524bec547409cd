"""Output and tax per mu, as the park's folder has them: no exchange table carries them (OV-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.quantity import plain
from twin import formula
from twin.content import Content, Text, both, facts, text
from twin.lineage import Figure, Inputs, Origin, path, setting
from twin.screen import Look, Panel, Rows

_YUAN_PER_THOUSAND, _YUAN_PER_WAN, _YUAN_PER_YI, _YUAN_PER_BILLION = 1e3, 1e4, 1e8, 1e9
# name, field of the settings, what the amount is counted in: Chinese first, English second
AMOUNTS = (
    ("output", "output_yuan", (_YUAN_PER_YI, _YUAN_PER_BILLION)),
    ("tax", "tax_yuan_per_mu", (_YUAN_PER_WAN, _YUAN_PER_THOUSAND)),
)


def draw(rows: Rows, look: Look) -> Content:
    """Output of the year and tax per mu with their year and source."""
    told = look.park.settings.economy
    year = text("economy.year", year=str(told.year)) if told.year else None
    source = (text("economy.source"), both(told.source_zh, told.source_en), None)
    amounts = [(name, getattr(told, field), steps) for name, field, steps in AMOUNTS]
    said: list[tuple[Text, Any, Text | None]] = [
        (text(f"economy.{name}"), _amount(name, yuan, steps), year if yuan is not None else None)
        for name, yuan, steps in amounts
    ]
    return facts([*said, source] if any(yuan is not None for _, yuan, _ in amounts) else said)


def _amount(name: str, yuan: float | None, steps: tuple[float, float]) -> Text:
    """An amount in the steps that each language counts money in: Chinese first, English second."""
    if yuan is None:
        return text("value.not_reported")
    return text(f"economy.{name}.value", n=both(*(plain(yuan / step) for step in steps)))


def _settings(look: Look) -> Sequence[dict[str, Any]]:
    """The settings of the economy that are given, each with who says so."""
    told = look.park.settings.economy
    names = {"name_zh": told.source_zh or None, "name_en": told.source_en or None}
    given = ((field, getattr(told, field)) for field in ("year", *(field for _, field, _ in AMOUNTS)))
    return [setting(f"economy.{field}", said) | names for field, said in given if said is not None]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Amounts as the park's folder has them, in the steps that each language counts in, and their year."""
    year = formula.one("settings", "value", "economy.year")
    for place, (_, field, steps) in enumerate(AMOUNTS):
        yuan = formula.one("settings", "value", f"economy.{field}")
        for lang, step in zip(("zh", "en"), steps, strict=True):
            amount = formula.divide(yuan, formula.const(step))
            yield Figure(path("rows", place, "value", "args", "n", lang), amount, text("explain.economy.amount"))
        yield Figure(path("rows", place, "note", "args", "year"), year, text("explain.setting"))


PANEL = Panel(
    key="economy",
    reads=frozenset(),
    queries={},
    draw=draw,
    origin=Origin({"settings": Inputs(columns=(("value", "number", None),), made=_settings)}, figures),
)
