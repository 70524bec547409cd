"""``/api/v1/alarms``: the ledger page by page, one alarm with its timeline, and what people do with them."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, g

from api._contract import AT, JSON, Param, instant, number, one_of, part, says, words
from api._deps import Deps, Resource, asked_moment
from api._posted import posted_as
from api._schemas import COUNT, NUMBER, TEXT, TIME, TRUTH, Schema, maybe, rows, table, thing
from models.alarm_life import Wish
from services.alarms import MANY, MOST, PAGE, Filter, Ledger
from twin.alarm import Action, Judgement, Stage
from twin.errors import BadInput
from twin.level import AlarmLevel
from twin.moment import iso
from twin.roles import Right

_LEVELS = "|".join(AlarmLevel)
_STAGES = "|".join(Stage)
_STATE = one_of("state", "whether it is closed; open without it", "open", "closed", "all")
_LEVEL = words("level", "levels, by commas", pattern=f"^({_LEVELS})(,({_LEVELS}))*$")
_STAGE = words("stage", "stages of its handling, by commas", pattern=f"^({_STAGES})(,({_STAGES}))*$")
_SCREEN = one_of("screen", "line of business", "gas", "process", "video", "work", "fire", "closure")
_KIND = words("kind", "what is out of order, such as HH or offline")
_OWNER = words("owner", "id of an enterprise")
_POINT = words("point", "id of a point or device")
_WORDS = words("q", "part of an id, a name or a medium; its first 80 characters count")
_FROM = instant("from", "raised since then, by its source's clock")
_TO = instant("to", "raised before then")
_LIMIT = number("limit", "how many at most", PAGE, 1, MOST)
_CURSOR = words("cursor", "`next` of the page before; the other parameters stay as they were")
_ID = part("id", "id of an alarm, or of a record that joined it", "A-1")

_TIMES = ("raised_at", "handle_by", "alarm_at")
_MAYBE_TIMES = ("cleared_at", "first_handled_at", "contacted_at", "contact_by", "closed_at", "last_at")
_WORDED = (
    "id",
    "origin",
    "source",
    "level",
    "colour",
    "kind",
    "state",
    "stage",
    "message_zh",
    "message_en",
    "handling",
)
_MAYBE_WORDED = ("owner", "point", "medium", "unit", "handler", "judged", "judged_by", "second_by", "closed_as")
_FIELDS: dict[str, Schema] = {
    **dict.fromkeys(_WORDED, TEXT),
    **dict.fromkeys(_MAYBE_WORDED, maybe(TEXT)),
    **dict.fromkeys(_TIMES, TIME),
    **dict.fromkeys(_MAYBE_TIMES, maybe(TIME)),
    **dict.fromkeys(("value", "limit", "lon", "lat"), maybe(NUMBER)),
    **dict.fromkeys(("active", "late", "is_gas"), TRUTH),
    "events": COUNT,
}
_ALARM = thing(True, **_FIELDS)
_ENTRY = thing(True, seq=COUNT, at=TIME, event=TEXT, who=TEXT, note=maybe(TEXT))
_WHOLE = thing(True, **_FIELDS, timeline=rows(_ENTRY), actions=rows(TEXT), needs_call=TRUTH)
_PAGE = thing(at=TIME, alarms=rows(_ALARM), next=maybe(TEXT))
_NUMBERS = table(COUNT)
_COUNTS = thing(at=TIME, open=COUNT, lasting=COUNT, late=COUNT, levels=_NUMBERS, stages=_NUMBERS)
_REFUSED = thing(id=TEXT, code=TEXT, message=TEXT, field=maybe(TEXT))
_DONE = thing(done=rows(TEXT), refused=rows(_REFUSED))
_WISH: dict[str, Schema] = {
    "action": {"type": "string", "enum": list(Action)},
    "note": {"type": "string", "maxLength": 2000, "description": "the reason, the measures, or a remark"},
    "as": {"type": "string", "enum": list(Judgement), "description": "what it is judged to be"},
    "agree": TRUTH | {"description": "with the judgement that the second look is at"},
    "to": {
        "type": "string",
        "maxLength": 200,
        "description": "whom it is sent to; of `judge`: with whom it was confirmed on the telephone",
    },
    "renewed": TRUTH | {"description": "the renewed document is there"},
    "seen": COUNT | {"description": "`events` of the alarm as the asker saw it: 409 where something came in between"},
}
_ACT = {"type": "object", "properties": _WISH, "required": ["action"], "additionalProperties": False}
_IDS = {"type": "array", "items": TEXT, "minItems": 1, "maxItems": MANY}
_ACT_ON = {**_ACT, "properties": {**_WISH, "ids": _IDS}, "required": ["ids", "action"]}
_KINDS: dict[str, type] = {"note": str, "as": str, "agree": bool, "to": str, "renewed": bool, "seen": int}


def origin() -> str:
    """Where the asker sits, as the gate has it: behind a proxy that is not the proxy."""
    return str(g.caller.address)


def _one_of_some(param: Param) -> str | None:
    """A parameter that its own pattern describes.

    Raises:
        BadInput: it does not fit.
    """
    said = param.asked()
    if said is not None and not re.fullmatch(param.schema["pattern"], said):
        raise BadInput(f"{param.name}: '{said[:40]}' is none of them", param.name)
    return said


def _filter() -> Filter:
    return Filter(
        state=_STATE.asked() or "open",
        level=_one_of_some(_LEVEL),
        stage=_one_of_some(_STAGE),
        business=_SCREEN.asked(),
        kind=_KIND.asked(),
        owner=_OWNER.asked(),
        point=_POINT.asked(),
        words=(_WORDS.asked() or "")[:80] or None,
        start=_FROM.moment(),
        end=_TO.moment(),
    )


def _wish(body: dict[str, Any]) -> Wish:
    action = body.get("action")
    if action not in list(Action):
        raise BadInput(f"action: one of {', '.join(Action)}", "action")
    for name, kind in _KINDS.items():
        if name in body:
            _need(name, body[name], kind)
    judged = body.get("as")
    if judged is not None and judged not in list(Judgement):
        raise BadInput(f"as: one of {', '.join(Judgement)}", "as")
    said = {name: body[name] for name in ("note", "agree", "to", "renewed", "seen") if name in body}
    return Wish(action, judged=judged, **said)


def _need(name: str, value: Any, kind: type) -> None:
    if type(value) is not kind or (isinstance(value, int) and value < 0):
        raise BadInput(f"{name}: not of its kind", name)
    if isinstance(value, str) and len(value) > _WISH[name].get("maxLength", 2000):
        raise BadInput(f"{name}: too long", name)


def _ids(body: dict[str, Any]) -> list[str]:
    ids = body.get("ids")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadInput("ids: a list of them", "ids")
    return ids


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("alarms", __name__)
    ledger = Ledger(deps.store, deps.park.zone)

    @pages.get("/api/v1/alarms")
    @says(
        "Alarms of the ledger, newest first; every page of a walk is of the moment that the first one is of",
        AT, _STATE, _LEVEL, _STAGE, _SCREEN, _KIND, _OWNER, _POINT, _WORDS, _FROM, _TO, _LIMIT, _CURSOR,
        answer=_PAGE,
    )  # fmt: skip
    @deps.needs(Right.view)
    def alarms() -> dict[str, Any]:
        return ledger.page(_filter(), asked_moment(deps), deps.viewer().scope, _LIMIT.number(), _CURSOR.asked())

    @pages.get("/api/v1/alarms/counts")
    @says(
        "How many alarms are open at a moment, by level and by stage; how many of these last, how many are late",
        AT,
        answer=_COUNTS,
    )
    @deps.needs(Right.view)
    def counts() -> dict[str, Any]:
        at = asked_moment(deps)
        return {"at": iso(at), **vars(deps.alarm_counts.at(at, deps.viewer().scope))}

    @pages.get("/api/v1/alarms/<path:id>")
    @says("An alarm with its whole timeline", _ID, AT, answer=_WHOLE, refusals=(404,))
    @deps.needs(Right.view)
    def alarm(id: str) -> dict[str, Any]:
        return ledger.one(id, asked_moment(deps), deps.viewer())

    @pages.post("/api/v1/alarms/actions")
    @says(
        "Do one thing with several alarms; what is refused harms no other",
        answer=_DONE, bodies={JSON: _ACT_ON}, refusals=(429, 507),
    )  # fmt: skip
    @deps.needs(Right.act_alarm)
    def act_on() -> dict[str, Any]:
        body = posted_as(_ACT_ON)
        return ledger.act_on(_ids(body), _wish(body), deps.viewer(), origin())

    @pages.post("/api/v1/alarms/<path:id>/actions")
    @says(
        "Do something with an alarm; the alarm as it is then",
        _ID,
        answer=_WHOLE, bodies={JSON: _ACT}, refusals=(403, 404, 409, 429, 507),
    )  # fmt: skip
    @deps.needs(Right.act_alarm)
    def act(id: str) -> dict[str, Any]:
        return ledger.act(id, _wish(posted_as(_ACT)), deps.viewer(), origin())

    return pages


RESOURCE = Resource("alarms", _routes)
