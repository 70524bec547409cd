"""The address book: who may be told of what, and by which way (R-PU-4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from dashboards.panels._origin import lines_figures
from dashboards.panels._people import PLOTS
from dashboards.panels._state import latest
from models.recipient import PERSONAL, usual_channels
from twin import formula
from twin.content import Content, Text, both, meta, requests, text
from twin.lineage import Figure, Inputs, Origin
from twin.notice import Post
from twin.roles import Right
from twin.screen import ListOf, Look, Panel, Rows

PEOPLE = "notify/people"
ADDRESS = "/api/v1/recipients"
SHOWN = 200
COLUMNS = (
    ("recipient_name", "text", None),
    ("post", "code", None),
    ("owner", "text", None),
    ("mobile", "text", None),
    ("email", "text", None),
    ("account", "text", None),
)
FIELDS = ("name", "mobile", "email", "account")


def draw(rows: Rows, look: Look) -> Content:
    """The park's own first, then by enterprise; each with what can be changed, and a form for somebody new."""
    found = rows["people"]
    return requests(
        [_line(each) for each in found.head(SHOWN).iter_rows(named=True)],
        found.height,
        form=_form(),
        choices=_choices(look),
        search=text("recipients.search"),
        empty=text("recipients.none"),
        list="people",
        meta=meta(latest(found, "known")),
    )


def _line(one: dict[str, Any]) -> dict[str, Any]:
    where = f"{ADDRESS}/{quote(one['id'], safe='')}/change"
    switch = "disable" if one["enabled"] else "enable"
    ways: list[Text] = [text(f"channel.{each}") for each in one["channels"] or usual_channels(one["post"])]
    return {
        "key": one["id"],
        "title": one["recipient_name"],
        "sub": text("recipients.who", post=_post(one["post"]), held=_held(one)),
        "by": text("recipients.reached", **{name: one[name] or "" for name in FIELDS[1:]}),
        "right": text("recipients.on" if one["enabled"] else "recipients.off"),
        "right_sub": ways,
        "acts": [
            {"key": "change", "label": text("recipients.change"), "post": where, "right": Right.manage_recipients,
             "body": {}, "fields": _fields(one)},
            {"key": switch, "label": text(f"recipients.{switch}"), "post": where, "right": Right.manage_recipients,
             "body": {"enabled": "true" if switch == "enable" else "false"}},
            {"key": "write", "label": text("recipients.write"), "post": "/api/v1/messages", "right": Right.send_notice,
             "body": {"to": one["id"]}, "fields": [_words()]},
        ],
    }  # fmt: skip


def _post(post: str | None) -> Text:
    return text(f"post.{post}") if post else ""


def _held(one: dict[str, Any]) -> Text:
    return both(one["owner_zh"], one["owner_en"]) if one["owner"] else text("accounts.of_park")


def _words() -> dict[str, Any]:
    return {"name": "words", "type": "text", "label": text("messages.form.words")}


def _fields(one: dict[str, Any]) -> list[dict[str, Any]]:
    said = {**one, "name": one.get("recipient_name")}
    typed = [
        {"name": name, "type": "text", "label": text(f"recipients.{name}"), "value": said.get(name) or "",
         "optional": name != "name"}
        for name in FIELDS
    ]  # fmt: skip
    options = [{"value": str(each), "label": text(f"channel.{each}")} for each in PERSONAL]
    return [*typed, {"name": "channels", "type": "several", "label": text("recipients.channels"), "options": options}]


def _form() -> dict[str, Any]:
    held = {"name": "enterprise", "type": "choice", "label": text("accounts.enterprise"), "choices": "enterprise"}
    post = {"name": "post", "type": "choice", "label": text("recipients.post"), "choices": "post"}
    id = {"name": "id", "type": "text", "label": text("recipients.id")}
    fields = [id, *_fields({}), post, held]
    return {"label": text("recipients.add"), "post": ADDRESS, "right": Right.manage_recipients, "fields": fields}


def _choices(look: Look) -> dict[str, list[dict[str, Any]]]:
    plots = [
        {"value": each.id, "label": both(each.name_zh, each.name_en)} for each in look.park.features.get(PLOTS, ())
    ]
    posts = [{"value": str(each), "label": text(f"post.{each}")} for each in Post]
    return {
        "enterprise": [{"value": "", "label": text("accounts.of_park")}, *plots],
        "post": [{"value": "", "label": text("recipients.no_post")}, *posts],
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many people."""
    yield Figure("total", formula.count("people"), text("explain.recipients.total"))
    yield from lines_figures("people", rows["people"].head(SHOWN), ("by/args/mobile", "mobile"))
    yield Figure("meta/ts", formula.highest("people", "known"), text("explain.recipients.newest"), rules="")


PANEL = Panel(
    key="recipients",
    reads=frozenset({"recipient", "minute"}),
    queries={"people": PEOPLE},
    draw=draw,
    lists={"people": ListOf(PEOPLE, COLUMNS)},
    rule="R-PU-4",
    origin=Origin({"people": Inputs(PEOPLE, COLUMNS)}, figures),
)
