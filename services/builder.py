"""Builds what a screen shows at a moment: the same code for live, for the past and for every viewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from park.archive import Archive
from park.load import Park
from services.eyes import ALL, Eyes
from services.house import House
from services.told import NOTHING, LayerRows, Told, columns, telling
from twin.content import Content
from twin.errors import BadInput, NotAllowed
from twin.moment import Moment, iso
from twin.person import Person
from twin.screen import Layer, Look, Panel, Reader, Screen
from twin.traced import Settled, settled

PEACETIME = "peacetime"
ASKING = 3  # threads that ask; more would only wait for two cores


# what a query may name and a screen or its address may leave open
UNASKED: dict[str, Any] = dict.fromkeys(
    (
        *("enterprise", "only", "show", "levels", "group", "words", "year"),
        *("stream", "who", "action", "since", "until", "before", "after"),
        *("period", "starts", "ends", "earlier_starts", "earlier_ends"),
    )
)


class Key(NamedTuple):
    """What a frame is of: screen, its parameters, and whose eyes see it."""

    screen: str
    params: tuple[tuple[str, str], ...] = ()
    scope: str = "park"


@dataclass(frozen=True)
class Frame:
    """One screen at one moment: panels by key, and per layer the features that are not at rest."""

    at: Moment
    panels: dict[str, Content]
    layers: dict[str, LayerRows]


class Question(NamedTuple):
    """One query with its parameters."""

    query: str
    params: tuple[tuple[str, Any], ...]


class Asked:
    """A reader for one moment that asks each question once, whoever asks it; several at a time when told ahead."""

    def __init__(self, reader: Reader, at: Moment, pool: ThreadPoolExecutor | None = None) -> None:
        self._reader = reader
        self.at = at
        self._pool = pool
        self._answers: dict[Question, pl.DataFrame] = {}
        self._coming: dict[Question, Future[pl.DataFrame]] = {}
        self._made: set[str] = set()
        self.told: dict[str, Told] = {}  # by layer; who asks again and again keeps it

    @property
    def scope(self) -> str:
        """Whose eyes see it."""
        return self._reader.scope

    def read(self, query: str, /, *, at: Moment, **params: Any) -> pl.DataFrame:
        """As ``Reader.read``; the same question at the same moment is answered from memory."""
        asked = Question(query, tuple(sorted(params.items())))
        if at != self.at:
            return self._reader.read(query, at=at, **params)
        if asked not in self._answers:
            coming = self._coming.pop(asked, None)
            self._answers[asked] = coming.result() if coming else self._reader.read(query, at=at, **params)
        return self._answers[asked]

    @property
    def answers(self) -> Mapping[Question, pl.DataFrame]:
        """What has been asked so far."""
        return self._answers

    def known(self, answers: Mapping[Question, pl.DataFrame]) -> None:
        """Answers that need not be asked for."""
        self._answers.update(answers)

    def ahead(self, questions: Iterable[Question]) -> None:
        """Begin to ask what will be read soon: most of a small query is planning, which runs beside others."""
        for asked in questions:
            if self._pool is not None and asked not in self._answers and asked not in self._coming:
                ask = partial(self._reader.read, asked.query, at=self.at, **dict(asked.params))
                self._coming[asked] = self._pool.submit(ask)

    def made(self, layer: str, make: Callable[[Told], Told]) -> LayerRows:
        """A layer's features; screens that show the same layer share what was made of it."""
        if layer not in self._made:
            self.told[layer] = make(self.told.get(layer, NOTHING))
            self._made.add(layer)
        return self.told[layer].rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class Builder:
    """Knows the house and the park; holds no state between calls."""

    def __init__(self, house: House, park: Park, archive: Archive | None = None) -> None:
        self.house = house
        self.park = park
        self.eyes = Eyes(park)
        self.archive = archive or Archive.of(park.folder)
        self._pool = ThreadPoolExecutor(ASKING, "ask")

    def key(self, screen: str, params: Mapping[str, str], scope: str = "park") -> Key:
        """A frame's key from what a viewer asked.

        Raises:
            NotFound: unknown screen. BadInput: a parameter that the screen does not have.
        """
        declared = self.house.screen(screen).params
        for name in params:
            if name not in declared:
                raise BadInput(f"screen '{screen}' has no parameter '{name[:40]}'", name, "unknown_parameter")
        kept = {name: str(each)[:200] for name, each in params.items() if each not in (None, "")}
        return Key(screen, tuple(sorted(kept.items())), scope)

    def key_for(self, viewer: Person, screen: str, params: Mapping[str, str]) -> Key:
        """The same for somebody, with their eyes.

        Raises:
            NotFound, BadInput: as ``key``. NotAllowed: the screen is not theirs to see.
        """
        right = self.house.screen(screen).right
        if not viewer.may(right):
            raise NotAllowed(f"'{viewer.role}' has no right '{right}'", "screen", "no_right")
        return self.key(screen, params, viewer.scope)

    def look(self, key: Key, at: Moment) -> Look:
        """What a drawing function may know."""
        held = None if key.scope in ALL else key.scope
        return Look(at, dict(key.params), self.eyes.of(key.scope), self.park.zone, self.archive, held)

    def asking(self, reader: Reader, at: Moment) -> Asked:
        """A reader for one moment that asks several questions at a time."""
        return Asked(reader, at, self._pool)

    def questions(self, panels: Iterable[str], layers: Iterable[str], look: Look) -> list[Question]:
        """What these panels and layers are going to ask."""
        of_panels = [(query, _bound(look)) for each in panels for query in self.house.panels[each].queries.values()]
        of_layers = [
            (query, _bound(look, {}))
            for layer in (self.house.layers[each] for each in layers)
            if layer.query
            for query in (layer.query, *layer.also.values())
        ]
        asked = [Question(query, tuple(sorted(bound.items()))) for query, bound in of_panels + of_layers]
        return list(dict.fromkeys(asked))

    def panel(self, panel: Panel, reader: Reader, look: Look) -> Content:
        """One panel's content at ``look.at``."""
        bound = _bound(look)
        rows = {name: reader.read(query, at=look.at, **bound) for name, query in panel.queries.items()}
        return panel.draw(rows, look)

    def computed(self, screen: Screen, reader: Reader, look: Look) -> dict[str, Settled]:
        """The panels of a screen that makes them itself, and where their figures come from; none of any other."""
        made = screen.compute(reader, look) if screen.compute else {}
        return {name: settled(each) for name, each in made.items()}

    def layer(self, layer: Layer, reader: Reader, look: Look, only: pl.Series | None = None) -> LayerRows:
        """The features of a layer that are not at rest, by id; of some only where their ids are given."""
        return self._telling(layer, reader, look, NOTHING, only).rows

    def _telling(self, layer: Layer, reader: Reader, look: Look, before: Told, only: pl.Series | None = None) -> Told:
        if layer.query is None:
            return NOTHING
        bound = _bound(look, {})
        found = reader.read(layer.query, at=look.at, **bound)
        also = {name: reader.read(query, at=look.at, **bound) for name, query in layer.also.items()}
        told = layer.features(found, look, **also) if layer.features else found
        return telling(told, before, only)

    def frame(self, key: Key, reader: Reader, at: Moment) -> Frame:
        """The whole frame."""
        screen = self.house.screen(key.screen)
        asked, look = self.asking(reader, at), self.look(key, at)
        asked.ahead(self.questions(() if screen.compute else screen.panels, screen.layers, look))
        if screen.compute is not None:
            panels = {name: each.content for name, each in self.computed(screen, asked, look).items()}
        else:
            panels = {each: self.panel(self.house.panels[each], asked, look) for each in screen.panels}
        return Frame(at, panels, self.layers(self.moving(screen), asked, look))

    def moving(self, screen: Screen) -> list[str]:
        """The layers of a screen that ask anything."""
        return [each for each in screen.layers if self.house.layers[each].query]

    def layers(self, keys: Iterable[str], asked: Asked, look: Look) -> dict[str, LayerRows]:
        """The features of several layers."""
        tell = {each: partial(self._telling, self.house.layers[each], asked, look) for each in keys}
        return {each: asked.made(each, make) for each, make in tell.items()}


def _bound(look: Look, params: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The parameters that every query of a screen may name; layers follow no parameter of a screen."""
    return {**UNASKED, "zone": look.zone, **(look.params if params is None else params)}


def whole(frame: Frame, key: Key, house: House, seq: int, build: str) -> dict[str, Any]:
    """A frame as it is answered: by HTTP for any moment, and to a viewer who begins to watch."""
    return {
        "screen": key.screen,
        "params": dict(key.params),
        "at": iso(frame.at),
        "seq": seq,
        "build": build,
        "mode": PEACETIME,
        "panels": frame.panels,
        "layers": {
            each: {"base": house.layers[each].base, "columns": columns(rows)} for each, rows in frame.layers.items()
        },
    }
