"""``/api/v1/messages``: what people were told, how each sending went, and writing to them (MS-1 … MS-3)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api._contract import AT, JSON, number, one_of, says, words
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, TEXT, TIME, Schema, maybe, rows, thing
from api.alarms import origin
from services.messages import LONGEST, MOST, MessageDesk
from twin.errors import BadInput
from twin.notice import NoticeKind
from twin.notify_settings import ChannelKind
from twin.roles import Right

_STATES = ("waiting", "sent", "failed", "read", "unreachable")
_STATE = one_of("state", "how far it is", *_STATES)
_CHANNEL = one_of("channel", "by which channel", *ChannelKind)
_KIND = one_of("kind", "what it is about", *NoticeKind)
_WORDS = words("words", "words of title, person, address or subject")
_UNREAD = one_of("unread", "only those that are not read", "1")
_LIMIT = number("limit", "how many at most", 100, 1, MOST)
_LETTER: dict[str, Schema] = {
    **dict.fromkeys(("id", "notice", "kind", "subject", "title_zh", "title_en", "body_zh", "body_en"), TEXT),
    **dict.fromkeys(("level", "owner"), maybe(TEXT)),
    "posted_at": TIME,
    **dict.fromkeys(("sent_at", "read_at"), maybe(TIME)),
}
_SENT = thing(
    True, **_LETTER, channel=TEXT, state=TEXT, recipient=TEXT, address=maybe(TEXT), tries=COUNT, result=maybe(TEXT),
    tried_at=maybe(TIME), reply=maybe(TEXT), replied_at=maybe(TIME),
)  # fmt: skip
_MINE = thing(False, unread=COUNT, messages=rows(thing(False, **_LETTER)))
_WRITE: Schema = {
    "type": "object",
    "properties": {
        "to": {"type": "string", "maxLength": 20_000},
        "words": {"type": "string", "maxLength": LONGEST},
        "subject": {"type": "string", "maxLength": 200},
        "channels": {"type": "array", "items": {"enum": list(ChannelKind)}},
    },
    "required": ["to", "words"],
    "additionalProperties": False,
}
_READ: Schema = {
    "type": "object",
    "properties": {"ids": {"type": "array", "items": TEXT, "maxItems": MOST}},
    "required": [],
    "additionalProperties": False,
}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("messages", __name__)
    desk = MessageDesk(deps.store)

    @pages.get("/api/v1/messages")
    @says(
        "What was sent in 30 days, to whom and how it went, newest first",
        AT, _STATE, _CHANNEL, _KIND, _WORDS, _LIMIT, answer=thing(messages=rows(_SENT)),
    )  # fmt: skip
    @deps.needs(Right.view)
    def log() -> dict[str, Any]:
        at, scope = asked_moment(deps), deps.viewer().scope
        wanted = {each.name: each.asked() for each in (_STATE, _CHANNEL, _KIND, _WORDS)}
        return {"messages": desk.log(at, scope, wanted, _LIMIT.number())}

    @pages.get("/api/v1/messages/mine")
    @says("What the asker was told in the app, newest first", AT, _UNREAD, _KIND, _LIMIT, answer=_MINE)
    @deps.needs(Right.view)
    def mine() -> dict[str, Any]:
        return desk.mine(deps.viewer(), asked_moment(deps), _UNREAD.asked() is not None, _LIMIT.number(), _KIND.asked())

    @pages.post("/api/v1/messages/mine/read")
    @says(
        "The asker has read these messages, all of them where none is named",
        answer=thing(read=COUNT, unread=COUNT), bodies={JSON: _READ}, refusals=(429, 507),
    )  # fmt: skip
    @deps.needs(Right.view)
    def read() -> dict[str, Any]:
        ids = posted_as(_READ).get("ids")
        return desk.read(deps.viewer(), None if ids is None else _texts("ids", ids))

    @pages.post("/api/v1/messages")
    @says(
        "Write to people of the address book, to posts of the park, or to mobile numbers",
        answer=thing(notice=TEXT, to=rows(TEXT)), status=201, bodies={JSON: _WRITE}, refusals=(403, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.send_notice)
    def write() -> tuple[dict[str, Any], int]:
        body = posted_as(_WRITE)
        _texts("channels", body.get("channels", []))
        return desk.write(body, deps.viewer(), origin()), 201

    return pages


def _texts(name: str, said: Any) -> list[str]:
    if not isinstance(said, list) or len(said) > MOST or not all(isinstance(each, str) for each in said):
        raise BadInput(f"{name}: a list of at most {MOST} texts", name)
    return said


RESOURCE = Resource("messages", _routes)
