"""Who asks a polled source as the scheduler does: turn by turn, with the cursor as the store has it."""

from __future__ import annotations

from twin.moment import parse_moment
from twin.reading import Batch
from twin.source import Poll

NOW = parse_moment("2026-11-21T06:00:00Z")


class Asking:
    """A poll, and what the store remembers of it."""

    poll: Poll
    cursor: str | None = None

    def turn(self, pages: int | None = None) -> list[Batch]:
        """One turn of the scheduler: what it brings, stored; at most so many pages."""
        batches: list[Batch] = []
        while pages is None or len(batches) < pages:
            raw = self.poll.fetch(self.cursor)
            if raw is None:
                break
            batches.append(self.poll.decode(raw, NOW))
            self.cursor = batches[-1].cursor
        return batches
