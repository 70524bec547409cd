"""Ids to positions, many at a time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
import polars as pl
from numpy.typing import NDArray

NOBODY = -1
_FEW = 2_000  # below this a plain dictionary is quicker
_RECENT = 64
_Key = tuple[int, str | None, str | None]  # how many ids, the first and the last


@dataclass(frozen=True)
class _Found:
    """Ids that are all in the list, and where."""

    ids: pl.Series
    at: NDArray[np.int32]


class Finder:
    """Finds ids in a list that does not change. Mostly outside of the interpreter's lock; safe from any thread.

    A source names its points in the same order again and again: long answers are kept for a while, and to see that
    ids are the same again takes a fiftieth of the time that it takes to find them."""

    def __init__(self, ids: pl.Series) -> None:
        self._ids = ids.cast(pl.String)
        self._at = {id: at for at, id in enumerate(self._ids)}
        digest = self._ids.hash().to_numpy()
        self._order = np.argsort(digest, kind="stable").astype(np.int32)
        self._digest = digest[self._order]
        self._plain = len(np.unique(digest)) < len(digest)  # two ids with one digest: never quick, always right
        self._recent: OrderedDict[_Key, _Found] = OrderedDict()
        self._lock = Lock()

    def find(self, ids: pl.Series) -> NDArray[np.int32]:
        """Position of each id; ``NOBODY`` where it is not in the list."""
        if self._plain or len(ids) < _FEW or not len(self._ids):
            return np.fromiter((self._at.get(id, NOBODY) for id in ids.to_list()), np.int32, len(ids))
        key = (len(ids), ids[0], ids[-1])
        found = self._recent.get(key)
        if found is not None and found.ids.equals(ids):
            return found.at
        return self._looked_up(ids, key)

    def _looked_up(self, ids: pl.Series, key: _Key) -> NDArray[np.int32]:
        near = np.minimum(np.searchsorted(self._digest, ids.hash().to_numpy()), len(self._digest) - 1)
        at = self._order[near]
        theirs = self._ids.gather(at)
        same = (theirs == ids).fill_null(False).to_numpy()
        if not same.all():
            return np.where(same, at, NOBODY).astype(np.int32)
        at.setflags(write=False)
        with self._lock:
            self._recent[key] = _Found(theirs, at)
            self._recent.move_to_end(key)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return at
