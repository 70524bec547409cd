"""The log, page by page, the newest first: who did what, when, from where, with what result (RO-4, NF-66)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._origin import lines_figures, newest
from dashboards.panels._state import latest
from twin import formula
from twin.content import Content, Text, at, meta, table, text
from twin.lineage import Figure, Inputs, Origin
from twin.screen import Look, Panel, Rows

LOG = "people/log"
SHOWN = 100  # on a page; the query gives one more where there are more
STREAMS = (
    "people", "account", "audit", "alarm", "limit", "fault", "warning", "notice", "recipient", "roster", "handover",
    "all",
)  # fmt: skip
ACTIONS = (
    "signed_in", "refused", "session_ended", "done", "failed", "made", "changed", "locked", "opened", "reset",
    "password_changed", "second_given", "token_made", "token_revoked",
)  # fmt: skip
# why somebody was refused or a session ended, where the catalogue has words for it
WHY = (
    "wrong_password", "wrong_code", "locked", "account_locked", "second_missing", "second_unreadable", "no_right",
    "csrf", "unknown_token", "not_signed_in", "too_many", "undeclared", "password_change", "out", "idle", "old",
    "elsewhere", "oidc_role",
)  # fmt: skip
COLUMNS = {"at": "time", "who": "text", "what": "text", "about": "text", "address": "text", "result": "text"}
OF_LOG = Inputs(
    LOG,
    (
        ("stream", "code", None),
        ("event", "text", None),
        ("subject", "text", None),
        ("who", "text", None),
        ("address", "text", None),
        ("status", "number", None),
    ),
)


def draw(rows: Rows, look: Look) -> Content:
    """One page, with the filters that stand in the address and the ways to the pages beside it."""
    found, page = rows["log"], _page(rows["log"], look)
    columns = [{"key": key, "label": text(f"log.column.{key}"), "type": kind} for key, kind in COLUMNS.items()]
    lines = [_line(each) for each in page.iter_rows(named=True)]
    total = int(found["total"][0]) if found.height else 0
    return table(
        columns,
        lines,
        total,
        empty=text("log.none"),
        filters=[{"param": "stream", "value": each, "label": text(f"log.stream.{each}")} for each in STREAMS],
        defaults={"stream": STREAMS[0]},
        fields=_fields(),
        search=text("log.search"),
        acts=_pages(found, page, look),
        meta=meta(latest(page, "known")),
    )


def _page(found: pl.DataFrame, look: Look) -> pl.DataFrame:
    """What is shown of what was found, newest first: towards newer pages the one too many is the newest."""
    ordered = found.sort("seq", descending=True)
    return ordered.tail(SHOWN) if look.params.get("after") else ordered.head(SHOWN)


def _pages(found: pl.DataFrame, page: pl.DataFrame, look: Look) -> list[dict[str, Any]]:
    """The pages beside this one, as the address calls them."""
    back, more = "after" in look.params, found.height > SHOWN
    ways = []
    if (back and more) or "before" in look.params:
        first = str(page["seq"][0]) if page.height else ""
        ways += [_way("newest", None, None), _way("newer", None, first)]
    if page.height and (more if not back else True):
        ways.append(_way("older", str(page["seq"][-1]), None))
    return ways


def _way(key: str, before: str | None, after: str | None) -> dict[str, Any]:
    return {"key": key, "label": text(f"log.{key}"), "params": {"before": before, "after": after}}


def _fields() -> list[dict[str, Any]]:
    actions = [{"value": each, "label": text(f"log.event.{each}")} for each in ACTIONS]
    return [
        {"param": "who", "type": "text", "label": text("log.who")},
        {"param": "action", "type": "choice", "label": text("log.action"), "options": actions},
        {"param": "since", "type": "time", "label": text("log.since")},
        {"param": "until", "type": "time", "label": text("log.until")},
    ]


def _line(entry: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {
        "key": entry["id"],
        "at": at(entry["known"]),
        "who": entry["who"] or None,
        "what": _what(entry),
        "about": entry["subject"],
        "address": entry["address"],
        "result": _result(entry),
    }
    return line | ({"pick": {"layer": "alarms", "id": entry["subject"]}} if entry["stream"] == "alarm" else {})


def _what(entry: dict[str, Any]) -> Text:
    if entry["stream"] == "alarm":
        return text(f"alarm.event.{entry['event']}")
    if entry["stream"] == "audit":
        return text("log.call")
    return text(f"log.event.{entry['event']}")


def _result(entry: dict[str, Any]) -> Text:
    """Done, failed or refused, with the code of the answer and why where that is told."""
    result = entry["event"] if entry["event"] in ("failed", "refused") else "done"
    why = text(f"log.why.{entry['why']}") if entry["why"] in WHY else entry["why"]
    return text("log.result", result=text(f"log.result.{result}"), status=entry["status"], why=why)


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """How many entries pass the filters, and the numbers of each line."""
    found = rows["log"]
    cut = found.height and found["total"][0] > found.height
    total = formula.highest("log", "total") if cut else formula.count("log")
    yield Figure("total", total, text("explain.log.total"))
    page = _page(found, look)
    on_page = (("seq", ">=", page["seq"].min()), ("seq", "<=", page["seq"].max())) if page.height else ()
    yield newest("log", "known", *on_page)
    yield from lines_figures("log", page, ("at/at", "known"), ("result/args/status", "status"))


PANEL = Panel(
    key="audit_log",
    reads=frozenset({"journal"}),
    queries={"log": LOG},
    draw=draw,
    rule="RO-4",
    origin=Origin({"log": OF_LOG}, figures),
)
