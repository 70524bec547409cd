"""What waits for a decision is told to who may decide, and what was decided to who had asked (MS-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cache.accounts import Account
from cache.faults import FAULT
from cache.limits import LIMIT
from cache.store import Store
from models.approval import DECIDES, approval_notice
from park.load import Park
from services.posting import poster
from services.rounds import Look, Round
from twin.person import DEMO
from twin.roles import ROLES, Right


def _make(store: Store, _park: Park) -> Look:
    return poster(
        store,
        "notify/approvals",
        lambda row: (row["id"], row["state"]),
        lambda row, at: [approval_notice(_named(store, row), _deciders(store, row), at)],
    )


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
