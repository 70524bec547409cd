"""How people are reached: ``[notify]``, ``[[channels]]`` and ``[[routes]]`` of ``park.toml``.

A secret stands in no file: ``${NAME}`` in an address is taken from the environment when it is used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from twin.errors import ParkError
from twin.letter import template_faults

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ChannelKind(StrEnum):
    """Ways to reach people. ``app`` is always there."""

    APP = "app"
    SMS = "sms"  # a gateway that takes an HTTP call for each message
    VOICE = "voice"  # the same for calls
    EMAIL = "email"  # mailtos://… as apprise writes it
    WEBHOOK = "webhook"  # a group: JSON to an address
    DINGTALK = "dingtalk"  # a group: dingtalk://token
    WECOM = "wecom"  # a group: wecombot://key


GROUPS = frozenset({ChannelKind.WEBHOOK, ChannelKind.DINGTALK, ChannelKind.WECOM})
GATEWAYS = frozenset({ChannelKind.SMS, ChannelKind.VOICE})


@dataclass(frozen=True)
class Channel:
    """One ``[[channels]]`` entry. ``url``: where messages go; a mail server or a bot is written as apprise does. A
    group hears what fits its ``levels`` and ``kinds`` (none named: all)."""

    id: str
    kind: str
    url: str
    timeout_s: float = 30.0  # a gateway that has not answered by then is asked again, under the message's own number
    at_once: int = 4  # messages under way at the same time
    accepted_field: str = ""  # of a gateway's JSON answer; what it must say for the message to count as taken
    accepted_value: str = ""
    number_field: str = "mobile"  # names of the fields of what is posted to a gateway
    text_field: str = "content"
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def address(self) -> str:
        """Where messages go, its variables filled in.

        Raises:
            ParkError: a variable is not set.
        """
        return _VARIABLE.sub(lambda found: _variable(found.group(1), self.id), self.url)


def _variable(name: str, channel: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ParkError(f"channel '{channel}': the environment has no {name}", "channels.url")
    return value


@dataclass(frozen=True)
class Route:
    """One ``[[routes]]`` entry: of alarms of these levels, kinds, origins, owners and zones (none named: all), who is
    told, after ``delay_s``, ``times`` times, ``every_s`` apart. ``when``: confirmed (R-PU-2), overdue, or daily."""

    id: str
    posts: tuple[str, ...]
    when: str = "confirmed"
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()  # of the owner, or of what is alarmed itself
    channels: tuple[str, ...] = ()
    delay_s: float = 0.0
    times: int = 1
    every_s: float = 60.0


@dataclass(frozen=True)
class NotifySettings:
    """``[notify]``, with its lists. No routes of its own: those of the rules (``models.routing``) count."""

    retry_s: float = 5.0  # a failed sending is tried again after this, then after twice as long …
    retry_most_s: float = 600.0  # … and so long at most
    give_up_h: float = 24.0  # and no more after so long
    sms_budget: int = 2_160_000  # messages planned (MS-2)
    digest_hour: int = 8  # of the park's day, when daily routes are told
    templates: Mapping[str, str] = field(default_factory=dict)  # "alarm.body.zh" -> what it says instead
    channels: tuple[Channel, ...] = ()
    routes: tuple[Route, ...] = ()


def read_notify(raw: Mapping[str, Any]) -> NotifySettings:
    """What a park says of it.

    Raises:
        ParkError: something is not known.
    """
    said = raw.get("notify", {})
    wrong = next(template_faults(said.get("templates", {})), None) if isinstance(said, Mapping) else None
    if wrong is not None:
        raise ParkError(f"park.toml: notify.templates.{wrong[0]}: {wrong[1]}", f"notify.templates.{wrong[0]}")
    plain = _made(NotifySettings, said if isinstance(said, Mapping) else {}, "notify")
    channels = tuple(_made(Channel, each, "channels") for each in raw.get("channels", []))
    routes = tuple(_made(Route, each, "routes") for each in raw.get("routes", []))
    return NotifySettings(**{**vars(plain), "channels": channels, "routes": routes})


def _made(kind: type, raw: Mapping[str, Any], name: str) -> Any:
    unknown = sorted(set(raw) - {each.name for each in fields(kind)})
    if unknown:
        raise ParkError(f"park.toml: [{name}] knows no '{unknown[0]}'", f"{name}.{unknown[0]}")
    try:
        return kind(**{key: tuple(each) if isinstance(each, list) else each for key, each in raw.items()})
    except TypeError as error:
        raise ParkError(f"park.toml: [{name}] {error}", name) from error
