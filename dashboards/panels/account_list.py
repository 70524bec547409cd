"""Accounts: who they are, how they stand, and what an administrator does with them (RO-1, RO-2, NF-61, NF-62)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from dashboards.panels._origin import lines_figures
from dashboards.panels._people import ACCOUNTS, OF_ACCOUNTS, READS, choices, enterprise_field, held_by, once, standing
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, Text, at, meta, requests, text
from twin.lineage import Figure, Origin
from twin.screen import Look, Panel, Rows

SHOWN = 200
ADDRESS = "/api/v1/accounts"
MARKS = ("due", "second", "bare", "vouched")


def draw(rows: Rows, look: Look) -> Content:
    """Everybody by their id, each with what can be done, and a form for somebody new."""
    found = standing(rows["accounts"], look)
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    shown = meta(latest(found, "known"))
    return requests(
        lines,
        found.height,
        form=_form(),
        choices=choices(look),
        search=text("accounts.search"),
        empty=text("accounts.none"),
        meta=shown,
    )


def _line(account: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": account["id"],
        "title": account["name_zh"],
        "sub": text("accounts.who", id=account["id"], role=text(f"role.{account['role']}"), held=held_by(account)),
        "by": _signed_in(account),
        "right": text(f"accounts.state.{account['account_state']}", until=at(account["locked_until"])),
        "right_sub": [text(f"accounts.mark.{each}") for each in MARKS if _is(account, each)],
        "acts": _acts(account),
    }


def _signed_in(account: dict[str, Any]) -> Text:
    if account["signed_in_at"] is None:
        return text("accounts.never")
    return text("accounts.here" if account["here"] else "accounts.last", at=at(account["signed_in_at"]))


def _is(account: dict[str, Any], mark: str) -> bool:
    return not account["local"] if mark == "vouched" else bool(account[mark])


def _acts(account: dict[str, Any]) -> list[dict[str, Any]]:
    where = f"{ADDRESS}/{quote(account['id'], safe='')}"
    lock: dict[str, Any] = {"key": "lock", "said": text("accounts.lock.said"), "fields": []}
    said, shown = text("accounts.second.said"), once("second", "address")
    acts = [
        {"key": "change", "fields": _fields(account)},
        lock if account["account_state"] == "open" else {"key": "open"},
        _reset(account),
        {"key": "second", "said": said, "fields": [], "once": shown},
    ]
    return [_act(each, where) for each in acts]


def _reset(account: dict[str, Any]) -> dict[str, Any]:
    said = text("accounts.reset.said" if account["local"] else "accounts.reset.vouched")
    return {"key": "reset", "said": said, "fields": [_password()], "once": once("password")}


def _act(act: dict[str, Any], where: str) -> dict[str, Any]:
    return {**act, "label": text(f"accounts.{act['key']}"), "post": f"{where}/{act['key']}", "body": {}}


def _fields(account: dict[str, Any]) -> list[dict[str, Any]]:
    role = {"name": "role", "type": "choice", "label": text("accounts.role"), "choices": "role"}
    return [
        {"name": "name", "type": "text", "label": text("accounts.name"), "value": account.get("name_zh", "")},
        {**role, "value": account["role"]},
        enterprise_field(account.get("enterprise")),
    ]


def _password() -> dict[str, Any]:
    return {"name": "password", "type": "password", "label": text("accounts.password"), "make": text("accounts.make")}


def _form() -> dict[str, Any]:
    id = {"name": "id", "type": "text", "label": text("accounts.id")}
    fields = [id, *_fields({"role": "operator"}), {**_password(), "optional": True}]
    return {"label": text("accounts.add"), "post": ADDRESS, "fields": fields, "once": once("password")}


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many accounts, and the times of each."""
    yield Figure("total", formula.count("accounts"), text("explain.accounts.total"))
    yield Figure("meta/ts", formula.highest("accounts", "known"), text("explain.accounts.newest"), rules="")
    places = (("by/args/at/at", "signed_in_at"), ("right/args/until/at", "locked_until"))
    yield from lines_figures("accounts", rows["accounts"].head(SHOWN), *places)


PANEL = Panel(
    key="account_list",
    reads=READS,
    queries={"accounts": ACCOUNTS},
    draw=draw,
    rule="RO-1, RO-2",
    origin=Origin({"accounts": OF_ACCOUNTS}, figures),
)
