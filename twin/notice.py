"""Something that people have to be told: what, whom, when. Written with its cause, in the one transaction; who that is
by name, and by which channel, is found when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from twin.moment import Moment


class NoticeKind(StrEnum):
    """What a notice is about."""

    ALARM = "alarm"
    GAS_WARNING = "gas_warning"
    CAUTION = "caution"  # caution notice, named criticism, inspection (R-GAS-7, R-GAS-8)
    EXPIRY = "expiry"
    DANGER = "danger"
    DISASTER = "disaster"
    DUTY = "duty"
    APPROVAL = "approval"  # something waits for somebody's decision, or was decided
    FREE = "free"


class Post(StrEnum):
    """An office that somebody holds: of the park, or of an enterprise."""

    DUTY_LEADER = "duty_leader"  # whoever leads the park's shift at that moment (DR-3)
    PARK_DUTY_STAFF = "park_duty_staff"  # whoever is on the park's shift
    BUREAU_HEAD = "bureau_head"  # head of the park safety bureau
    PARK_LEADER_SAFETY = "park_leader_safety"  # park leader in charge of safety
    PARK_DEPUTY = "park_deputy"  # deputy director for safety and emergency
    PARK_HEAD = "park_head"
    AUTHORITY_HEAD = "authority_head"  # head of the safety authority
    ENVIRONMENT = "environment"  # the environmental side (R-GAS-5)
    GRID_OFFICER = "grid_officer"
    CONTROL_ROOM = "control_room"
    TOWN = "town"  # town or street (R-PU-5)
    COUNTY = "county"
    COMMAND_CENTRE = "command_centre"  # 指挥中心 (R-PU-6)
    SPECIAL = "special"  # special cases (R-PU-2, 特殊类)
    ENTERPRISE_HEAD = "enterprise_head"  # 主要负责人, general manager
    SAFETY_DEPUTY = "safety_deputy"  # 分管安全领导
    SAFETY_DIRECTOR = "safety_director"  # 安全总监
    SAFETY_DEPARTMENT_HEAD = "safety_department_head"
    LINE_MANAGER = "line_manager"
    ENTERPRISE_DUTY_STAFF = "enterprise_duty_staff"  # whoever is on the enterprise's shift


PARK_POSTS = frozenset(
    {
        Post.DUTY_LEADER, Post.PARK_DUTY_STAFF, Post.BUREAU_HEAD, Post.PARK_LEADER_SAFETY, Post.PARK_DEPUTY,
        Post.PARK_HEAD, Post.AUTHORITY_HEAD, Post.ENVIRONMENT, Post.GRID_OFFICER, Post.CONTROL_ROOM, Post.TOWN,
        Post.COUNTY, Post.COMMAND_CENTRE, Post.SPECIAL,
    }
)  # fmt: skip


def of_park(post: Post) -> str:
    """Whoever holds a post of the park, as an addressee."""
    return f"post:{post}"


def of_enterprise(post: Post, enterprise: str) -> str:
    """Whoever holds a post of an enterprise."""
    return f"post:{post}@{enterprise}"


def one_person(recipient: str) -> str:
    """A recipient of the address book."""
    return f"person:{recipient}"


def one_account(account: str) -> str:
    """Whoever signs in as that, in the app; in the address book or not."""
    return f"account:{account}"


def one_number(mobile: str) -> str:
    """A mobile number that nobody of the address book need have (R-PU-3)."""
    return f"number:{mobile}"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``id`` says what it is: posted again, it is told once.

    ``to`` holds addressees as the functions of this module write them; ``template`` names one of the templates of
    notices, whose fields ``args`` fills (texts of ``twin.content``, numbers, moments); ``due``: not before then.
    ``channels``: by these alone; empty: by those that its kind and the recipient have.
    """

    id: str
    kind: NoticeKind
    subject: str  # the alarm, warning, paper … it is about
    at: Moment  # when its rule held
    due: Moment
    to: tuple[str, ...]
    template: str
    args: Mapping[str, Any] = field(default_factory=dict)
    level: str | None = None
    owner: str | None = None
    channels: tuple[str, ...] = ()
