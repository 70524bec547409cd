"""Output and tax per mu, as the park's folder has them: no exchange table carries them (OV-7)."""

from __future__ import annotations

from typing import Any

from models.quantity import plain
from twin.content import Content, Text, both, facts, text
from twin.screen import Look, Panel, Rows

_YUAN_PER_THOUSAND, _YUAN_PER_WAN, _YUAN_PER_YI, _YUAN_PER_BILLION = 1e3, 1e4, 1e8, 1e9


def draw(rows: Rows, look: Look) -> Content:
    """Output of the year and tax per mu with their year and source."""
    told = look.park.settings.economy
    year = text("economy.year", year=str(told.year)) if told.year else None
    source = (text("economy.source"), both(told.source_zh, told.source_en), None)
    amounts = (
        ("output", told.output_yuan, (_YUAN_PER_YI, _YUAN_PER_BILLION)),
        ("tax", told.tax_yuan_per_mu, (_YUAN_PER_WAN, _YUAN_PER_THOUSAND)),
    )
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


PANEL = Panel(key="economy", reads=frozenset(), queries={}, draw=draw)
