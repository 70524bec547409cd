"""What waits for a decision is told to who may decide, and what was decided to who had asked (MS-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cache.accounts import Account
from cache.books import Deed
from cache.faults import FAULT
from cache.limits import LIMIT
from cache.notices import NOTICE
from cache.store import Store
from models.approval import DECIDES, approval_notice
from park.load import Park
from services.rounds import Look, Round
from twin.moment import Moment
from twin.person import DEMO
from twin.roles import ROLES, Right

_TABLES = frozenset({NOTICE})


def _make(store: Store, _park: Park) -> Look:
    told: set[tuple[str, str]] = set()  # posted twice they would be kept once; asked less often so

    def look(at: Moment) -> None:
        rows = store.reader().read("notify/approvals", at=at).to_dicts()
        fresh = [row for row in rows if (row["id"], row["state"]) not in told]
        notices = [approval_notice(_named(store, row), _deciders(store, row), at) for row in fresh]
        if notices:
            store.do(Deed(lambda known: store.books.notices.post(notices, known), _TABLES)).result()
        told.update((row["id"], row["state"]) for row in fresh)

    return look


def _named(store: Store, row: Mapping[str, Any]) -> dict[str, Any]:
    who = row["author"] if row["state"] == "pending" else row["decided_by"]
    account = store.accounts.find(Account, who)
    return {**row, "who": who if account is None else account.name}


def _deciders(store: Store, row: Mapping[str, Any]) -> list[str]:
    """Those of the park who may decide; an enterprise does not decide for itself. Without accounts login is off: then
    whoever looks may."""
    right, _ = DECIDES[row["book"]]
    accounts = store.accounts.all(Account)
    return [each.id for each in accounts if _may(each, right)] if accounts else [DEMO.id]


def _may(account: Account, right: Right) -> bool:
    return not account.disabled and account.enterprise is None and right in ROLES.get(account.role, frozenset())


ROUND = Round("approvals", 60.0, _make, frozenset({FAULT, LIMIT}))
