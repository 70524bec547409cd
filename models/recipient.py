"""Who may be told of what (R-PU-4), and who that is for a notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from twin.content import text
from twin.errors import BadInput
from twin.labels import LANGUAGES
from twin.level import AlarmLevel, Risk
from twin.notice import PARK_POSTS, NoticeKind, Post
from twin.notify_settings import GROUPS, ChannelKind

DEFAULT_CHANNELS = (ChannelKind.APP, ChannelKind.SMS)  # R-PU-3; leaders are telephoned as well
LEADERS = frozenset(
    {
        Post.DUTY_LEADER, Post.BUREAU_HEAD, Post.PARK_LEADER_SAFETY, Post.PARK_DEPUTY, Post.PARK_HEAD,
        Post.AUTHORITY_HEAD, Post.ENTERPRISE_HEAD,
    }
)  # fmt: skip
# Ours: a telephone rings for what cannot wait, and for nothing else.
_RINGS = frozenset({NoticeKind.ALARM, NoticeKind.GAS_WARNING})
_RINGS_AT = frozenset({AlarmLevel.S, AlarmLevel.A, Risk.RED, Risk.ORANGE})
LEVELS = (*AlarmLevel, *Risk)
PERSONAL = tuple(each for each in ChannelKind if each not in GROUPS)
_MOBILE = re.compile(r"\+?[0-9]{5,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_ID = re.compile(r"[A-Za-z0-9._-]{1,60}")
ON_SHIFT = frozenset({Post.DUTY_LEADER, Post.PARK_DUTY_STAFF, Post.ENTERPRISE_DUTY_STAFF})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of the address book. Empty ``kinds``, ``sources`` and ``levels`` let everything pass."""

    id: str
    name: str
    post: str | None = None
    enterprise: str | None = None
    mobile: str | None = None
    email: str | None = None
    account: str | None = None
    language: str = "zh"
    enabled: bool = True
    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def address(self, channel: str) -> str | None:
        """Where a channel reaches them, None where it does not."""
        if channel == ChannelKind.APP:
            return self.account
        return self.email if channel == ChannelKind.EMAIL else self.mobile

    def wants(self, kind: str, level: str | None, source: str | None) -> bool:
        """Whether a notice of a kind, a level and a source is for them; what has no source is for all."""
        wanted = (not self.kinds or kind in self.kinds) and (not self.levels or level in self.levels)
        return self.enabled and wanted and (not self.sources or source is None or source in self.sources)


def checked(one: Recipient, enterprises: Iterable[str]) -> Recipient:
    """A recipient as may be kept.

    Raises:
        BadInput: names the field.
    """
    for name, why in (*_who(one, frozenset(enterprises)), *_how(one)):
        raise BadInput(f"{name}: {why}", name, said=text(f"refused.recipient.{name}"))
    return one


def _who(one: Recipient, enterprises: frozenset[str]) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(one.id):
        yield "id", "1 to 60 letters, digits, points, dashes"
    if not 0 < len(one.name.strip()) <= 60:
        yield "name", "1 to 60 characters"
    if one.post is not None and one.post not in list(Post):
        yield "post", f"'{one.post[:40]}' is none of {', '.join(Post)}"
    if one.enterprise is not None and one.enterprise not in enterprises:
        yield "enterprise", f"there is no enterprise '{one.enterprise[:40]}'"
    if one.post is not None and (one.post in PARK_POSTS) == (one.enterprise is not None):
        yield "enterprise", "a post of an enterprise needs one, a post of the park has none"


def _how(one: Recipient) -> Iterator[tuple[str, str]]:
    if one.mobile is not None and not _MOBILE.fullmatch(one.mobile):
        yield "mobile", "5 to 15 digits, perhaps after a +"
    if one.email is not None and not _EMAIL.fullmatch(one.email):
        yield "email", "not an address of e-mail"
    if one.language not in LANGUAGES:
        yield "language", f"one of {', '.join(LANGUAGES)}"
    yield from _unknown("channels", one.channels, PERSONAL)
    yield from _unknown("kinds", one.kinds, tuple(NoticeKind))
    yield from _unknown("levels", one.levels, LEVELS)


def _unknown(name: str, said: Sequence[str], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((name, f"'{each[:40]}' is none of {', '.join(known)}") for each in said if each not in known)


def usual_channels(post: str | None) -> tuple[ChannelKind, ...]:
    """The ways to whoever holds a post and has chosen none (R-PU-3); leaders are telephoned only of what is grave."""
    return (*DEFAULT_CHANNELS, ChannelKind.VOICE) if post in LEADERS else DEFAULT_CHANNELS


class Way(NamedTuple):
    """One message of a notice: to whom, by which channel, at which address; ``why`` there is no way, else None."""

    recipient: Recipient
    channel: str
    address: str | None
    why: str | None = None


@dataclass(frozen=True)
class Asked:
    """What of a notice decides who is told."""

    to: Sequence[str]
    kind: str
    level: str | None
    channels: Sequence[str] = ()
    source: str | None = None  # table of the alarm, or "reading"

    @property
    def rings(self) -> bool:
        """Whether leaders are telephoned of it, who have not chosen their ways."""
        return ChannelKind.VOICE in self.channels or (self.kind in _RINGS and self.level in _RINGS_AT)


@dataclass(frozen=True)
class Book:
    """The address book of a moment. ``on_shift``: who is on duty in a post (DR-3), by post and enterprise."""

    recipients: Sequence[Recipient]
    configured: frozenset[str]
    on_shift: Callable[[Post, str | None], Sequence[Recipient]] = lambda _post, _enterprise: ()
    _posts: Mapping[tuple[str, str | None], list[Recipient]] = field(init=False)
    _ids: Mapping[str, Recipient] = field(init=False)

    def __post_init__(self) -> None:
        posts: dict[tuple[str, str | None], list[Recipient]] = {}
        for each in self.recipients:
            if each.post is not None:
                posts.setdefault((each.post, each.enterprise), []).append(each)
        object.__setattr__(self, "_posts", posts)
        object.__setattr__(self, "_ids", {each.id: each for each in self.recipients})

    def ways(self, asked: Asked) -> list[Way]:
        """Every message that a notice makes; an addressee who cannot be reached makes one that says why. Nobody is
        told twice by one channel."""
        made: dict[tuple[str, str | None], Way] = {}
        for addressee in asked.to:
            for way in self._of(addressee, asked):
                made.setdefault((way.channel, way.address or f"{addressee}/{way.recipient.id}"), way)
        return list(made.values())

    def _of(self, addressee: str, asked: Asked) -> Iterator[Way]:
        form, _, rest = addressee.partition(":")
        if form == "number":
            channel = ChannelKind.SMS
            stranger = Recipient(rest, rest, mobile=rest, channels=(channel,))
            yield self._way(stranger, channel)
            return
        if form == "account":
            yield self._way(Recipient(rest, rest, account=rest), ChannelKind.APP)
            return
        people = self._people(form, rest)
        if not people:
            yield Way(Recipient(addressee, ""), "", None, "nobody")
        held = rest.partition("@")[0] if form == "post" else None
        for each in people:
            yield from self._ways_to(each, held or each.post, asked)

    def _people(self, form: str, rest: str) -> Sequence[Recipient]:
        if form == "person":
            return [self._ids[rest]] if rest in self._ids else []
        post, _, enterprise = rest.partition("@")
        held: Sequence[Recipient] = ()
        if post in ON_SHIFT:
            held = self.on_shift(Post(post), enterprise or None)
        return held or self._posts.get((post, enterprise or None), [])

    def _ways_to(self, one: Recipient, post: str | None, asked: Asked) -> Iterator[Way]:
        if not one.wants(asked.kind, asked.level, asked.source):
            return
        usual = one.channels or (usual_channels(post) if asked.rings else DEFAULT_CHANNELS)
        chosen = [each for each in usual if not asked.channels or each in asked.channels]
        ways = [self._way(one, each) for each in chosen]
        open_ways = [each for each in ways if each.why is None]
        yield from open_ways or ways[:1] or [Way(one, "", None, "no_channel")]

    def _way(self, one: Recipient, channel: str) -> Way:
        address = one.address(channel)
        if channel not in self.configured:
            return Way(one, channel, None, "not_configured")
        return Way(one, channel, address, None if address else "no_address")
