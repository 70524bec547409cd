"""What was sent, to whom, by which channel, how it went and what was answered (MS-2, R-PU-3); and a form to write to
people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from dashboards.panels._origin import lines_figures
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, Text, at, both, meta, requests, text
from twin.lineage import Figure, Inputs, Origin
from twin.notify_settings import ChannelKind
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

LOG, RECENT = "notify/log", "notify/recent"
SHOWN = 100
COLUMNS = (
    ("posted_at", "time", None),
    ("message_state", "code", None),
    ("channel", "code", None),
    ("notice_kind", "code", None),
    ("level", "text", None),
    ("name", "text", None),
    ("recipient_name", "text", None),
    ("post", "code", None),
    ("reach", "text", None),
    ("owner", "text", None),
    ("tries", "number", None),
    ("tried_at", "time", None),
    ("sent_at", "time", None),
    ("read_at", "time", None),
    ("took_s", "number", "s"),
    ("result", "text", None),
    ("reply", "text", None),
    ("replied_at", "time", None),
    ("subject", "text", None),
    ("asked_by", "text", None),
)
OF_RECENT = Inputs(RECENT, COLUMNS)


def draw(rows: Rows, look: Look) -> Content:
    """The newest first."""
    found = rows["log"]
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    return requests(
        lines,
        found.height,
        form=_form(),
        search=text("messages.search"),
        empty=text("messages.none"),
        list="log",
        meta=meta(latest(found, "known"), note=text("messages.newest")),
    )


def _line(message: dict[str, Any]) -> dict[str, Any]:
    in_app = message["channel"] == ChannelKind.APP  # that it was read says the message itself
    return {
        "key": message["id"],
        "title": both(message["title_zh"], message["title_en"]),
        "sub": both(message["body_zh"], message["body_en"]),
        "by": _told(message),
        "right": text(f"message_state.{message['message_state']}"),
        "right_sub": _how(message),
        "acts": [_note_reply(message["id"])] if message["sent_at"] is not None and not in_app else [],
    }


def _told(message: dict[str, Any]) -> Text:
    """To whom, and what they answered."""
    channel = text(f"channel.{message['channel']}") if message["channel"] else ""
    told = {"who": _who(message), "channel": channel, "address": message["reach"] or ""}
    if message["reply"] is None:
        return text("messages.to", **told)
    return text("messages.answered", **told, reply=message["reply"], at=at(message["replied_at"]))


def _note_reply(id: str) -> dict[str, Any]:
    return {
        "key": "reply",
        "label": text("messages.note_reply"),
        "post": f"/api/v1/messages/{quote(id, safe='')}/replies",
        "right": Right.send_notice,
        "body": {},
        "fields": [{"name": "words", "type": "text", "label": text("messages.reply")}],
    }


def _who(message: dict[str, Any]) -> Text:
    if message["recipient_name"]:
        return message["recipient_name"]
    return text("messages.nobody")


def _how(message: dict[str, Any]) -> Text:
    """When it was sent; else when it was posted and how often it was tried; and what the gateway said."""
    if message["sent_at"] is not None:
        return text("messages.sent", at=at(message["sent_at"]), said=message["result"] or "")
    if message["message_state"] == "unreachable":
        return text("messages.unreachable", at=at(message["posted_at"]), why=text(f"unreachable.{message['result']}"))
    return text("messages.tried", at=at(message["posted_at"]), n=message["tries"], said=message["result"] or "")


def _form() -> dict[str, Any]:
    return {
        "label": text("messages.write"),
        "post": "/api/v1/messages",
        "right": Right.send_notice,
        "fields": [
            {"name": "to", "type": "text", "label": text("messages.form.to")},
            {"name": "words", "type": "text", "label": text("messages.form.words")},
            {"name": "subject", "type": "text", "label": text("messages.form.subject"), "optional": True},
        ],
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many messages, and the times of each."""
    found = rows["log"]
    yield Figure("total", formula.count("log"), text("explain.messages.total"))
    yield Figure("meta/ts", formula.highest("log", "known"), text("explain.messages.newest"), rules="")
    shown = found.head(SHOWN)
    sent = shown["sent_at"].is_not_null()
    yield from lines_figures("log", shown.filter(sent), ("right_sub/args/at/at", "sent_at"))
    yield from lines_figures("log", shown.filter(~sent), ("right_sub/args/at/at", "posted_at"))
    tried = shown.filter(~sent & (shown["message_state"] != "unreachable"))
    yield from lines_figures("log", tried, ("right_sub/args/n", "tries"))
    judged = shown.filter(shown["result"].str.contains(r"^\d"))  # a gateway's status
    yield from lines_figures("log", judged, ("right_sub/args/said", "result"))
    numbers = shown.filter(shown["reach"].str.contains(r"^\+?\d+$"))  # a mobile number reads like a figure
    yield from lines_figures("log", numbers, ("by/args/address", "reach"))
    yield from lines_figures("log", shown.filter(shown["reply"].is_not_null()), ("by/args/at/at", "replied_at"))
    numbers = shown.filter(shown["reply"].str.contains(r"^\d"))  # people answer with a number
    yield from lines_figures("log", numbers, ("by/args/reply", "reply"))


PANEL = Panel(
    key="message_log",
    reads=frozenset({"message", "notice", "reply", "minute"}),
    queries={"log": RECENT},
    draw=draw,
    lists={"log": ListOf(LOG, COLUMNS)},
    rule="MS-2, MS-3, R-PU-3",
    origin=Origin({"log": OF_RECENT}, figures),
)
