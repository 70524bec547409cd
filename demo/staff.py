"""Invented people with steady ids, names and numbers: who stands watch for the park and its enterprises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from demo.fixed import fixed
from demo.folder import Feature, Folder
from demo.names import full, mobile
from demo.records import Entry
from demo.world import World

LEADERS, WATCH = 4, 12  # who lead the park's shifts, and who stand on them
OF_ENTERPRISE = 2  # of each enterprise with hazards
_CATEGORY = {"leader": "205", "watch": "206", "enterprise": "107"}
_POST = {"leader": "带班领导", "watch": "应急值班员", "enterprise": "企业值班领导"}


class Watcher(NamedTuple):
    """Somebody who stands watch; ``owner`` is None for the park's people."""

    id: str
    name: str
    mobile: str
    kind: str
    owner: str | None


def _watcher(number: int, kind: str, owner: str | None = None) -> Watcher:
    return Watcher(f"DP{number:04d}", full(number), mobile(number), kind, owner)


def with_hazards(folder: Folder) -> list[Feature]:
    """Enterprises at work that have a major hazard: these have somebody on duty day and night."""
    return [each for each in folder.operating if each.props.get("hazard_level")]


def watchers(folder: Folder) -> list[Watcher]:
    """All of them in order of their ids: the park's leaders, its watch, then two of each enterprise."""
    park = [_watcher(n, "leader") for n in range(LEADERS)]
    park += [_watcher(n, "watch") for n in range(LEADERS, LEADERS + WATCH)]
    owners = [each.id for each in with_hazards(folder) for _ in range(OF_ENTERPRISE)]
    return park + [_watcher(n, "enterprise", owner) for n, owner in enumerate(owners, LEADERS + WATCH)]


def member(id: str, number: int, owner: str | None, category: str, post: str, name: str, phone: str) -> Entry:
    """A record of the table of persons."""
    return fixed(
        id,
        enterprise_id=owner,
        name=name,
        employee_no=f"{owner or 'P'}-{number:04d}",
        person_type="1" if owner else "2",
        person_category=category,
        birth_date=date(1970 + number * 7 % 30, 1 + number * 5 % 12, 1 + number * 11 % 28).isoformat(),
        gender="02" if number % 4 == 0 else "01",
        post=post,
        post_key_process="-",
        department="安全环保部" if owner else "安全生产和应急管理中心",
        mobile=phone,
        id_document_type="99",
        id_document_no=f"DEMO-{number:06d}",
        education="03" if number % 3 else "04",
        major_code="081301",
        is_registered=True,
    )


def watch_records(world: World) -> Iterable[Entry]:
    """Who stands watch, as the table of persons tells it."""
    for number, each in enumerate(watchers(world.folder)):
        yield member(each.id, number, each.owner, _CATEGORY[each.kind], _POST[each.kind], each.name, each.mobile)
