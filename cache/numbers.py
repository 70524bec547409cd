"""Lasting numbers of points and sources: a file edited later never makes old readings another point's."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.database import Database
from park.finder import NOBODY, Finder


class PointNumbers:
    """``Park.points.ix`` of this run ↔ the number that the point keeps in the file."""

    def __init__(self, database: Database, ids: pl.Series) -> None:
        self.ids = ids
        self._number = _numbered(database, ids)
        size = int(self._number.max(initial=-1)) + 1
        self._ix = np.full(size, NOBODY, np.int32)
        self._ix[self._number] = np.arange(len(ids), dtype=np.int32)
        self._finder = Finder(ids)

    def of_ix(self, ix: NDArray[np.int32]) -> NDArray[np.int32]:
        """Numbers of points given by ix."""
        return self._number[ix]

    def to_ix(self, number: NDArray[np.int32]) -> NDArray[np.int32]:
        """Ix of points given by number; -1 where the park has the point no more."""
        inside = number < len(self._ix)
        return (
            np.where(inside, self._ix[np.where(inside, number, 0)], NOBODY)
            if len(self._ix)
            else np.full(len(number), NOBODY)
        )

    def find(self, ids: pl.Series) -> NDArray[np.int32]:
        """Ix of points given by id; -1 where the park has no such point."""
        return self._finder.find(ids)


def _numbered(database: Database, ids: pl.Series) -> NDArray[np.int32]:
    """Numbers in order of ``ids``; points never seen before get the next free ones."""
    wanted = pl.DataFrame({"id": ids.cast(pl.String), "ix": np.arange(len(ids), dtype=np.int32)})
    database.execute(
        "INSERT INTO point_number SELECT w.id, (SELECT coalesce(max(number) + 1, 0) FROM point_number) "
        "+ row_number() OVER (ORDER BY w.ix) - 1 FROM wanted AS w ANTI JOIN point_number AS n ON n.id = w.id",
        tables={"wanted": wanted},
    )
    found = database.query(
        "SELECT n.number FROM wanted AS w JOIN point_number AS n ON n.id = w.id ORDER BY w.ix",
        tables={"wanted": wanted},
    )
    return found["number"].to_numpy().astype(np.int32)


class SourceNumbers:
    """Names of sources ↔ small numbers. Used by the writer; reading names is safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        rows = database.execute("SELECT number, id FROM source_number ORDER BY number")
        self.names: tuple[str, ...] = tuple(name for _, name in rows)
        self._number = {name: number for number, name in rows}

    def of(self, source: str) -> int:
        """The source's number; a new source gets the next one, durable at once."""
        if source not in self._number:
            number = len(self.names)
            self._database.execute("INSERT INTO source_number VALUES ($id, $number)", {"id": source, "number": number})
            self.names = (*self.names, source)
            self._number[source] = number
        return self._number[source]
