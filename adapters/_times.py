"""ISO 8601 times, a column at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from twin.errors import BadInput
from twin.moment import Moment, parse_moment

RFC_3339 = "%+"  # any offset, Z, any number of fractional digits


def parse_times(texts: Sequence[str]) -> pl.Series:
    """Moments in UTC, cut to microseconds; null where a text is no time or has no offset."""
    said = pl.Series("ts", texts, dtype=pl.String, strict=True)
    times = said.str.to_datetime(RFC_3339, time_unit="us", time_zone="UTC", strict=False)
    rare = times.is_null().arg_true().to_list()
    # The rarer spellings of ISO 8601 (no seconds, the basic form) are read one by one.
    return times.scatter(rare, [_rare(texts[index]) for index in rare]) if rare else times


def _rare(text: str) -> Moment | None:
    try:
        return parse_moment(text)
    except BadInput:
        return None
