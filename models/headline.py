"""The sentence at the top of the screen: what is wrong, where, since when; quiet when all is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin.content import Content, Text, at, sentence, text
from twin.level import RANK
from twin.moment import Moment

URGENT = (RANK["red"], RANK["orange"])


@dataclass(frozen=True)
class Trouble:
    """One open alarm as the headline sees it; ``place`` is where it is, in both languages."""

    colour: str
    is_gas: bool
    handled: bool
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


def headline(troubles: Sequence[Trouble], flow: Flow) -> Content:
    """One sentence from the open alarms (worst first) and the flow of data."""
    urgent = [each for each in troubles if RANK[each.colour] in URGENT]
    if urgent:
        return sentence(_urgent(urgent), urgent[0].colour, _where(urgent))
    if flow.points and flow.newest is None:
        return sentence(text("headline.nodata"), "off", None)
    if flow.points and not flow.online:
        return sentence(text("headline.silent", at=at(flow.newest)), "off", None)
    if flow.owners_online < flow.owners:
        missing = flow.owners - flow.owners_online
        return sentence(text("headline.outage", n=missing), "off", _rest(troubles))
    return sentence(text("headline.quiet"), None, _rest(troubles))


def _urgent(urgent: Sequence[Trouble]) -> Text:
    gas = sum(each.is_gas for each in urgent)
    process = len(urgent) - gas
    handled = "handled" if all(each.handled for each in urgent) else "open"
    if gas and process:
        return text(f"headline.both.{handled}", gas=gas, process=process)
    return text(f"headline.{'gas' if gas else 'process'}.{handled}", n=gas or process)


def _where(urgent: Sequence[Trouble]) -> Text:
    worst = urgent[0]
    if len(urgent) == 1:
        return text("headline.where", place=worst.place, at=at(worst.since))
    return text("headline.where.more", place=worst.place, at=at(worst.since), n=len(urgent) - 1)


def _rest(troubles: Sequence[Trouble]) -> Text | None:
    return text("headline.minor", n=len(troubles)) if troubles else None
