"""Tokens of machines: what each opens, whose data it is held to, and who made it (RO-2, NF-65)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from dashboards.panels._origin import lines_figures
from dashboards.panels._people import TOKENS, choices, enterprise_field, held_by, once
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, at, meta, requests, text
from twin.lineage import Figure, Inputs, Origin
from twin.roles import SCOPES
from twin.screen import Look, Panel, Rows

SHOWN = 200
ADDRESS = "/api/v1/tokens"
OF_TOKENS = Inputs(
    TOKENS,
    (
        ("scopes", "text", None),
        ("enterprise", "text", None),
        ("made_by", "text", None),
        ("made_at", "time", None),
        ("revoked_at", "time", None),
    ),
)


def draw(rows: Rows, look: Look) -> Content:
    """Those in use first; each can be revoked, and a new one be made, whose secret is told once."""
    found = rows["tokens"]
    lines = [_line(each) for each in found.head(SHOWN).iter_rows(named=True)]
    shown = meta(latest(found, "made_at"))
    return requests(
        lines,
        found.height,
        form=_form(),
        choices=choices(look),
        search=text("accounts.search"),
        empty=text("accounts.no_tokens"),
        meta=shown,
    )


def _line(token: dict[str, Any]) -> dict[str, Any]:
    scopes = [text(f"accounts.scope.{each}") for each in token["scopes"].split()]
    gone = text("accounts.revoked_by", at=at(token["revoked_at"]), who=token["revoked_by"])
    return {
        "key": token["id"],
        "title": token["name_zh"],
        "sub": text("accounts.opens", scopes=scopes, held=held_by(token)),
        "by": text("accounts.made", who=token["made_by"], at=at(token["made_at"])),
        "right": text("accounts.token.open" if token["in_use"] else "accounts.token.revoked"),
        "right_sub": text("accounts.token.id", id=token["id"]) if token["in_use"] else gone,
        "acts": [_revoke(token["id"])] if token["in_use"] else [],
    }


def _revoke(id: str) -> dict[str, Any]:
    said, label = text("accounts.revoke.said"), text("accounts.revoke")
    where = f"{ADDRESS}/{quote(id, safe='')}/revoke"
    return {"key": "revoke", "label": label, "post": where, "body": {}, "said": said, "fields": []}


def _form() -> dict[str, Any]:
    scopes = [{"value": each, "label": text(f"accounts.scope.{each}")} for each in SCOPES]
    fields = [
        {"name": "name", "type": "text", "label": text("accounts.machine")},
        {"name": "scopes", "type": "several", "label": text("accounts.scopes"), "options": scopes},
        enterprise_field(),
    ]
    return {"label": text("accounts.add_token"), "post": ADDRESS, "fields": fields, "once": once("secret")}


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many tokens, and the times of each."""
    yield Figure("total", formula.count("tokens"), text("explain.accounts.tokens"))
    yield Figure("meta/ts", formula.highest("tokens", "made_at"), text("explain.accounts.newest_token"), rules="")
    places = (("by/args/at/at", "made_at"), ("right_sub/args/at/at", "revoked_at"))
    yield from lines_figures("tokens", rows["tokens"].head(SHOWN), *places)


PANEL = Panel(
    key="account_tokens",
    reads=frozenset({"machine_token"}),
    queries={"tokens": TOKENS},
    draw=draw,
    rule="RO-2",
    origin=Origin({"tokens": OF_TOKENS}, figures),
)
