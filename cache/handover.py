"""Handovers of shifts (AL-11, DR-2), and their log. Used by the writer's thread only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, fields
from typing import Any

import polars as pl

from cache.database import Database
from cache.ledger import Entry, Journal
from models.handover import Handover, checked, signed
from twin.errors import NotFound
from twin.moment import Moment

HANDOVER = "handover"  # as a stream of the journal, and as a table that a commit touches
_LISTED = ", ".join(each.name for each in fields(Handover))
_ONE = f"SELECT {_LISTED} FROM handover WHERE known_to IS NULL AND id = $id"
_VALID = (
    f"SELECT {_LISTED} FROM handover WHERE known_to IS NULL AND org = $org AND state <> 'withdrawn' "
    "ORDER BY as_of DESC LIMIT 100"
)
_END = "UPDATE handover SET known_to = $known WHERE known_to IS NULL AND id = $id"
_BEGIN = f"INSERT INTO handover ({_LISTED}, known_from, seq) SELECT {_LISTED}, $known, $seq FROM made"
_TEXTS = ("given_by", "taken_by", "withdrawn_by")
_TIMES = ("since", "as_of", "prepared_at", "given_at", "taken_at", "withdrawn_at")
_TYPES: dict[str, Any] = {
    **dict.fromkeys(_TEXTS, pl.String),
    **dict.fromkeys(_TIMES, pl.Datetime("us", "UTC")),
    "day": pl.Date,
}


class HandoverBook:
    """Each signature is an entry of the journal and a version of the handover."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def prepare(self, org: str, make: Callable[[Handover | None], Handover], known: Moment, origin: str) -> Handover:
        """Keep what ``make`` gives of the last one that was signed.

        Raises:
            BadInput, Conflict: see ``models.handover.checked``.
        """
        before = self._found(_VALID, {"org": org})
        made = checked(make(next((each for each in before if each.given_at), None)), before)
        return self._keep(made, "prepared", made.prepared_by, known, origin)

    def sign(
        self, id: str, action: str, who: str, rights: Collection[str], known: Moment, origin: str = ""
    ) -> Handover:
        """Sign one, or withdraw it.

        Raises:
            NotFound: none of that id. BadInput, NotAllowed, Conflict: see ``models.handover.signed``.
        """
        found = self._found(_ONE, {"id": id})
        if not found:
            raise NotFound(f"there is no handover '{id[:80]}'", "id", "unknown_handover")
        return self._keep(signed(found[0], action, who, rights, known), action, who, known, origin)

    def _keep(self, handover: Handover, event: str, who: str, known: Moment, origin: str) -> Handover:
        said = asdict(handover) | {"day": handover.day.isoformat()} | ({"from": origin} if origin else {})
        seq = self._journal.write([Entry(HANDOVER, handover.id, event, who, said)], known)
        self._database.execute(_END, {"known": known, "id": handover.id})
        made = pl.DataFrame([asdict(handover)], schema_overrides=_TYPES, infer_schema_length=None)
        self._database.execute(_BEGIN, {"known": known, "seq": seq}, {"made": made})
        return handover

    def _found(self, sql: str, asked: dict[str, Any]) -> list[Handover]:
        return [Handover(**row) for row in self._database.query(sql, asked).iter_rows(named=True)]
