"""The newest values of many points at a moment, as columns: those in a box, of an owner, of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from cache.store import Store
from models.point_state import NEVER, STATES
from services.builder import Builder
from services.eyes import ALL
from services.packed import Words, numbers, times
from services.places import Box, Spread
from twin.errors import BadInput
from twin.moment import KNOWN, Moment, iso
from twin.person import PARK
from twin.reading import QUALITY_NAMES, Quality

_UNHEARD = np.uint8(max(Quality) + 1)  # of a point that has not said anything, nothing is known
_QUALITY = Words([*(QUALITY_NAMES[each] for each in Quality), None])
_STATE = Words(STATES)


@dataclass(frozen=True)
class Wanted:
    """Which points: those to which all of it applies, ``most`` of them, in the park's order after the one of an id."""

    box: Box | None = None
    owner: str | None = None
    kind: str | None = None
    after: str | None = None
    most: int = 5000


class Newest:
    """Knows where the points of each scope are once it was asked for. Safe from any thread."""

    def __init__(self, store: Store, builder: Builder) -> None:
        self._store = store
        self._builder = builder
        self._seen = lru_cache(maxsize=64)(self._of)

    def columns(self, wanted: Wanted, at: Moment, knowledge: str = KNOWN, scope: str = PARK) -> bytes:
        """``{"at", "count", "id": [], "unit": [], "ts": [], "known": [], "value": [], "quality": [], "state": []}``;
        ``count`` is how many there are, listed or not. Times, values and qualities are null of points never heard of.

        Raises:
            BadInput: ``after`` is no point that the scope sees.
        """
        seen = self._seen(PARK if scope in ALL else scope)
        here = seen.within(wanted)
        places = here[here > seen.place(wanted.after)][: wanted.most]
        found = self._store.measured(at, seen.ix[places], knowledge)
        there = found.ts != NEVER
        said = {
            **seen.named(places),
            "ts": times(found.ts, there),
            "known": times(found.known, there),
            "value": numbers(found.value),
            "quality": _QUALITY.of(np.where(there, found.quality, _UNHEARD)),
            "state": _STATE.of(found.status),
        }
        packed = {name: orjson.Fragment(column) for name, column in said.items()}
        return orjson.dumps({"at": iso(at), "count": len(here), **packed})

    def prepare(self) -> None:
        """Look where the park's points are, so that whoever asks first does not wait for it."""
        self._seen(PARK)

    def _of(self, scope: str) -> _Seen:
        return _Seen(self._builder.eyes.of(scope).points, self._store)


class _Seen:
    """The points that a scope sees; each is called by its place among them."""

    def __init__(self, points: pl.DataFrame, store: Store) -> None:
        self._points = points
        self._places = {id: place for place, id in enumerate(points["id"])}
        self._spread = Spread(points["lon"].to_numpy(), points["lat"].to_numpy())
        self._named = {name: Words(points[name]) for name in ("id", "unit")}
        self.ix = np.array([store.index(id) for id in points["id"]], np.intp)

    def place(self, id: str | None) -> int:
        """Where a point stands; before all without one."""
        if id is None:
            return -1
        if id not in self._places:
            raise BadInput(f"after: there is no point '{id[:60]}'", "after", "unknown_point")
        return self._places[id]

    def named(self, places: NDArray[np.intp]) -> dict[str, bytes]:
        """Ids and units of points, packed."""
        return {name: words.of(places) for name, words in self._named.items()}

    def within(self, wanted: Wanted) -> NDArray[np.intp]:
        """The places of those that are wanted."""
        here = np.arange(len(self.ix)) if wanted.box is None else self._spread.within(wanted.box)
        for name in ("owner", "kind"):
            asked = getattr(wanted, name)
            if asked is not None:
                here = here[self._points[name].gather(here).eq(asked).fill_null(value=False).to_numpy()]
        return here
