"""The chemical table: what is known of a substance, and how well, for gas cards and consequences.

``chemicals.csv`` has a line a substance; a number that no source gives is blank. Limits come with a status:
``verified`` (two independent sources), ``single`` (one source) or ``blank``. ``chemical_media.csv`` says which
substance stands for a medium that the data call otherwise, and by what: it is the ``same`` one in another state, its
``main`` part, or the ``vapour`` that comes out of it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent
SINGLE, BLANK = "single", "blank"
SAME = "same"
_AS_AIR = (0.95, 1.05)  # a relative density between these: neither rises nor sinks
_GAS_BELOW_C = 20.0  # boils below it: a gas (the line that the transport of dangerous goods draws)
_CRYOGENIC_C = -20.0  # what comes out this cold creeps along the ground, however light it becomes
_TOXIC_PPM = 1_000.0  # harms within an hour at less than this
_FLASHES_BELOW_C = 60.0


@dataclass(frozen=True)
class Chemical:
    """One substance. Units are in the names; ``vapour_rel_density`` is against air, AEGL values are those of 60 min."""

    name_zh: str
    name_en: str
    cas: str
    formula: str
    molar_mass: float | None
    boiling_point_c: float | None
    density_liquid: float | None
    vapour_rel_density: float | None
    lel_vol_pct: float | None
    uel_vol_pct: float | None
    flash_point_c: float | None
    idlh_ppm: float | None
    erpg1_ppm: float | None
    erpg2_ppm: float | None
    erpg3_ppm: float | None
    oel_mg_m3: float | None
    heat_of_combustion_kj_kg: float | None
    source: str
    aegl1_60min_ppm: float | None
    aegl2_60min_ppm: float | None
    aegl3_60min_ppm: float | None
    idlh_status: str
    erpg_status: str
    aegl_status: str
    oel_status: str
    pac1_ppm: float | None
    pac2_ppm: float | None
    pac3_ppm: float | None
    pac_status: str

    @property
    def in_air(self) -> str | None:
        """What its vapour does in air: ``rises``, ``spreads`` or ``sinks``; None where its density is not known."""
        if self.vapour_rel_density is None:
            return None
        low, high = _AS_AIR
        return "rises" if self.vapour_rel_density < low else "sinks" if self.vapour_rel_density > high else "spreads"

    @property
    def creeps(self) -> bool:
        """Whether it comes out so cold that it stays on the ground at first, although its vapour is light."""
        cold = self.boiling_point_c is not None and self.boiling_point_c < _CRYOGENIC_C
        return cold and self.in_air == "rises" and self.density_liquid is not None

    @property
    def danger(self) -> str:
        """Its class of danger for first aid: gas or liquid, toxic, flammable or both; toxic where nothing is known."""
        gas = self.boiling_point_c is not None and self.boiling_point_c <= _GAS_BELOW_C
        flash = self.flash_point_c
        flammable = self.lel_vol_pct is not None if gas else flash is not None and flash <= _FLASHES_BELOW_C
        deadly = [each for each in (self.idlh_ppm, self.aegl3_60min_ppm) if each is not None]
        kinds = ["toxic"] if min(deadly, default=0.0 if not flammable else _TOXIC_PPM) < _TOXIC_PPM else []
        kinds += ["flammable"] if flammable else []
        return "_".join(["gas" if gas else "liquid", *(kinds or ["toxic"])])


class Entry(NamedTuple):
    """The substance that stands for a medium, and by what it does (``same``, ``main``, ``vapour``)."""

    chemical: Chemical
    by: str


_WORDS = frozenset({"name_zh", "name_en", "cas", "formula", "source"})


def _chemical(line: Mapping[str, str]) -> Chemical:
    words = {each.name for each in fields(Chemical) if each.name in _WORDS or each.name.endswith("_status")}
    said: dict[str, Any] = {
        name: text if name in words else float(text) if text else None for name, text in line.items()
    }
    return Chemical(**said)


def _lines(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def chemicals() -> Mapping[str, Chemical]:
    """All substances by their Chinese name."""
    return {each["name_zh"]: _chemical(each) for each in _lines("chemicals.csv")}


@cache
def _media() -> Mapping[str, tuple[str, str]]:
    return {each["medium"]: (each["chemical"], each["by"]) for each in _lines("chemical_media.csv")}


def chemical_of(medium: str | None) -> Entry | None:
    """What the table says of a medium, None where it has no entry for it."""
    name, by = _media().get(medium or "", (medium or "", SAME))
    found = chemicals().get(name)
    return None if found is None else Entry(found, by)
