"""What enterprises say of themselves in the words of Chinese standards, and the English for it: lines of business
(GB/T 4754), sizes (the statistical classes of industrial enterprises), kinds, grades of standardisation."""

from __future__ import annotations

from twin.content import Text, both

_WORDS = """
精炼石油产品制造|Refined petroleum products
煤炭加工|Coal processing
化学原料和化学制品制造业|Chemicals and chemical products
基础化学原料制造|Basic chemicals
肥料制造|Fertilisers
农药制造|Pesticides
涂料、油墨、颜料及类似产品制造|Paints and inks
合成材料制造|Synthetic materials
专用化学产品制造|Special chemicals
炸药、火工及焰火产品制造|Explosives and fireworks
日用化学产品制造|Household chemicals
医药制造业|Pharmaceuticals
化学药品原料药制造|Bulk drugs
化学纤维制造业|Chemical fibres
橡胶和塑料制品业|Rubber and plastic products
电子元件及电子专用材料制造|Electronic materials and parts
电力、热力生产和供应业|Power and heat supply
仓储业|Storage
环境治理业|Environmental services
大型|Large
中型|Medium
小型|Small
微型|Micro
生产企业|Producer
经营企业|Trader
使用企业|User
一级|First grade
二级|Second grade
三级|Third grade
"""
_ENGLISH = dict(line.split("|") for line in _WORDS.strip().splitlines())


def in_words(said: str | None) -> Text | None:
    """Such a word in both languages; one that is not known keeps its own form in both, None stays None."""
    return None if said is None else both(said, _ENGLISH.get(said))
