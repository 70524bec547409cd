"""Gas detectors by what they measure as a share of their first limit: a column each, and heat on the ground."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from layers._live import STILL
from layers.points import GAS_KINDS, detail
from twin.screen import Layer, Look, Mark

LEVEL_OF_STATUS = {"hh": "red", "h": "orange"}
SHOWN_FROM = 0.05  # of the limit; less is the noise of a detector at rest
_STEP = 0.05


def features(state: pl.DataFrame, look: Look) -> Iterator[dict[str, Any]]:
    """Detectors that show something, in steps of a twentieth of their limit, so that noise is no news."""
    limited = pl.col("kind").is_in(GAS_KINDS) & (pl.col("alarm_hi") > 0) & pl.col("value").is_not_null()
    heard = state.filter(pl.col("own") & limited & ~pl.col("status").is_in(list(STILL)))
    share = (pl.col("value") / pl.col("alarm_hi") / _STEP).round() * _STEP
    for id, status, told in heard.select("id", "status", share.round(2)).iter_rows():
        if told >= SHOWN_FROM:
            yield {"id": id, "share": told, "state": LEVEL_OF_STATUS.get(status)}


LAYER = Layer(
    "gas_columns",
    "monitoring",
    Mark("point", symbol="column", colour_by="state", tone="line", column_by="share"),
    geo="sensors",
    keep=lambda props: props.get("kind") in GAS_KINDS and bool(props.get("alarm_hi")),
    order=68,
    query="state/now",
    features=features,
    reads=frozenset({"reading", "clock"}),
    detail=detail,
)
