"""Accounts of people and tokens of machines, for the administrator (RO-1, RO-2)."""

from twin.roles import Right
from twin.screen import Screen, Slot

SCREEN = Screen(
    key="accounts",
    path="/accounts",
    order=95,
    params=("words",),
    right=Right.manage_accounts,
    slots=(
        Slot("account_list", "main", "accounts", grow=1),
        Slot("account_tokens", "main", "tokens", grow=1),
        Slot("account_counts", "right"),
    ),
)
