"""Gas detectors by what they measure as a share of their first limit: a column each, and heat on the ground."""

from __future__ import annotations

import polars as pl

from layers._live import STILL
from layers.points import GAS_KINDS, detail
from twin.screen import Layer, Look, Mark

LEVEL_OF_STATUS = {"hh": "red", "h": "orange"}
SHOWN_FROM = 0.05  # of the limit; less is the noise of a detector at rest
_STEP = 0.05


def features(state: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Detectors that show something, in steps of a twentieth of their limit, so that noise is no news."""
    limited = pl.col("kind").is_in(GAS_KINDS) & (pl.col("alarm_hi") > 0) & pl.col("value").is_not_null()
    heard = state.filter(pl.col("own") & limited & ~pl.col("status").is_in(list(STILL)))
    share = ((pl.col("value") / pl.col("alarm_hi") / _STEP).round() * _STEP).round(2)
    level = pl.col("status").replace_strict(LEVEL_OF_STATUS, default=None, return_dtype=pl.String)
    return heard.select("id", share=share, state=level).filter(pl.col("share") >= SHOWN_FROM)


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
