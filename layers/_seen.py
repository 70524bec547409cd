"""What a camera saw of an alarm: picture and clip of the video analysis that raised it (AL-2)."""

from __future__ import annotations

from layers._documents import papers
from twin.content import Content, picture, text
from twin.screen import Look, Reader

_KINDS = ("image", "clip")


def seen(reader: Reader, id: str, look: Look) -> Content | None:
    """Pictures and clips of an alarm; None where it came from no camera."""
    rows = reader.read("detail/pictures", at=look.at, id=id).to_dicts()
    items = [
        item
        for row in rows
        for kind in _KINDS
        if row[kind]
        for item in papers(f"{row['id']}-{kind}", text(f"alarm.{kind}"), None, row[kind], look)
    ]
    return picture(items, title=text("alarm.seen")) if items else None
