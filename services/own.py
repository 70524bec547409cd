"""What an enterprise's machine may deliver: values of its own points, and records that name it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from park.load import Park
from twin.errors import NotAllowed
from twin.reading import READING_TABLE, Batch, Reject

_CODE = "not_yours"


def own_only(batch: Batch, enterprise: str, park: Park) -> Batch:
    """The batch without what is another's; each such row is refused.

    Raises:
        NotAllowed: a table whose rows do not say whose they are.
    """
    rows = batch.rows
    if batch.table == READING_TABLE:
        others = park.points.filter(~pl.col("owner").eq_missing(enterprise))["id"]
        foreign, field = rows["point"].is_in(others.implode()), "point"
    else:
        field = "id" if batch.table == "enterprise" else "enterprise_id"
        if field not in rows.columns:
            raise NotAllowed(f"a machine of '{enterprise}' cannot deliver '{batch.table}'", "table", _CODE)
        foreign = rows.select(pl.col(field).ne_missing(pl.lit(enterprise))).to_series()
    if not foreign.any():
        return batch
    said = f"it does not belong to '{enterprise}'"
    refused = tuple(Reject(index, _CODE, said, field) for index in rows.filter(foreign)["index"])
    return replace(batch, rows=rows.filter(~foreign), rejects=(*batch.rejects, *refused))
