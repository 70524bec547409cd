"""The gas card (GS-10): what a gas does to people and in the air, how well that is known, and what to do first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

from layers._card import Row
from models.chemical import BLANK, SAME, SINGLE, Chemical, chemical_of, chemicals
from models.quantity import digits, plain
from models.wording import medium_name
from twin import formula
from twin.content import Content, Text, both, facts, sentence, stack, text, value
from twin.lineage import Figure, Inputs, path
from twin.screen import Look
from twin.traced import with_figures


class Limit(NamedTuple):
    """A line of the card: the numbers of the table that stand in it, their unit, and how well they are known."""

    key: str
    numbers: tuple[str, ...]
    unit: str | None = None
    status: str | None = None
    always: bool = True  # said to be missing where it is


LIMITS = (
    Limit("idlh", ("idlh_ppm",), "ppm", "idlh_status"),
    Limit("oel", ("oel_mg_m3",), "mg/m³", "oel_status"),
    Limit("aegl", ("aegl1_60min_ppm", "aegl2_60min_ppm", "aegl3_60min_ppm"), "ppm", "aegl_status"),
    Limit("erpg", ("erpg1_ppm", "erpg2_ppm", "erpg3_ppm"), "ppm", "erpg_status"),
    Limit("pac", ("pac1_ppm", "pac2_ppm", "pac3_ppm"), "ppm", "pac_status", always=False),
    Limit("explosive", ("lel_vol_pct", "uel_vol_pct"), "%"),
    Limit("density", ("vapour_rel_density",)),
)


def gas_card(medium: str | None, title: Text | None = None) -> Content:
    """The card of a medium; it says so where the chemical table has no entry for it."""
    entry = chemical_of(medium)
    if entry is None:
        return stack(sentence(text("gas_card.none", gas=medium_name(medium))), title=title)
    found = entry.chemical
    return stack(
        facts([_substance(medium, found, entry.by), *_limits(found)]),
        sentence(text(f"gas_card.aid.{found.danger}"), sub=text(f"gas_card.source.{found.danger}")),
        title=title,
    )


def _substance(medium: str | None, found: Chemical, by: str) -> Row:
    name = both(found.name_zh, found.name_en)
    said = name if by == SAME else text(f"gas_card.by.{by}", gas=medium_name(medium), name=name)
    return text("gas_card.substance"), said, text("gas_card.cas", cas=found.cas)


def traced_card(medium: str | None, title: Text | None = None) -> Content:
    """The card of a medium, its numbers with where they come from."""
    return with_figures(gas_card(medium, title), card_figures(medium, "parts/0"), {"chemicals": CHEMICALS})


def card_figures(medium: str | None, at: str) -> Iterator[Figure]:
    """Every number of a card whose facts stand at a path, as the chemical table has it."""
    entry = chemical_of(medium)
    for place, each in enumerate(_shown(entry.chemical) if entry else (), 1):
        yield from _numbers(f"{at}/{path('rows', place, 'value')}", each, entry.chemical if entry else None)


def _numbers(at: str, limit: Limit, found: Chemical | None) -> Iterator[Figure]:
    for name, letter in zip(limit.numbers, "abc", strict=False):
        if found and getattr(found, name) is not None:
            inner = "value" if len(limit.numbers) == 1 else f"args/{letter}"
            known = formula.one("chemicals", name, found.name_zh)
            yield Figure(f"{at}/{inner}", known, text("explain.gas.table"), limit.unit, rules="GS-10")


def _table(look: Look) -> list[dict[str, Any]]:
    """The whole chemical table; what a card takes of it is told."""
    ours = {"kind": "setting", "table": "chemicals.csv", "source": "parktwin"}
    return [{**asdict(each), "id": name, "after": each.source, **ours} for name, each in chemicals().items()]


CHEMICALS = Inputs(
    columns=(
        ("idlh_ppm", "number", "ppm"),
        ("oel_mg_m3", "number", "mg/m³"),
        ("lel_vol_pct", "number", "%"),
        ("vapour_rel_density", "number", None),
        ("after", "text", None),
    ),
    made=_table,
)


def _shown(found: Chemical) -> Iterator[Limit]:
    """The lines of a substance's card, in their order."""
    return (each for each in LIMITS if each.always or any(getattr(found, name) is not None for name in each.numbers))


def _limits(found: Chemical) -> list[Row]:
    return [(text(f"gas_card.{each.key}"), _said(found, each), _note(found, each)) for each in _shown(found)]


def _said(found: Chemical, limit: Limit) -> Any:
    numbers = [getattr(found, name) for name in limit.numbers]
    if all(each is None for each in numbers):
        return text("gas_card.missing")
    if len(numbers) == 1:
        return value(numbers[0], limit.unit, 0 if float(numbers[0]).is_integer() else digits(numbers[0]))
    return text(f"gas_card.of_{len(numbers)}", **dict(zip("abc", map(plain, numbers), strict=False)), unit=limit.unit)


def _note(found: Chemical, limit: Limit) -> Text | None:
    """How well a limit is known; of the density, what it means."""
    if limit.key == "density":
        return text("gas_card.creeps" if found.creeps else f"gas_card.{found.in_air}") if found.in_air else None
    status = getattr(found, limit.status) if limit.status else None
    return text("gas_card.single") if status == SINGLE else text("gas_card.blank") if status == BLANK else None
