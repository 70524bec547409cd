"""Sends one message by one channel. Whatever a gateway does, it ends in an ``Answer``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import get_ident
from typing import Any
from urllib.parse import urlencode

import orjson
import requests

from twin.errors import ParkError
from twin.notify_settings import GATEWAYS, Channel, ChannelKind

_CONNECT_S = 5.0
_SAID = 300  # characters of an answer that are kept


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. ``id`` is the message's own number: who is asked again under the same one has it already."""

    id: str
    address: str
    name: str
    title: str
    body: str
    kind: str
    level: str | None
    subject: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How it went. ``hopeless``: it will never be taken, so it is not tried again."""

    taken: bool
    said: str
    hopeless: bool = False


Send = Callable[[Letter], Answer]


def sender(channel: Channel) -> Send:
    """Who sends by a channel."""
    if channel.kind in GATEWAYS:
        return lambda letter: _safely(_by_gateway, channel, letter)
    if channel.kind == ChannelKind.WEBHOOK:
        return lambda letter: _safely(_by_webhook, channel, letter)
    return lambda letter: _safely(_by_apprise, channel, letter)


def _safely(send: Callable[[Channel, Letter], Answer], channel: Channel, letter: Letter) -> Answer:
    try:
        return send(channel, letter)
    except (requests.RequestException, ParkError, OSError, ValueError) as error:
        return Answer(False, f"{type(error).__name__}: {error}"[:_SAID])


def _by_gateway(channel: Channel, letter: Letter) -> Answer:
    said = {"id": letter.id, channel.number_field: letter.address, channel.text_field: f"{letter.title}\n{letter.body}"}
    return _judge(channel, _post(channel, letter, said))


def _by_webhook(channel: Channel, letter: Letter) -> Answer:
    names = ("id", "title", "body", "kind", "level", "subject")
    return _judge(channel, _post(channel, letter, {name: getattr(letter, name) for name in names}))


def _post(channel: Channel, letter: Letter, said: Mapping[str, Any]) -> requests.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": letter.id}
    wait = (min(_CONNECT_S, channel.timeout_s), channel.timeout_s)
    body = orjson.dumps(said)
    return requests.post(channel.address(), body, headers=headers, timeout=wait, allow_redirects=False)


def _judge(channel: Channel, answer: requests.Response) -> Answer:
    """Taken is what the gateway says is taken; what cannot be understood is not."""
    said = f"{answer.status_code} {answer.text[:_SAID]}".strip()
    if answer.status_code in (400, 404, 410, 413, 422):
        return Answer(False, said, hopeless=answer.status_code in (400, 422))
    if not 200 <= answer.status_code < 300:
        return Answer(False, said)
    if not channel.accepted_field:
        return Answer(True, said)
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return Answer(False, f"not understood: {said}"[:_SAID])
    found = told.get(channel.accepted_field) if isinstance(told, dict) else None
    return Answer(str(found) == channel.accepted_value, said)


class _Heard(logging.Handler):
    """What the library says of a sending that failed; it answers with yes or no alone."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._mine = get_ident()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is said of this sending."""
        if record.thread == self._mine:
            self.said.append(record.getMessage())


def _by_apprise(channel: Channel, letter: Letter) -> Answer:
    import apprise  # noqa: PLC0415 - takes long to load, and few parks need it

    url = channel.address()
    if channel.kind == ChannelKind.EMAIL:
        joint = "&" if "?" in url else "?"
        url = f"{url}{joint}{urlencode({'to': letter.address, '+X-ParkTwin-Message': letter.id})}"
    service = apprise.Apprise.instantiate(url)
    if service is None:
        return Answer(False, f"channel '{channel.id}': its address cannot be understood")
    heard = _Heard()
    log = logging.getLogger("apprise")
    log.addHandler(heard)
    try:
        taken = bool(service.notify(title=letter.title, body=letter.body))
    finally:
        log.removeHandler(heard)
    return Answer(taken, "taken" if taken else "; ".join(heard.said)[:_SAID] or "refused")
