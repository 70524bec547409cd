"""How the accounts stand as a whole: how many, who is here, what an administrator has to see to (NF-61 … NF-64)."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.panels._people import ACCOUNTS, OF_ACCOUNTS, READS, TOKENS, standing
from dashboards.panels._state import latest
from dashboards.panels._words import counter
from dashboards.panels.account_tokens import OF_TOKENS
from twin import formula
from twin.content import Content, figure, meta, text
from twin.formula import Formula, Where
from twin.lineage import Figure, Origin, item, path
from twin.screen import Look, Panel, Rows

# what is counted among the accounts, and which of them
COUNTED: dict[str, tuple[Where, ...]] = {
    "accounts": (),
    "here": (("here", "=", True),),
    "locked": (("account_state", "!=", "open"),),
    "due": (("due", "=", True),),
    "bare": (("bare", "=", True),),
}


def draw(rows: Rows, look: Look) -> Content:
    """Six numbers."""
    found, tokens = standing(rows["accounts"], look), rows["tokens"]
    counts = {
        "accounts": found.height,
        "here": int(found["here"].sum()),
        "locked": int((found["account_state"] != "open").sum()),
        "due": int(found["due"].sum()),
        "bare": int(found["bare"].sum()),
        "tokens": int(tokens["in_use"].sum()),
    }
    items = [counter(key, text(f"account_counts.{key}"), n, list=None) for key, n in counts.items()]
    return figure(items, meta=meta(latest(found, "known")))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The counts."""
    many: dict[str, Formula] = {key: formula.count("accounts", *where) for key, where in COUNTED.items()}
    many["tokens"] = formula.count("tokens", ("in_use", "=", True))
    for key, each in many.items():
        yield Figure(item(key), each, text(f"explain.account_counts.{key}"))
    newest = formula.highest("accounts", "known")
    yield Figure(path("meta", "ts"), newest, text("explain.accounts.newest"), rules="")


PANEL = Panel(
    key="account_counts",
    reads=READS | {"machine_token"},
    queries={"accounts": ACCOUNTS, "tokens": TOKENS},
    draw=draw,
    rule="RO-2",
    origin=Origin({"accounts": OF_ACCOUNTS, "tokens": OF_TOKENS}, figures),
)
