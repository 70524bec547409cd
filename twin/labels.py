"""The catalogue: every phrase of the screens in Chinese and English, and how a text is said in one of them.

Phrases lie in ``locale/*zh.json`` and ``locale/*en.json`` (flat keys; ``{name}`` stands for an argument).
The browser has the same catalogue and does the same; here it is needed for files that are exported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

LANGUAGES = ("zh", "en")
_COMMA = {"zh": "、", "en": ", "}
_FOLDER = Path(__file__).parent / "locale"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All phrases of a language, from every file of it, in order of the files' names."""
    merged: dict[str, str] = {}
    for path in sorted(_FOLDER.glob(f"*{lang}.json")):
        merged.update(json.loads(path.read_text("utf-8")))
    return merged


def say(said: Any, lang: str, zone: str = "UTC") -> str:
    """A text in one language; clock times are told in ``zone``. A key without a phrase says itself."""
    if said is None:
        return ""
    if isinstance(said, list):
        return _COMMA[lang].join(say(each, lang, zone) for each in said)
    if not isinstance(said, Mapping):
        return str(said)
    if "key" in said:
        return _phrase(str(said["key"]), said.get("args") or {}, lang, zone)
    if "at" in said or "since" in said or "until" in said:
        return _clock(str(said.get("at") or said.get("since") or said.get("until")), zone)
    return str(said.get(lang) or said.get("zh") or said.get("en") or "")


def _phrase(key: str, args: Mapping[str, Any], lang: str, zone: str) -> str:
    # one of a thing may have a phrase of its own, as in the browser
    one = catalogue(lang).get(f"{key}.one") if args.get("n") == 1 else None
    phrase = one or catalogue(lang).get(key, key)
    return Formatter().vformat(phrase, (), _Args({name: say(each, lang, zone) for name, each in args.items()}))


class _Args(dict[str, str]):
    """An argument that was not given is left out, as in the browser."""

    def __missing__(self, name: str) -> str:
        return ""


def _clock(iso: str, zone: str) -> str:
    return datetime.fromisoformat(iso).astimezone(ZoneInfo(zone)).strftime("%H:%M")
