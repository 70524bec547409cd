"""What an enterprise's machine may deliver: values of its own points, and records that name it and no point of others.

Which records are another's by now only the cache knows: ``Batch.owner`` has it refuse what would replace them.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from adapters._measured import POINT_FIELDS
from park.load import Park
from twin.dictionary import dictionary
from twin.errors import NotAllowed
from twin.reading import NOT_YOURS, READING_TABLE, Batch, Reject


def own_only(batch: Batch, enterprise: str, park: Park) -> Batch:
    """The batch without what is another's; each such row is refused.

    Raises:
        NotAllowed: a table whose rows do not say whose they are.
    """
    others = park.points.filter(~pl.col("owner").eq_missing(enterprise))["id"].implode()
    rows, refused = batch.rows, list(batch.rejects)
    for field, foreign in _foreign(batch.table, enterprise, others).items():
        if field in rows.columns:
            said = f"it does not belong to '{enterprise}'"
            refused += [Reject(index, NOT_YOURS, said, field) for index in rows.filter(foreign)["index"]]
            rows = rows.filter(~foreign)
    ordered = tuple(sorted(refused, key=lambda each: each.index))
    return replace(batch, rows=rows, rejects=ordered, owner=enterprise)


def _foreign(table: str, enterprise: str, others: pl.Series) -> dict[str, pl.Expr]:
    """By the fields that say it: whether a row is another's, or about another's point."""
    if table == READING_TABLE:
        return {"point": pl.col("point").is_in(others)}
    known = dictionary().table(table)
    if known.owner is None and not known.measured:
        raise NotAllowed(f"a machine of '{enterprise}' cannot deliver '{table}'", "table", NOT_YOURS)
    points = {name: pl.col(name).is_in(others).fill_null(False) for name in POINT_FIELDS}
    return points if known.owner is None else {known.owner: pl.col(known.owner).ne_missing(enterprise), **points}
