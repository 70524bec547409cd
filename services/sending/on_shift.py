"""Who is told when a notice is for whoever is on duty (DR-3): as the rosters of that moment have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cache.store import Store
from models.recipient import Recipient
from models.roster import PARK_ORG, DutyRole
from services.on_duty import on_duty
from twin.moment import Moment
from twin.notice import PARK_POSTS, Post

OnShift = Callable[[Post, str | None], Sequence[Recipient]]


def on_shift(store: Store, at: Moment, recipients: Sequence[Recipient]) -> OnShift:
    """A function that tells who holds a post of a shift at a moment. Who stands in the address book by id, or by name
    within the enterprise, is told as it says there; others by the number that the roster's person has."""
    by_id = {each.id: each for each in recipients}
    by_name: dict[tuple[str, str | None], list[Recipient]] = {}
    for each in recipients:
        by_name.setdefault((each.name, each.enterprise), []).append(each)

    def known(turn: dict[str, Any], post: Post, enterprise: str | None) -> Recipient:
        named = by_name.get((turn["name"], enterprise), [])
        found = by_id.get(turn["person"]) or (named[0] if len(named) == 1 else None)
        return found or Recipient(turn["person"], turn["name"], post, enterprise, turn["mobile"])

    def held(post: Post, enterprise: str | None) -> Sequence[Recipient]:
        turns = on_duty(store, at, PARK_ORG if post in PARK_POSTS else enterprise or PARK_ORG)
        leaders = [each for each in turns if each["role"] == DutyRole.LEADER]
        return [known(each, post, enterprise) for each in (leaders if post is Post.DUTY_LEADER else turns)]

    return held
