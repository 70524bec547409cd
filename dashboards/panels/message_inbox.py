"""What whoever looks was told in the app (MS-1): the page asks for it itself, for a frame is the same for everybody."""

from __future__ import annotations

from twin.content import Content, inbox, text
from twin.screen import Look, Panel, Rows


def draw(_rows: Rows, _look: Look) -> Content:
    """Where the page finds it."""
    return inbox("/api/v1/messages/mine", empty=text("inbox.none"))


PANEL = Panel(key="message_inbox", reads=frozenset(), queries={}, draw=draw, rule="MS-1")
