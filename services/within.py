"""What lies within a drawn shape at a moment: of every layer how many in which state and which, and who is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.inside import Drawn
from park.load import Park
from services.builder import Asked, Builder, Question
from services.eyes import ALL
from services.ground import Grounds, Laid, Things
from services.house import House
from services.told import LayerRows
from twin.level import RANK
from twin.moment import Moment
from twin.person import PARK
from twin.screen import Layer, Look, Reader

_PEOPLE = ("overview/persons", "overview/works", "overview/heard")


@dataclass(frozen=True)
class Part:
    """What of one layer lies inside. ``state`` goes with ``laid.ix`` and holds places in ``states``, the first of which
    is the layer's base."""

    layer: Layer
    laid: Laid
    states: Sequence[str]
    state: NDArray[np.int64]

    @property
    def ranks(self) -> NDArray[np.float64]:
        """How grave each state is: an alarm's colours above all else that is not the base."""
        return np.array([0.0, *(RANK.get(each, 0.5) for each in self.states[1:])])

    def counts(self) -> dict[str, int]:
        """How many are in each state, the gravest first."""
        found = np.bincount(self.state, minlength=len(self.states))
        order = np.argsort(-self.ranks, kind="stable")
        return {self.states[each]: int(found[each]) for each in order if found[each]}

    def worst(self, most: int | None = None) -> NDArray[np.int64]:
        """Places in ``laid.ix``: the gravest first, then the nearest to the middle; at most so many."""
        weight = self.laid.distance_m - self.ranks[self.state] * 1e9
        if most is None or most >= len(weight):
            return np.argsort(weight, kind="stable")
        first = np.argpartition(weight, most)[:most]
        return first[np.argsort(weight[first], kind="stable")]


@dataclass(frozen=True)
class Premises:
    """An enterprise that the shape touches, and how many were counted on its ground, None where nobody counts."""

    id: str
    name_zh: str
    name_en: str
    share: float
    persons: int | None
    collected_at: Moment | None


@dataclass(frozen=True)
class Works:
    """Special works that go on inside, and who is at work there."""

    count: int
    workers: int


@dataclass(frozen=True)
class Targets:
    """Sensitive targets inside: how many, and their people and beds as the park's map has them."""

    count: int
    persons: int
    beds: int


@dataclass(frozen=True)
class Within:
    """The whole answer."""

    drawn: Drawn
    at: Moment
    parts: Sequence[Part]
    premises: Sequence[Premises]
    works: Works | None  # None where no source of works has ever spoken
    targets: Targets


class Finder:
    """Finds what lies within; keeps nothing but where the unmoving things are."""

    def __init__(self, house: House, park: Park, builder: Builder) -> None:
        # each scope has its own: what it does not see lies nowhere
        self._grounds = lru_cache(maxsize=64)(lambda scope: Grounds(house, builder.eyes.of(scope)))
        self._builder = builder
        self._park = park

    def find(self, drawn: Drawn, layers: Sequence[Layer], reader: Reader, at: Moment) -> Within:
        """Everything of these layers inside the shape, as known at a moment."""
        scope = PARK if reader.scope in ALL else reader.scope
        look, grounds = self._builder.look(self._builder.key("strip", {}, scope), at), self._grounds(scope)
        asked = self._builder.asking(reader, at)
        bound = {"enterprise": None, "only": None, "zone": look.zone}
        of_people = [Question(each, tuple(sorted(bound.items()))) for each in _PEOPLE]
        asked.ahead([*of_people, *self._builder.questions((), (each.key for each in layers), look)])
        # what does not move is found while the answers are on their way
        laid = {each.key: Laid.over(drawn, grounds.of(each.key)) for each in layers if each.geo}
        premises, targets = Laid.over(drawn, grounds.enterprises()), self._targets(drawn, grounds.targets())
        parts = [self._part(drawn, each, grounds, laid.get(each.key), asked, look) for each in layers]
        persons, works, heard = (asked.read(each, at=at, **bound) for each in _PEOPLE)
        told = _works(drawn, works) if heard["works"][0] else None
        return Within(drawn, at, parts, _premises(premises, persons), told, targets)

    def _part(self, drawn: Drawn, layer: Layer, grounds: Grounds, laid: Laid | None, asked: Asked, look: Look) -> Part:
        rows = self._builder.layer(layer, asked, look)
        if laid is None:
            laid = Laid.over(drawn, Things.of_rows(rows))
        index = grounds.indexed(layer.key) if layer.geo else {id: ix for ix, id in enumerate(laid.things.ids)}
        states, state = _states(layer, rows, index)
        return Part(layer, laid, states, state[laid.ix])

    def _targets(self, drawn: Drawn, things: Things) -> Targets:
        inside = [self._park.feature(things.ids[each]) for each in Laid.over(drawn, things).ix]
        people = {"persons": 0, "beds": 0}
        for each in inside:
            counted = each.props.get("population") if each else None
            if each and isinstance(counted, int):
                people["beds" if each.props.get("population_unit") == "beds" else "persons"] += counted
        return Targets(len(inside), **people)


def _states(layer: Layer, rows: LayerRows, index: Mapping[str, int]) -> tuple[Sequence[str], NDArray[np.int64]]:
    """The states that there are, the base first, and which of them each thing is in."""
    codes = {layer.base: 0}
    state = np.zeros(len(index), np.int64)
    for id, row in rows.items():
        ix = index.get(id)
        if ix is not None:
            state[ix] = codes.setdefault(row.get("state", layer.base), len(codes))
    return list(codes), state


def _premises(laid: Laid, persons: pl.DataFrame) -> list[Premises]:
    """Enterprises that the shape touches, most people first."""
    counted = {row["owner"]: row for row in persons.iter_rows(named=True)}
    things, shares = laid.things, np.ones(len(laid.ix)) if laid.share is None else laid.share
    found = []
    for ix, share in zip(laid.ix, shares, strict=True):
        told = counted.get(things.ids[ix], {})
        named = things.ids[ix], things.names_zh[ix], things.names_en[ix]
        found.append(Premises(*named, float(share), told.get("count"), told.get("collected_at")))
    return sorted(found, key=lambda each: (-(each.persons or 0) * each.share, -each.share, each.id))


def _works(drawn: Drawn, works: pl.DataFrame) -> Works:
    placed = works.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    inside = placed.filter(
        pl.Series(drawn.holds(*(placed[each].to_numpy() for each in ("lon", "lat"))), dtype=pl.Boolean)
    )
    return Works(inside.height, int(inside["worker_count"].sum() or 0))
