"""Rows of a query that people have to be told of: each is posted once, however often it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from cache.books import Deed
from cache.notices import NOTICE
from cache.store import Store
from services.rounds import Look
from twin.moment import Moment
from twin.notice import Notice

_TABLES = frozenset({NOTICE})
Row = Mapping[str, Any]


def poster(
    store: Store,
    query: str,
    key: Callable[[Row], Hashable],
    notices: Callable[[Row, Moment], Iterable[Notice]],
    **asked: Any,
) -> Look:
    """What a round does that posts the notices of a query's rows. A row whose ``key`` was looked at is passed over for
    as long as it stays; one posted again after a restart, or come back, is kept once, for its notices have the same
    ids."""
    told: set[Hashable] = set()

    def look(at: Moment) -> None:
        nonlocal told
        rows = store.reader().read(query, at=at, **asked).to_dicts()
        fresh = [row for row in rows if key(row) not in told]
        made = [each for row in fresh for each in notices(row, at)]
        if made:
            store.do(Deed(lambda known: store.books.notices.post(made, known), _TABLES)).result()
        told = {key(row) for row in rows}

    return look
