"""Closing minutes: their readings leave ``reading_raw`` and the ring for blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cache.database import Database
from cache.history.blocks import Blocks, encode
from cache.history.deviations import Deviations
from cache.history.edges import Edges
from cache.history.knowns import Numbered
from cache.history.ring import Kept, Ring
from twin.moment import from_us

_SLICE_ROWS = 1_000_000
_FORGET = "DELETE FROM reading_raw WHERE ts < $edge AND known <= $known"
_COUNT = (
    "INSERT INTO history_mark VALUES ('readings', $rows) "
    "ON CONFLICT (name) DO UPDATE SET value = history_mark.value + excluded.value"
)


@dataclass(frozen=True)
class Closed:
    """Closed minutes ready to be written: everything before ``edge`` that was known by ``known`` (microseconds)."""

    edge: int
    known: int
    parts: list[Blocks]
    committed: pl.DataFrame
    rows: int


class Closer:
    """Prepares in the background, writes in the writer's thread."""

    def __init__(
        self,
        database: Database,
        ring: Ring,
        edges: Edges,
        deviations: Deviations,
        tell: Sequence[Callable[[Closed], None]],
    ) -> None:
        self._database = database
        self._edges = edges
        self._ring = ring
        self._deviations = deviations
        self._tell = tell

    def prepare(self, edge: int) -> Closed | None:
        """The readings before ``edge`` as blocks; None where there are none."""
        rows, knowns = self._ring.closing(edge)
        if not len(rows):
            return None
        numbered, fresh = Numbered.with_new(self._database, knowns)
        parts, next_list = [], self._next_list()
        for part in _slices(rows):
            blocks = encode(part, numbered, next_list)
            next_list += len(blocks.lists)
            parts.append(Blocks(self._deviations.apply(blocks.rows), blocks.lists))
        return Closed(edge, int(knowns[-1]), parts, fresh, len(rows))

    def _next_list(self) -> int:
        return int(self._database.query("SELECT coalesce(max(id) + 1, 0) AS id FROM known_list")["id"][0])

    def write(self, closed: Closed) -> None:
        """Put the blocks in their table and take the readings out of theirs (inside the caller's transaction)."""
        self._edges.closed = max(closed.edge, self._edges.closed)
        self._edges.known = max(closed.known, self._edges.known)
        for part in closed.parts:
            self._database.execute("INSERT INTO block_new BY NAME FROM rows", tables={"rows": part.rows})
            self._database.execute("INSERT INTO known_list FROM lists", tables={"lists": part.lists})
        self._database.execute("INSERT INTO committed FROM fresh", tables={"fresh": closed.committed})
        self._database.execute(_FORGET, {"edge": from_us(closed.edge), "known": from_us(closed.known)})
        self._edges.keep(self._database, "closed")
        self._database.execute(_COUNT, {"rows": closed.rows})

    def done(self, closed: Closed) -> None:
        """The blocks are durable: tell so, then let the ring go of what they hold."""
        for tell in self._tell:
            tell(closed)
        self._ring.drop(closed.edge, closed.known)


def _slices(rows: Kept) -> Iterator[Kept]:
    """Parts of a bounded size that end where a point ends."""
    begin = 0
    while begin < len(rows):
        end = min(begin + _SLICE_ROWS, len(rows))
        if end < len(rows):
            end = int(np.searchsorted(rows.ix, rows.ix[end - 1], "right"))
        yield rows.take(np.arange(begin, end))
        begin = end
