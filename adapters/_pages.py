"""Some rows of a file or a database as bytes between ``fetch`` and ``decode``, which stays pure and testable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from adapters._mapped import Mapped
from adapters._plain import plain
from twin.moment import Moment
from twin.reading import Batch, Reject


@dataclass(frozen=True)
class Page:
    """Rows by their column names. ``places``: where each stood in ``named``; ``cursor``: where the next page begins."""

    table: str
    named: str
    batch_id: str
    cursor: str
    rows: Sequence[dict[str, Any]]
    places: Sequence[int]
    refused: Sequence[Reject] = ()

    def as_bytes(self) -> bytes:
        """The page, to be decoded."""
        said = {**vars(self), "rows": [plain_row(each) for each in self.rows], "refused": [*map(vars, self.refused)]}
        return orjson.dumps({**said, "places": list(self.places)})


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose values JSON can hold."""
    return {name: plain(value) for name, value in row.items()}


def read_page(raw: bytes, mapping_of: Callable[[str], Mapped], source: str, received_at: Moment) -> Batch:
    """A page to a batch of our table; ``mapping_of`` a table says how its columns are called."""
    said = orjson.loads(raw)
    page = Page(**{**said, "refused": [Reject(**each) for each in said["refused"]]})
    mapping = mapping_of(page.table)
    batch = mapping.batch(page.rows, source, page.batch_id, received_at, page.places, page.refused, page.named)
    return replace(batch, cursor=page.cursor)
