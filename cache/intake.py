"""Decoded readings of several batches as one set of arrays, and which of them cannot be kept at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cache.live import Rows
from cache.numbers import PointNumbers, SourceNumbers
from twin.reading import DECODED_READINGS, Batch, Reject

_TYPED = [pl.col(name).cast(kind) for name, kind in DECODED_READINGS.items()]


@dataclass(frozen=True)
class Intake:
    """Rows in order of arrival, the batch each belongs to, and the rejects of each batch."""

    rows: Rows
    batch: NDArray[np.int32]
    rejects: list[tuple[Reject, ...]]

    def count(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many rows of the mask each batch has."""
        return np.bincount(self.batch[mask], minlength=len(self.rejects))


def take_in(batches: Sequence[Batch], numbers: PointNumbers, sources: SourceNumbers) -> Intake:
    """Join the batches; a row without point, time or finite value becomes a reject (the pipeline lets none through)."""
    sent = pl.concat([_typed(each.rows) for each in batches])
    batch = np.repeat(np.arange(len(batches), dtype=np.int32), [len(each.rows) for each in batches])
    source = np.array([sources.of(each.source) for each in batches], np.uint16)[batch]
    ix = np.concatenate([numbers.find(each.rows["point"]) for each in batches])
    value = sent["value"].fill_null(np.nan).to_numpy() + 0.0  # no negative zero
    usable = (ix >= 0) & np.isfinite(value) & sent["ts"].is_not_null().to_numpy()
    ts = sent["ts"].to_physical().fill_null(0).to_numpy()
    rows = Rows(ix, ts, value, sent["quality"].fill_null(0).to_numpy(), source)
    rejects = [each.rejects for each in batches]
    if not usable.all():
        _refuse(sent.with_columns(batch=batch, ix=ix).filter(~pl.Series(usable)), rejects)
        rows, batch = rows.take(usable), batch[usable]
    return Intake(rows, batch, rejects)


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows if rows.schema == DECODED_READINGS else rows.select(_TYPED)


def _refuse(bad: pl.DataFrame, rejects: list[tuple[Reject, ...]]) -> None:
    for row in bad.iter_rows(named=True):
        where = f"readings[{row['index']}]"
        if row["ix"] < 0:
            said = Reject(
                row["index"], "unknown_point", f"{where}: the park has no point '{row['point']}'", f"{where}.point"
            )
        elif row["ts"] is None:
            said = Reject(row["index"], "bad_time", f"{where} {row['point']}: no time", f"{where}.ts")
        else:
            said = Reject(row["index"], "not_finite", f"{where} {row['point']}: no finite value", f"{where}.value")
        rejects[row["batch"]] += (said,)
