"""Names of the media that are measured: the Chinese word of the data, its English name, and the short
sign that a control room uses (formula or usual abbreviation)."""

from __future__ import annotations

from typing import NamedTuple


class Medium(NamedTuple):
    """One medium. ``sign`` is what stands in narrow places of the English screens."""

    zh: str
    en: str
    sign: str


_NAMES = """
氨|Ammonia|NH₃
液氨|Liquid ammonia|NH₃
氨水|Ammonia solution|NH₃·H₂O
液氯|Liquid chlorine|Cl₂
氯|Chlorine|Cl₂
氯气|Chlorine|Cl₂
环氧乙烷|Ethylene oxide|EO
环氧丙烷|Propylene oxide|PO
环氧氯丙烷|Epichlorohydrin|ECH
硫化氢|Hydrogen sulfide|H₂S
一氧化碳|Carbon monoxide|CO
光气|Phosgene|COCl₂
氢气|Hydrogen|H₂
甲烷|Methane|CH₄
天然气|Natural gas|NG
液化石油气|LPG|LPG
乙烯|Ethylene|C₂H₄
丙烯|Propylene|C₃H₆
乙炔|Acetylene|C₂H₂
1,3-丁二烯|1,3-Butadiene|BD
苯|Benzene|Benzene
粗苯|Crude benzene|Benzene
甲苯|Toluene|Toluene
二甲苯|Xylene|Xylene
苯乙烯|Styrene|Styrene
氯苯|Chlorobenzene|Cl-benzene
苯酚|Phenol|Phenol
苯胺|Aniline|Aniline
甲醇|Methanol|MeOH
乙醛|Acetaldehyde|Acetaldehyde
乙酸乙酯|Ethyl acetate|EtOAc
乙酸乙烯酯|Vinyl acetate|VAc
丙烯酸|Acrylic acid|AA
丙烯腈|Acrylonitrile|AN
丙酮氰醇|Acetone cyanohydrin|ACH
甲苯二异氰酸酯|Toluene diisocyanate|TDI
三氯化磷|Phosphorus trichloride|PCl₃
三氧化硫|Sulfur trioxide|SO₃
三乙基铝|Triethylaluminium|TEAL
甲基叔丁基醚|Methyl tert-butyl ether|MTBE
氯甲烷|Chloromethane|CH₃Cl
二甲胺|Dimethylamine|DMA
过氧乙酸|Peracetic acid|PAA
氟化氢/氢氟酸|Hydrogen fluoride|HF
氟化氢|Hydrogen fluoride|HF
六氟化硫|Sulfur hexafluoride|SF₆
二氧化硫|Sulfur dioxide|SO₂
氮气|Nitrogen|N₂
硫酸|Sulfuric acid|H₂SO₄
液碱|Caustic soda|NaOH
卤水|Brine|Brine
蒸汽|Steam|Steam
水|Water|Water
污水|Sewage|Sewage
事故废水|Accident wastewater|Wastewater
烟气|Flue gas|Flue gas
空气|Air|Air
电|Electricity|Power
变压器油|Transformer oil|Oil
废有机溶剂|Waste organic solvent|Waste
精（蒸）馏残渣|Distillation residue|Waste
废活性炭|Spent activated carbon|Waste
"""
_MEDIA = {each.split("|")[0]: Medium(*each.split("|")) for each in _NAMES.strip().splitlines()}


def medium(name: str | None) -> Medium | None:
    """The medium of that Chinese name; one that is not known keeps its own name in both languages."""
    if not name:
        return None
    return _MEDIA.get(name) or Medium(name, name, name)
