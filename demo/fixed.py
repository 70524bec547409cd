"""Records that stand for years."""

from __future__ import annotations

from datetime import UTC, datetime

from demo.records import Entry, Fields

FIXED_MS = round(datetime(2024, 1, 2, 1, 0, tzinfo=UTC).timestamp() * 1_000)


def fixed(key: str, **fields: object) -> Entry:
    """A record that has not changed since the park's books were opened."""
    said: Fields = {name: each for name, each in fields.items() if each is not None}
    return Entry(FIXED_MS, key, said)


def document(name: str) -> str:
    """Address of an attachment of an enterprise's own; the demo park ships none of them."""
    return f"archive/{name}.pdf"


def paper(name: str) -> str:
    """Address of a document of the park itself, as ``demo.archive`` draws it."""
    return f"archive/{name}.svg"
