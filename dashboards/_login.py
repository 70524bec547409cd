"""The sign-in page and that of the first password: plain pages of the house, without Dash, for nobody is in yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlencode

import orjson

from dashboards._frame import asset_url
from twin.content import both
from twin.labels import catalogue, say

_PAGE = Template((Path(__file__).parent / "_login.html").read_text("utf-8"))
_STYLES = ("tokens", "shell", "login")
_TONGUES = {"zh": "zh-CN", "en": "en-GB"}
_WRONG = "people.wrong."
_ENDED = "people.ended."
SIGN_IN, CHANGE = "sign_in", "change"
# Name, kind, what a password manager takes it for, and whether it is there from the first.
_FIELDS: dict[str, Sequence[tuple[str, str, str, bool]]] = {
    SIGN_IN: (
        ("account", "text", "username", True),
        ("password", "password", "current-password", True),
        ("code", "text", "one-time-code", False),
    ),
    CHANGE: (
        ("old", "password", "current-password", True),
        ("password", "password", "new-password", True),
        ("again", "password", "new-password", True),
    ),
}


@dataclass(frozen=True)
class Door:
    """What a page of signing in shows. ``why``: a code that says why one is here; ``provider``: the names of an
    identity provider that can be asked instead, in Chinese and English."""

    form: str
    park_zh: str
    park_en: str
    lang: str
    next: str = "/"
    why: str = ""
    csrf: str = ""
    provider: tuple[str, str] | None = None


def login_page(door: Door) -> str:
    """The whole page."""
    lang = door.lang if door.lang in _TONGUES else "zh"
    other = "en" if lang == "zh" else "zh"
    text = {
        "park": say(both(door.park_zh, door.park_en), lang),
        "tongue": _TONGUES[lang],
        "title": _say(f"people.{door.form}", lang),
        "go": _say(f"people.{door.form}.go", lang),
        "form": door.form,
        "said": _why(door.why, lang),
        "foot": _say("people.foot", lang),
        "next": door.next,
        "csrf": door.csrf,
        "phrases": orjson.dumps(_phrases(lang)).decode(),
        "switch": "?" + urlencode({"next": door.next, "lang": other} | ({"why": door.why} if door.why else {})),
        "tongues": _say("people.tongue", other),
        "script": asset_url("later/login/login.js"),
    }
    made = {"styles": _styles(), "fields": _fields(door.form, lang), "other": _other(door, lang)}
    return _PAGE.substitute({name: escape(each) for name, each in text.items()} | made)


def _say(key: str, lang: str, **args: Any) -> str:
    return say({"key": key, "args": args}, lang)


def _why(why: str, lang: str) -> str:
    """Only what the catalogue knows is said: the address may hold anything."""
    key = _ENDED + why
    return _say(key, lang) if key in catalogue(lang) else ""


def _phrases(lang: str) -> dict[str, str]:
    return {key.removeprefix(_WRONG): each for key, each in catalogue(lang).items() if key.startswith(_WRONG)}


def _styles() -> str:
    return "".join(f'<link rel="stylesheet" href="{asset_url(f"css/{each}.css")}">' for each in _STYLES)


def _fields(form: str, lang: str) -> str:
    return "".join(_field(*each, form, lang) for each in _FIELDS[form]) + (
        f'<p class="rule">{escape(_say("people.rule", lang))}</p>' if form == CHANGE else ""
    )


def _field(name: str, kind: str, manager: str, shown: bool, form: str, lang: str) -> str:
    label = escape(_say(f"people.{form}.{name}", lang))
    needed, hidden = (" required", "") if shown else ("", " hidden")
    keys = ' inputmode="numeric"' if manager == "one-time-code" else ""
    field = f'<input name="{name}" type="{kind}" autocomplete="{manager}" maxlength="200"{keys}{needed}>'
    return f"<label{hidden}>{label}{field}</label>"


def _other(door: Door, lang: str) -> str:
    """The way by an identity provider."""
    if door.provider is None or door.form != SIGN_IN:
        return ""
    name = escape(_say("people.by", lang, name=both(*door.provider)))
    return f'<a class="other" href="/login/oidc?{escape(urlencode({"next": door.next}))}">{name}</a>'
