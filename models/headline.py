"""The sentence at the top of the screen: what is wrong, where, since when; quiet when all is quiet."""

from __future__ import annotations

from dataclasses import dataclass

from twin.content import Content, Text, at, sentence, text
from twin.level import RANK
from twin.moment import Moment

URGENT = (RANK["red"], RANK["orange"])


@dataclass(frozen=True)
class Urgent:
    """The urgent ones among the open alarms: how many, how many of them about gas, whether all are in hand; and of the
    worst of them its colour, since when it lasts, and where it is, in both languages."""

    alarms: int
    gas: int
    handled: bool
    colour: str
    since: Moment
    place: Text


@dataclass(frozen=True)
class Flow:
    """How data arrive: points in all, points heard of lately, owners heard of lately out of all."""

    points: int
    online: int
    owners_online: int
    owners: int
    newest: Moment | None  # source time of the newest reading
    known: Moment | None = None  # when it became known


def headline(alarms: int, urgent: Urgent | None, flow: Flow) -> Content:
    """One sentence from the open alarms, the urgent ones among them, and the flow of data."""
    if urgent is not None:
        return sentence(_urgent(urgent), urgent.colour, _where(urgent))
    if flow.points and flow.newest is None:
        return sentence(text("headline.nodata"), "off", None)
    if flow.points and not flow.online:
        return sentence(text("headline.silent", at=at(flow.newest)), "off", None)
    if flow.owners_online < flow.owners:
        missing = flow.owners - flow.owners_online
        return sentence(text("headline.outage", n=missing), "off", _rest(alarms))
    return sentence(text("headline.quiet"), None, _rest(alarms))


def _urgent(urgent: Urgent) -> Text:
    gas, process = urgent.gas, urgent.alarms - urgent.gas
    handled = "handled" if urgent.handled else "open"
    if gas and process:
        return text(f"headline.both.{handled}", gas=gas, process=process)
    return text(f"headline.{'gas' if gas else 'process'}.{handled}", n=gas or process)


def _where(urgent: Urgent) -> Text:
    if urgent.alarms == 1:
        return text("headline.where", place=urgent.place, at=at(urgent.since))
    return text("headline.where.more", place=urgent.place, at=at(urgent.since), n=urgent.alarms - 1)


def _rest(alarms: int) -> Text | None:
    return text("headline.minor", n=alarms) if alarms else None
