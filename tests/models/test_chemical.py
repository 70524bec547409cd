"""The chemical table: every medium that the park measures finds its substance, or none; what is not known is blank."""

from __future__ import annotations

import math

import polars as pl
import pytest

from models.chemical import BLANK, SINGLE, chemical_of, chemicals
from models.medium import medium

MISSING = {"三乙基铝", "过氧乙酸", "丙酮氰醇", "六氟化硫"}


def _entry(name):
    found = chemical_of(name)
    assert found, name
    return found


@pytest.mark.parametrize(
    ("said", "meant", "by"),
    [
        ("液氨", "氨", "same"),
        ("氨水", "氨", "vapour"),
        ("液氯", "氯", "same"),
        ("氢气", "氢", "same"),
        ("天然气", "甲烷", "main"),
        ("液化石油气", "丙烷", "main"),
        ("氟化氢/氢氟酸", "氟化氢", "same"),
        ("苯", "苯", "same"),
    ],
)
def test_a_medium_is_looked_up_by_what_it_is(said, meant, by):
    assert (_entry(said).chemical.name_zh, _entry(said).by) == (meant, by)


def test_every_gas_that_the_park_measures_has_an_entry_or_is_known_to_have_none(demo_park):
    gases = demo_park.points.filter(pl.col("kind").is_in(["toxic_gas", "combustible_gas"]))["medium"].unique()
    assert {each for each in gases if chemical_of(each) is None} == MISSING
    assert all(medium(each).en.isascii() for each in gases)


@pytest.mark.parametrize("said", [None, "", "没有的物质"])
def test_what_the_table_does_not_know_it_does_not_guess(said):
    assert chemical_of(said) is None


def test_numbers_are_numbers_and_blanks_are_blank():
    ammonia, chlorine = _entry("氨").chemical, _entry("液氯").chemical
    assert (ammonia.idlh_ppm, ammonia.lel_vol_pct, ammonia.erpg3_ppm) == (300, 15, None)
    assert (ammonia.idlh_status, ammonia.erpg_status, chlorine.erpg_status) == ("verified", SINGLE, BLANK)
    assert chlorine.lel_vol_pct is None
    for each in chemicals().values():
        assert (each.idlh_ppm is None) == (each.idlh_status == BLANK), each.name_zh
        assert (each.oel_mg_m3 is None) == (each.oel_status == BLANK), each.name_zh
        assert all(math.isfinite(value) for value in vars(each).values() if isinstance(value, float))


@pytest.mark.parametrize(
    ("name", "in_air", "creeps"),
    [("氨", "rises", True), ("氯", "sinks", False), ("一氧化碳", "spreads", False), ("苯", "sinks", False)],
)
def test_light_vapour_rises_heavy_vapour_sinks(name, in_air, creeps):
    assert (_entry(name).chemical.in_air, _entry(name).chemical.creeps) == (in_air, creeps)


@pytest.mark.parametrize(
    ("name", "danger"),
    [
        ("氯", "gas_toxic"),
        ("氨", "gas_toxic_flammable"),
        ("一氧化碳", "gas_toxic_flammable"),
        ("甲烷", "gas_flammable"),
        ("苯", "liquid_toxic_flammable"),
        ("乙酸乙酯", "liquid_flammable"),
        ("苯胺", "liquid_toxic"),
        ("三氯化磷", "liquid_toxic"),
    ],
)
def test_a_substance_is_treated_as_the_class_of_danger_that_its_numbers_make_it(name, danger):
    assert _entry(name).chemical.danger == danger
