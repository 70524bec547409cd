"""What whoever looks was told in the app (MS-1): the page asks for it itself, for a frame is the same for everybody."""

from __future__ import annotations

from twin.content import Content, inbox, text
from twin.notice import NoticeKind
from twin.screen import Look, Panel, Rows


def draw(_rows: Rows, _look: Look) -> Content:
    """Where the page finds it."""
    kinds = [{"value": each, "label": text(f"notice_kind.{each}")} for each in NoticeKind]
    return inbox(
        "/api/v1/messages/mine",
        empty=text("inbox.none"),
        filters=[{"param": "show", "value": "unread", "label": text("inbox.unread_only")}],
        fields=[{"param": "kind", "type": "choice", "label": text("inbox.kind"), "options": kinds}],
    )


PANEL = Panel(key="message_inbox", reads=frozenset(), queries={}, draw=draw, rule="MS-1")
