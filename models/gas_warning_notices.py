"""Who is told of a gas warning (R-GAS-4 … R-GAS-8, R-GAS-11, R-GAS-12): the routing table as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.gas_caution import CautionKind
from models.gas_warning_state import GRAVE, GasWarning
from models.wording import medium_name
from twin.content import Text, both, text
from twin.content import at as clock
from twin.moment import Moment
from twin.notice import Notice, NoticeKind, Post, of_enterprise, of_park

# level -> the enterprise's own first person answerable, and those of the park
INSIDE: Mapping[str, tuple[Post, tuple[Post, ...]]] = {
    "blue": (Post.SAFETY_DEPARTMENT_HEAD, (Post.DUTY_LEADER,)),
    "yellow": (Post.SAFETY_DIRECTOR, (Post.BUREAU_HEAD,)),
    "orange": (Post.SAFETY_DEPUTY, (Post.PARK_LEADER_SAFETY,)),
    "red": (Post.ENTERPRISE_HEAD, (Post.PARK_HEAD, Post.AUTHORITY_HEAD)),
}
# level -> those of the park, and the post of each enterprise that it touches
PUBLIC: Mapping[str, tuple[tuple[Post, ...], Post]] = {
    "blue": ((Post.DUTY_LEADER,), Post.SAFETY_DEPARTMENT_HEAD),
    "yellow": ((Post.BUREAU_HEAD,), Post.SAFETY_DIRECTOR),
    "orange": ((Post.PARK_DEPUTY,), Post.SAFETY_DEPUTY),
    "red": ((Post.PARK_HEAD, Post.AUTHORITY_HEAD), Post.ENTERPRISE_HEAD),
}
ON_DUTY = (of_park(Post.DUTY_LEADER), of_park(Post.PARK_DUTY_STAFF))


def addressees(warning: GasWarning, level: str) -> tuple[str, ...]:
    """Who is told of a level by the routing table."""
    if warning.owner is not None:
        own, park = INSIDE[level]
        return (of_enterprise(own, warning.owner), *map(of_park, park))
    park, theirs = PUBLIC[level]
    return (*map(of_park, park), *(of_enterprise(theirs, each) for each in warning.affected))


def answerable(warning: GasWarning) -> tuple[str, ...]:
    """The persons answerable for what is overdue: R-GAS-6 inside, else those of the park whom its level is told."""
    if warning.owner is not None:
        return (of_enterprise(INSIDE[warning.worst][0], warning.owner),)
    return tuple(map(of_park, PUBLIC[warning.worst][0]))


def of_level(warning: GasWarning, at: Moment, known: Moment) -> list[Notice]:
    """Who is told of a new or a higher level: those of the table, who follows the plan, the environmental side."""
    level = warning.level or "blue"
    occasion = f"{warning.id}-{warning.raised}-{level}"
    told = [_notice(occasion, warning, "gas_warning", addressees(warning, level), at, known)]
    if level in GRAVE:
        told.append(_notice(f"{occasion}-plan", warning, "gas_plan", ON_DUTY, at, known))
    if warning.toxic:
        side = (of_park(Post.ENVIRONMENT),)
        told.append(_notice(f"{occasion}-environment", warning, "gas_environment", side, at, known))
    return told


def of_spread(before: GasWarning, warning: GasWarning, at: Moment, known: Moment) -> list[Notice]:
    """Whom a spreading leak in a public area has come to touch is told of it, at the level that it has."""
    level = warning.level
    if warning.owner is not None or level is None:
        return []
    fresh = [each for each in warning.affected if each not in before.affected]
    occasion, post = f"{warning.id}-{warning.raised}-{level}", PUBLIC[level][1]
    return [
        _notice(f"{occasion}-{each}", warning, "gas_affected", (of_enterprise(post, each),), at, known)
        for each in fresh
    ]


def of_action(before: GasWarning, warning: GasWarning, action: str, note: str, known: Moment) -> list[Notice]:
    """What people's actions have others told: a level set by hand, the pre-warning, the release."""
    said: dict[str, Any] = {"who": warning.last_by, "note": note}
    occasion = f"{warning.id}-{warning.events}-{action}"
    if action == "level" and warning.raised == before.raised:
        to = addressees(warning, before.level or warning.worst)
        said |= {"before": text(f"level.{before.level}") if before.level else text("warning.over")}
        return [_notice(occasion, warning, "gas_lowered", to, known, known, **said)]
    if action == "level":
        return of_level(warning, known, known)
    if action == "prestart":
        to = tuple(dict.fromkeys((*ON_DUTY, *addressees(warning, warning.level or "blue"))))
        return [_notice(occasion, warning, "gas_prestart", to, known, known, **said)]
    if action == "close":
        to = tuple(dict.fromkeys((*addressees(warning, warning.worst), of_park(Post.DUTY_LEADER))))
        basis = text(f"warning.basis.{warning.basis}")
        return [_notice(occasion, warning, "gas_released", to, known, known, basis=basis, **said)]
    return []


def of_overdue(warning: GasWarning, caution: str, kind: CautionKind, row: int, known: Moment) -> Notice:
    """The caution notice, the named criticism, or the order to inspect; ``caution``: its id on file."""
    to = (*answerable(warning), of_park(Post.BUREAU_HEAD))
    if kind is CautionKind.INSPECTION and warning.owner is not None:
        to = (of_park(Post.BUREAU_HEAD), of_park(Post.DUTY_LEADER), of_enterprise(Post.ENTERPRISE_HEAD, warning.owner))
    due = warning.due or known
    more: dict[str, Any] = {"row": row, "due": clock(due), "since": clock(warning.worst_at)}
    return _notice(caution, warning, f"gas_{kind}", to, due, known, kind=NoticeKind.CAUTION, **more)


def _notice(
    id: str,
    warning: GasWarning,
    template: str,
    to: tuple[str, ...],
    at: Moment,
    known: Moment,
    *,
    kind: NoticeKind = NoticeKind.GAS_WARNING,
    **more: Any,
) -> Notice:
    level = warning.worst if kind is NoticeKind.CAUTION or warning.level is None else warning.level
    return Notice(
        id=id, kind=kind, subject=warning.id, at=at, due=known, to=to, template=template, level=level,
        owner=warning.owner, args={**facts(warning, level), **more},
    )  # fmt: skip


def facts(warning: GasWarning, level: str) -> dict[str, Any]:
    """What every template may say of a warning."""
    return {
        "level": text(f"level.{level}"),
        "gas": medium_name(warning.medium) or text("warning.gas"),
        "place": place(warning),
        "where": text(f"warning.{'inside' if warning.inside else 'public'}"),
        "point": warning.point,
        "began": clock(warning.began_at),
        "why": text(f"warning.why.{warning.why}"),
        "plan": text(f"warning.plan.{'inside' if warning.inside else 'public'}.{level}"),
    }


def place(warning: GasWarning) -> Text:
    """The name of the point that it comes from."""
    return both(warning.name_zh or warning.point, warning.name_en or warning.point)
