"""The declarations: layer, panel, screen. A new one is one file with one constant, found at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from twin.content import Content, Text
from twin.lineage import Origin
from twin.moment import Moment
from twin.roles import Right


class Reader(Protocol):
    """Everything a screen may ask. ``at`` and ``scope`` are always bound."""

    @property
    def scope(self) -> str:
        """Whose eyes see it: ``park``, or one enterprise's id."""

    def read(self, query: str, /, *, at: Moment, **params: Any) -> pl.DataFrame:
        """Rows of ``sql/<query>.sql`` as the twin knew them at ``at``."""


@dataclass(frozen=True)
class Look:
    """What a drawing function may know besides its rows."""

    at: Moment
    params: Mapping[str, str]
    park: Any  # park.Park; a panel reads names, limits and settings from it
    zone: str = "Asia/Shanghai"
    archive: Any = None  # park.archive.Archive; says which attachments can be opened
    enterprise: str | None = None  # whose eyes look, where they see one enterprise only


Rows = Mapping[str, pl.DataFrame]
Features = Iterable[Mapping[str, Any] | pl.DataFrame] | pl.DataFrame


@dataclass(frozen=True)
class Mark:
    """What the data means on a map, never which library draws it."""

    shape: str  # point | line | area
    symbol: str = "dot"  # dot, ring, square, gate, camera, … (an icon of ours); of an area: hatch, outline
    colour_by: str | None = None  # None: quiet base; "state": worst open alarm / offline
    tone: str = "unit"  # a quiet tone of the palette: ground, land, plot, unit, road, water, target, plan, line
    size_px: float = 5.0
    width_px: float = 1.0
    dash: str | None = None
    fill: bool = True
    height_m: float = 0.0
    height_by: str | None = None  # property: how high it stands, metres; ``height_m`` where it is not given
    heights_m: Mapping[str, float] = field(default_factory=dict)  # by kind, where the property is not given
    width_by: str | None = None  # property: how wide a round body is, metres
    volume_by: str | None = None  # property: what a body holds, cubic metres; a lying one is as long as that asks
    fill_by: str | None = None  # what a row calls the share (0 … 1) to which a body is full
    column_by: str | None = None  # what a row calls the share of its limit (1 = at the limit), shown as column and heat
    label: str | None = None  # property shown as label: "name"
    label_zoom: float = 14.0
    min_zoom: float = 0.0  # below it the layer is not drawn (an aggregate stands for it)


@dataclass(frozen=True)
class Layer:
    """One map layer: where its geometry comes from, what its state is, what a click tells.

    ``geo`` names a file of the park's ``geo`` folder (static geometry, filtered by ``keep``);
    a layer without it takes ``lon``, ``lat`` (or ``geometry``) from its query.
    ``query`` gives ``id`` and ``state`` per feature (only features that are not ``base`` need a row);
    ``features`` turns its rows, and those of the queries named in ``also``, into what the map is told, where words
    have to be found for them or more than one question has to be asked: rows, frames where there are thousands of
    features, or both. Each row stands for itself: who asks for a part of the map is told by the rows of that part
    alone.
    """

    key: str
    group: str
    mark: Mark
    geo: str | None = None
    keep: Callable[[Mapping[str, Any]], bool] | None = None
    order: int = 0
    reads: frozenset[str] = frozenset()
    query: str | None = None
    base: str = "normal"
    visible: bool = True
    owner: Callable[[Mapping[str, Any]], str | None] | None = None
    also: Mapping[str, str] = field(default_factory=dict)
    features: Callable[..., Features] | None = None  # (rows, look, **rows of also)
    detail: Callable[[Reader, str, Look], Content] | None = None  # its numbers are ``twin.traced.Traced``


@dataclass(frozen=True)
class ListOf:
    """The list behind a figure: a query, and its columns as ``(column, type, unit)``.

    ``type``: text | number | time | duration | level | code | file. A column that the query gives as ``<name>_zh`` and
    ``<name>_en`` is shown in the viewer's language; a ``code`` is shown by the phrase ``<name>.<code>`` of the
    catalogue; a ``file`` holds addresses of attachments, shown as links; the header is the phrase
    ``column.<name>``. ``pick`` makes rows clickable: ``(layer, id column)``; a column
    ``pick_layer`` of the query overrides the layer for a row.
    ``rows`` turns the query's rows, and those of the queries named in ``also``, into the list's where these have to
    be computed.
    """

    query: str
    columns: tuple[tuple[str, str, str | None], ...]
    pick: tuple[str, str] | None = None  # (layer, column holding the id)
    params: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    rows: Callable[..., pl.DataFrame] | None = None  # (rows, look, **rows of also)


@dataclass(frozen=True)
class Panel:
    """One panel: what it asks, how it is drawn, which lists stand behind its figures.

    ``queries`` maps a name to a query; ``draw`` gets the rows by that name. A panel is computed again
    when one of ``reads`` (tables of the cache; ``reading`` for measured values; ``clock`` for every tick;
    ``minute`` for what depends on the time of day only by its whole minute, ``ten_minutes`` likewise)
    has changed since the last frame. ``origin`` answers for every number that ``draw`` may show where it comes from.
    """

    key: str
    reads: frozenset[str]
    queries: Mapping[str, str]
    draw: Callable[[Rows, Look], Content]
    lists: Mapping[str, ListOf] = field(default_factory=dict)
    rule: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True)
class Slot:
    """Where a panel stands on a screen: ``side`` left | right | top | bar; ``page`` a leaf of that side."""

    panel: str
    side: str
    page: str = "now"
    grow: int = 0


@dataclass(frozen=True)
class Screen:
    """One screen. ``params`` is the closed set carried in the address; ``path`` None marks a fragment
    (the detail, the live strip) that other screens embed. ``right``: what somebody must have for it to be theirs to
    see, in the navigation, at its address and in every answer about it. ``compute`` makes the panels of a screen that
    has none of its own; what is ``Traced`` in them says where it comes from."""

    key: str
    path: str | None
    slots: tuple[Slot, ...]
    layers: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    order: int = 0
    compute: Callable[[Reader, Look], Mapping[str, Content]] | None = None
    right: Right = Right.view

    @property
    def panels(self) -> tuple[str, ...]:
        """Keys of the panels, in order."""
        return tuple(slot.panel for slot in self.slots)


def title_key(kind: str, key: str) -> str:
    """The catalogue's key of a thing's title."""
    return f"{kind}.{key}"


__all__ = [
    "Content",
    "Layer",
    "ListOf",
    "Look",
    "Mark",
    "Panel",
    "Reader",
    "Rows",
    "Screen",
    "Slot",
    "Text",
    "title_key",
]
