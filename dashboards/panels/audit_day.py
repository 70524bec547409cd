"""The last 24 hours of the log in numbers: who came, what was done, what was refused (RO-4)."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.panels._origin import newest
from dashboards.panels._words import counter
from twin import formula
from twin.content import Content, figure, meta, text
from twin.formula import Where
from twin.lineage import Figure, Inputs, Origin, item
from twin.screen import Look, Panel, Rows

COUNTS, DAY = "people/counts", "people/day"  # in numbers, and the entries that they are made of
CHANGES = (
    "made", "changed", "locked", "opened", "reset", "password_changed", "second_given", "token_made", "token_revoked",
)  # fmt: skip
COUNTED: dict[str, Where] = {
    "signed_in": ("event", "=", "signed_in"),
    "refused": ("event", "=", "refused"),
    "done": ("event", "=", "done"),
    "failed": ("event", "=", "failed"),
    "changes": ("event", "in", CHANGES),
}


def draw(rows: Rows, look: Look) -> Content:
    """Five numbers, and how many did it."""
    many = rows["counts"].row(0, named=True)
    items = [counter(key, text(f"audit_day.{key}"), many[key], list=None) for key in (*COUNTED, "people")]
    return figure(items, meta=meta(many["known"], note=text("audit_day.note")))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """The counts."""
    for key, where in COUNTED.items():
        yield Figure(item(key), formula.count("day", where), text(f"explain.audit_day.{key}"))
    yield Figure(item("people"), formula.distinct("day", "who"), text("explain.audit_day.people"))
    yield newest("day", "known")


PANEL = Panel(
    key="audit_day",
    reads=frozenset({"journal", "minute"}),
    queries={"counts": COUNTS},
    draw=draw,
    rule="RO-4",
    origin=Origin(
        {"day": Inputs(DAY, (("stream", "code", None), ("event", "text", None), ("subject", "text", None)))}, figures
    ),
)
