"""Documents and drawings that hang on a thing of the map (OV-10)."""

from __future__ import annotations

from typing import Any

from twin.content import Content, Text, both, picture, text
from twin.screen import Look, Reader

SHOWN = 24


def documents(reader: Reader, look: Look, *kinds: str) -> Content | None:
    """Documents whose kind begins with one of ``kinds`` (all without any), newest first; None where there are none."""
    found = reader.read("park/documents", at=look.at)
    kept = [row for row in found.iter_rows(named=True) if not kinds or row["document"].startswith(kinds)]
    return picture([document(row) for row in kept[:SHOWN]], total=len(kept)) if kept else None


def document(row: dict[str, Any]) -> dict[str, Any]:
    """One document as an item: opened where its address is one."""
    file = (row["file"] or "").split(";")[0].strip()
    item = {"key": row["id"], "title": _title(row), "sub": text(f"document.{row['document']}"), "date": _day(row)}
    return item | ({"href": file} if file.startswith(("https://", "http://", "/")) else {"file": file} if file else {})


def _title(row: dict[str, Any]) -> Text:
    return both(row["title"], row["title"]) if row["title"] else text(f"document.{row['document']}")


def _day(row: dict[str, Any]) -> str | None:
    return row["date"].isoformat() if row["date"] else None
