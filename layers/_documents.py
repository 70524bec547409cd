"""Documents and drawings that hang on a thing of the map (OV-10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers._origin import DOCUMENTS, field_of
from models.attachment import Attachment, attachments
from twin import formula
from twin.content import Content, Text, picture, text
from twin.screen import Look, Reader
from twin.traced import traced

SHOWN = 24


def documents(reader: Reader, look: Look, *kinds: str) -> Content | None:
    """Documents whose kind begins with one of ``kinds`` (all without any), newest first; None where there are none."""
    found = reader.read("park/documents", at=look.at)
    kept = [row for row in found.iter_rows(named=True) if not kinds or row["document"].startswith(kinds)]
    if not kept:
        return None
    shown = picture([_dated(each, row["id"]) for row in kept[:SHOWN] for each in document(row, look)], total=len(kept))
    of_kinds = ("document", "in", sorted({row["document"] for row in kept}))
    said = text("explain.detail.documents")
    return traced(shown, formula.count("documents", of_kinds), said, at="total", inputs={"documents": DOCUMENTS})


def _dated(item: dict[str, Any], id: str) -> dict[str, Any]:
    return traced(item, formula.one("documents", "date", id, "item"), field_of("date"), at="date")


def documents_of(reader: Reader, look: Look, id: str, kinds: Mapping[str, str]) -> Content | None:
    """The documents that belong to a thing of the map by its ``kind``; None for other kinds."""
    feature = look.park.feature(id)
    wanted = kinds.get(str(feature.props.get("kind"))) if feature else None
    return documents(reader, look, wanted) if wanted else None


def document(row: dict[str, Any], look: Look) -> list[dict[str, Any]]:
    """A row of ``park/documents`` as items, one for each of its attachments."""
    items = papers(row["id"], *named(row["title"], text(f"document.{row['document']}")), row["file"], look)
    return [item | {"date": row["date"].isoformat() if row["date"] else None} for item in items]


def named(title: str | None, kind: Text) -> tuple[Text, Text | None]:
    """Title and remark of a document. Its name is Chinese only: English says the kind first and the name below it."""
    if not title:
        return kind, None
    return text("document.title", title=title, kind=kind), text("document.kind", title=title, kind=kind)


def papers(key: str, title: Text, sub: Text | None, field: str | None, look: Look) -> list[dict[str, Any]]:
    """The attachments of a record's field as items: opened where the file is ours and there, else saying why not."""
    found = attachments(field, look.archive) or [Attachment("")]
    return [_item(key, title, sub, each, turn) for turn, each in enumerate(found, 1)]


def _item(key: str, title: Text, sub: Text | None, each: Attachment, turn: int) -> dict[str, Any]:
    item = {"key": key, "title": title, "sub": sub}
    if turn > 1:
        item |= {"key": f"{key}-{turn}", "title": text("document.part", title=title, turn=turn)}
    if each.href:
        return item | {"href": each.href}
    remark: Text = each.address if each.elsewhere else text("document.missing")
    return item | {"sub": text("document.remark", what=sub, remark=remark) if sub else remark}
