"""What an adapter is: bytes to rows is pure; fetching and listening are the only things that touch the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any, Protocol

from twin.moment import Moment
from twin.reading import Batch, Commit

Deliver = Callable[[Batch], Commit]  # returns when the batch is durable


class Source(Protocol):
    """One thing that data comes from."""

    key: str
    protocol: str

    def decode(self, raw: bytes, received_at: Moment) -> Batch:
        """Bytes to rows; no I/O, no clock."""


class Poll(Source, Protocol):
    """A source that is asked every so often."""

    every: timedelta

    def fetch(self, since: str | None) -> bytes | None:
        """The next page after the cursor, None when nothing is new. Raises SourceError."""

    def forget(self) -> None:
        """What was fetched last was not kept: fetch it again, even when nothing is new."""


class Push(Source, Protocol):
    """A source that speaks by itself."""

    def listen(self, deliver: Deliver, stop: Event) -> None:
        """Deliver until stopped."""


@dataclass(frozen=True)
class SourceSettings:
    """One ``[[sources]]`` entry of ``park.toml``."""

    id: str
    protocol: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProtocolMaker:
    """The constant ``PROTOCOL`` of an adapter file: its key and how its sources are made from settings."""

    key: str
    make: Callable[[SourceSettings, Any], list[Any]]
