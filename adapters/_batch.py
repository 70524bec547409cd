"""The last step of every decoder: what was kept and what was refused, as one batch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from uuid import uuid4

import polars as pl

from twin.moment import Moment
from twin.reading import Batch, Reject


def make_batch(
    table: str,
    rows: pl.DataFrame,
    rejects: Sequence[Sequence[Reject]],
    source: str,
    batch_id: str | None,
    received_at: Moment,
    named: str = "",
) -> Batch:
    """A batch with all its ``rejects`` in the order of the rows, which are ``named`` so when one is refused later.

    Without a ``batch_id`` every batch is one of its own: the same bytes twice may be two true readings.
    """
    every = tuple(sorted(chain(*rejects), key=lambda each: each.index))
    own, once = batch_id or uuid4().hex, not batch_id
    return Batch(table, rows, source, own, received_at, every, named=named, once=once)
