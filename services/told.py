"""What the features of a layer say, kept from one telling to the next: only what is news is put into words anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from twin.moment import Moment, iso
from twin.screen import Features

LayerRows = dict[str, dict[str, Any]]
Part = Mapping[str, Any] | pl.DataFrame


@dataclass(frozen=True)
class Told:
    """What was told: rows by id, and of those that came as a frame the frame. Nobody may change it."""

    rows: LayerRows = field(default_factory=dict)
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    framed: LayerRows = field(default_factory=dict)


NOTHING = Told()


def telling(told: Features, before: Told, only: pl.Series | None = None) -> Told:
    """Rows by id, each a feature; the very same objects as ``before`` where they say the same.

    Args:
        told: features with their ``id``: rows, which come first, frames, or both.
        only: ids of those that are asked for, None for all.
    """
    parts = [told] if isinstance(told, pl.DataFrame) else list(told)
    if only is not None:
        parts = _asked_for(parts, only)
    frames = [each for each in parts if isinstance(each, pl.DataFrame)]
    frame = pl.concat(frames, how="diagonal") if frames else pl.DataFrame()
    framed = _framed(frame, before)
    single = {each["id"]: _plain(each) for each in parts if not isinstance(each, pl.DataFrame)}
    if not single and before.rows is framed:
        return before
    return Told({**single, **framed} if single else framed, frame, framed)


def _asked_for(parts: Sequence[Part], only: pl.Series) -> list[Part]:
    ids = frozenset(only)
    return [
        part.filter(pl.col("id").is_in(only.implode())) if isinstance(part, pl.DataFrame) else part
        for part in parts
        if isinstance(part, pl.DataFrame) or part["id"] in ids
    ]


def _framed(frame: pl.DataFrame, before: Told) -> LayerRows:
    if frame.schema != before.frame.schema:
        return _anew(frame)
    if frame.equals(before.frame):
        return before.framed
    news = frame.join(before.frame, on=frame.columns, how="anti", nulls_equal=True)
    known = {**before.framed, **_anew(news)}
    ids = frame["id"].to_list()
    return dict(zip(ids, map(known.__getitem__, ids), strict=True))


def _anew(frame: pl.DataFrame) -> LayerRows:
    """Rows of a frame; those that say the same are one and the same row."""
    if frame.is_empty():
        return {}
    names = [each for each in frame.columns if each != "id"]
    cells = list(zip(*(frame[name].to_list() for name in names), strict=True))
    said = {each: _plain(dict(zip(names, each, strict=True))) for each in set(cells)}
    return dict(zip(frame["id"].to_list(), map(said.__getitem__, cells), strict=True))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON knows it; nulls are left out."""
    return {
        name: iso(each) if isinstance(each, Moment) else each
        for name, each in row.items()
        if name != "id" and each is not None
    }


def columns(rows: LayerRows) -> dict[str, list[Any]]:
    """Rows by id as columns, the form in which snapshots travel."""
    different = {id(row): row for row in rows.values()}.values()
    names = sorted({name for row in different for name in row})
    return {"id": list(rows), **{name: [row.get(name) for row in rows.values()] for name in names}}
