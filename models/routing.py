"""Who is told of an alarm, when and how often (rules section 4), unless a park says so itself in ``[[routes]]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from models.wording import title
from twin.content import both, text
from twin.moment import Moment
from twin.notice import PARK_POSTS, Notice, NoticeKind, Post, of_enterprise, of_park
from twin.notify_settings import ChannelKind, Route

CONFIRMED, OVERDUE, DAILY = "confirmed", "overdue", "daily"
WHEN = (CONFIRMED, OVERDUE, DAILY)
_SMS, _APP = (ChannelKind.SMS,), (ChannelKind.APP,)
_P = Post

# R-PU-1, R-PU-2 and R-PU-5 as they stand. Overdue, for the duty leader: ours, so that a missed alarm is told inside the
# park as well as to the town.
RULES: tuple[Route, ...] = (
    Route("R-PU-1.S", (_P.ENTERPRISE_HEAD, _P.SAFETY_DIRECTOR, _P.DUTY_LEADER), levels=("S",)),
    Route("R-PU-1.A", (_P.SAFETY_DIRECTOR, _P.DUTY_LEADER), levels=("A",)),
    Route("R-PU-1.B", (_P.LINE_MANAGER, _P.ENTERPRISE_DUTY_STAFF), levels=("B",)),
    Route("R-PU-1.C", (_P.CONTROL_ROOM,), levels=("C",)),
    Route("R-PU-2.park", (_P.BUREAU_HEAD,), levels=("S",), delay_s=180.0),
    Route("R-PU-2.head", (_P.ENTERPRISE_HEAD,), levels=("S", "A")),
    Route("R-PU-2.director", (_P.SAFETY_DEPUTY, _P.SAFETY_DIRECTOR), levels=("S", "A", "B")),
    Route("R-PU-2.officer", (_P.LINE_MANAGER, _P.CONTROL_ROOM), levels=("S", "A", "B", "C")),
    Route("R-PU-2.special", (_P.SPECIAL,), levels=("S", "A", "B", "C", "D"), times=3, every_s=60.0),
    Route("R-PU-5.at_once", (_P.TOWN, _P.COUNTY), channels=_APP),
    Route("R-PU-5.town", (_P.TOWN,), when=OVERDUE, channels=_SMS),
    Route("R-PU-5.county", (_P.COUNTY,), when=DAILY, channels=_SMS),
    Route("overdue", (_P.DUTY_LEADER,), when=OVERDUE, levels=("S", "A")),
)
_Occasion = tuple[str, float, int, tuple[str, ...]]


def routes_of(own: Sequence[Route]) -> Sequence[Route]:
    """A park's own routes, or those of the rules."""
    return own or RULES


def fits(route: Route, alarm: Mapping[str, Any]) -> bool:
    """Whether a route is for an alarm."""
    return all(
        not wanted or alarm[name] in wanted
        for name, wanted in (
            ("level", route.levels),
            ("kind", route.kinds),
            ("origin", route.sources),
            ("owner", route.enterprises),
            ("zone", route.zones),
        )
    )


def pushes(alarm: Mapping[str, Any], routes: Iterable[Route], when: str, since: Moment) -> list[Notice]:
    """The notices that an alarm makes when it is confirmed, or overdue, ``since`` a moment. People whom several routes
    name are told once for each time at which there is something to tell.

    Args:
        alarm: a row of ``notify/confirmed`` or ``notify/overdue``, with the ``zone`` that its owner lies in.
    """
    occasions: dict[_Occasion, dict[str, None]] = {}
    for route in routes:
        if route.when == when and fits(route, alarm):
            for n in range(route.times):
                occasion = (when, route.delay_s + n * route.every_s, n, route.channels)
                occasions.setdefault(occasion, {}).update(dict.fromkeys(_addressees(route, alarm["owner"])))
    return [_notice(alarm, occasion, tuple(to), since) for occasion, to in occasions.items() if to]


def _addressees(route: Route, owner: str | None) -> Iterator[str]:
    for post in map(Post, route.posts):
        if post in PARK_POSTS:
            yield of_park(post)
        elif owner is not None:
            yield of_enterprise(post, owner)


def _notice(alarm: Mapping[str, Any], occasion: _Occasion, to: tuple[str, ...], since: Moment) -> Notice:
    when, delay_s, n, channels = occasion
    # R-PU-2 counts from the alarm; what is confirmed later than that goes out at once
    due = max(since, alarm["alarm_at"] + timedelta(seconds=delay_s)) if n == 0 else since + timedelta(seconds=delay_s)
    name = "+".join(channels) or "all"
    args = {
        "level": alarm["level"],
        "source": alarm["origin"],
        "what": title(alarm),
        "where": both(alarm["where_zh"], alarm["where_en"]),
        "owner": both(alarm["owner_zh"], alarm["owner_en"]),
        "alarm_at": alarm["alarm_at"],
        "stage": text(f"alarm.stage.{alarm['stage']}"),
    }
    return Notice(
        f"alarm:{alarm['id']}:{when}:{delay_s:g}:{name}", NoticeKind.ALARM, alarm["id"], since, due, to,
        "alarm" if when == CONFIRMED else "alarm_overdue", args, alarm["level"], alarm["owner"], channels,
    )  # fmt: skip


def digest(day: str, counts: Mapping[str, int], routes: Iterable[Route], due: Moment) -> list[Notice]:
    """The one notice a day of those who are told so (R-PU-5): how many alarms were confirmed, by level, and how many
    are not closed. Nothing is told of a day without any."""
    daily = [each for each in routes if each.when == DAILY]
    if not sum(counts.values()):
        return []
    args = {"day": day, "n": counts.get("confirmed", 0), "open": counts.get("open", 0)}
    args |= {each: counts.get(each, 0) for each in ("S", "A", "B", "C", "D")}
    return [
        Notice(
            f"digest:{day}:{each.id}",
            NoticeKind.ALARM,
            day,
            due,
            due,
            tuple(_addressees(each, None)),
            "digest",
            args,
            channels=each.channels,
        )
        for each in daily
    ]


def danger_notices(danger: Mapping[str, Any], overdue: bool, since: Moment) -> list[Notice]:
    """Of a hidden danger that the park has issued (R-PU-7): SMS to the enterprise's safety head, its head and the grid
    officer, in-app to the others; of one that is overdue: SMS to safety head and grid officer."""
    owner = danger["owner"]
    if owner is None:
        return []
    safety = of_enterprise(_P.SAFETY_DEPARTMENT_HEAD, owner)
    by_sms = (safety, of_park(_P.GRID_OFFICER)) if overdue else (
        safety, of_enterprise(_P.ENTERPRISE_HEAD, owner), of_park(_P.GRID_OFFICER),
    )  # fmt: skip
    told: list[tuple[tuple[str, ...], tuple[str, ...]]] = [(by_sms, _SMS)]
    if not overdue:
        others = (of_enterprise(_P.SAFETY_DEPUTY, owner), of_enterprise(_P.LINE_MANAGER, owner))
        told.append((others, _APP))
    args = {
        "name": danger["name"] or danger["id"],
        "owner": both(danger["owner_zh"], danger["owner_en"]),
        "deadline": danger["deadline"],
    }
    template = "danger_overdue" if overdue else "danger"
    return [
        Notice(
            f"{template}:{danger['id']}:{channels[0]}",
            NoticeKind.DANGER,
            danger["id"],
            since,
            since,
            to,
            template,
            args,
            owner=owner,
            channels=channels,
        )
        for to, channels in told
    ]
