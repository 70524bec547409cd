"""Gas warnings: what the machine finds, what people do, what is overdue. Used by the writer's thread only.

Written into the journal (stream ``warning``) and a projection, with what people have to be told of it, in the caller's
transaction. Warnings that are not closed are at hand; a transaction that fails makes them be read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import polars as pl

from cache.database import Database
from cache.ledger import Entry, Journal
from cache.notices import Notices
from models.gas_caution import CLEAN, CautionKind, asks_inspection, in_row
from models.gas_warning_life import Actor, WarningWish, acted, may, need_open, stamped
from models.gas_warning_notices import of_action, of_level, of_overdue, of_spread
from models.gas_warning_state import Finding, GasWarning, found, opened
from twin.alarm import MACHINE
from twin.errors import NotFound
from twin.moment import Moment
from twin.reading import UTC_US
from twin.warning_settings import WarningSettings

WARNING = "warning"  # the journal's stream
GAS_WARNING, GAS_CAUTION = "gas_warning", "gas_caution"  # tables that a commit touches
TABLES = frozenset({GAS_WARNING, GAS_CAUTION, "gas_evidence", "gas_report", "gas_member"})
_NAMES = tuple(each.name for each in fields(GasWarning))
_LISTED = ", ".join(_NAMES)
_OPEN = f"SELECT {_LISTED} FROM gas_warning WHERE known_to IS NULL AND state <> 'closed' ORDER BY opened_at, id"
_ONE = f"SELECT {_LISTED} FROM gas_warning WHERE known_to IS NULL AND id = $id"
_END = "UPDATE gas_warning SET known_to = $known WHERE known_to IS NULL AND id IN (FROM gone)"
_BEGIN = f"INSERT INTO gas_warning ({_LISTED}, known_from, seq) SELECT {_LISTED}, $known, seq FROM made"
_MEMBER = "INSERT INTO gas_member SELECT warning, alarm, $known FROM joined ANTI JOIN gas_member USING (warning, alarm)"
_EVIDENCE = (
    "INSERT INTO gas_evidence SELECT warning, $known, seq, level, why, held_at, points, lasting, second, alarms, "
    "repeats, per_point, clear_s, longest_s, spread_m, disturbance, people, exposed, places FROM seen"
)
_REPORT = "INSERT INTO gas_report VALUES ($id, $warning, $known, $seq, $name, $bytes, $sha256, $author)"
_CAUTION = "INSERT INTO gas_caution VALUES ($id, $warning, $known, $seq, $kind, $level, $enterprise, $due, $in_row)"
_ROW = (
    "SELECT known AS at, kind AS what FROM gas_caution WHERE enterprise = $owner AND kind = 'caution' UNION ALL "
    "SELECT closed_at, $clean FROM gas_warning WHERE known_to IS NULL AND owner = $owner AND state = 'closed' "
    "AND worst IN ('orange', 'red') AND cautions = 0"
)
_TIMES = frozenset(
    {"worst_at", "began_at", "opened_at", "due", "over_at", "feedback_at", "reported_at", "result_at", "prestart_at"}
    | {"overdue_at", "closed_at", "last_at"}
)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A report's file as it was kept."""

    name: str
    bytes: int
    sha256: str


class WarningBook:
    """Each public method writes what it does at once."""

    def __init__(self, database: Database, journal: Journal, notices: Notices, rules: WarningSettings) -> None:
        self._database = database
        self._journal = journal
        self._notices = notices
        self._rules = rules
        self._open: dict[str, GasWarning] | None = None

    # --- the machine ------------------------------------------------------------------------------

    def find(self, findings: Sequence[Finding], known: Moment) -> int:
        """Keep what the machine has found; how many warnings that has opened or changed. Told again it changes
        nothing."""
        entries: list[Entry] = []
        made: list[GasWarning] = []
        evidence: list[tuple[Finding, int]] = []
        told = []
        for each in findings:
            before = self._one(each.warning)
            after, event = self._found(before, each, known)
            if after is None or event is None:
                continue
            after = after if before is None else stamped(after, event, MACHINE, known)
            evidence.append((each, len(entries)))
            entries.append(Entry(WARNING, after.id, event, MACHINE, _said(each, after)))
            made.append(replace(after, last_by=MACHINE))
            if event in ("opened", "raised"):
                told += of_level(after, each.held_at, known)
            elif before is not None:
                told += of_spread(before, after, each.held_at, known)
        if entries:
            first = self._journal.write(entries, known)
            self._write([(each, first + place) for place, each in enumerate(made)], known)
            self._evidence([(each, first + place) for each, place in evidence], known)
            self._notices.post(told, known)
        self._members(findings, known)
        return len(entries)

    def _found(
        self, before: GasWarning | None, finding: Finding, known: Moment
    ) -> tuple[GasWarning | None, str | None]:
        if before is None:
            return (opened(finding, known, self._rules), "opened") if finding.level else (None, None)
        if before.closed:
            return None, None
        after, event = found(before, finding, known, self._rules)
        return after, event or ("seen" if after != before else None)

    def overdue(self, known: Moment) -> list[str]:
        """Have those told who did not handle their warning in time (R-GAS-7, R-GAS-8); the ids of what is on file."""
        late = [each for each in self._at_hand().values() if each.overdue(known)]
        return [id for each in late for id in self._caution(each, known)]

    def _caution(self, warning: GasWarning, known: Moment) -> list[str]:
        kind = CautionKind.CAUTION if warning.inside else CautionKind.CRITICISM
        row = 0
        if warning.owner is not None:
            past = self._database.query(_ROW, {"owner": warning.owner, "clean": CLEAN})
            row = in_row([*past.iter_rows(), (known, kind)])
        kinds = [kind]
        if warning.inside and asks_inspection(row, self._rules.row):
            kinds.append(CautionKind.INSPECTION)
        after = replace(warning, overdue_at=known, cautions=warning.cautions + 1)
        filed = []
        for each in kinds:
            id = f"{warning.id}-{each}-{after.cautions}"
            after = stamped(after, each, MACHINE, known)
            said = {"level": warning.worst, "due": warning.due, "enterprise": warning.owner, "in_row": row, "id": id}
            seq = self._journal.write([Entry(WARNING, warning.id, each, MACHINE, said)], known)
            given = {"id": id, "warning": warning.id, "known": known, "seq": seq, "kind": str(each)}
            given |= {"level": warning.worst, "enterprise": warning.owner, "due": warning.due, "in_row": row}
            self._database.execute(_CAUTION, given)
            self._notices.post([of_overdue(after, id, each, row, known)], known)
            filed.append(id)
        self._write([(after, seq)], known)
        return filed

    # --- people -----------------------------------------------------------------------------------

    def act(self, id: str, wish: WarningWish, who: Actor, known: Moment, origin: str = "") -> GasWarning:
        """Do something with a warning.

        Raises:
            NotFound: no such warning. BadInput, NotAllowed, Conflict: see ``models.gas_warning_life.acted``.
        """
        before = self._needed(id)
        after, said = acted(before, wish, who, known, self._rules)
        self._note(after, wish.action, who.id, {**said, **_from(origin)}, known)
        self._notices.post(of_action(before, after, wish.action, wish.note.strip(), known), known, who.id, origin)
        return after

    def attach(self, id: str, file: Uploaded, who: Actor, known: Moment, origin: str = "") -> GasWarning:
        """Add an accident investigation report.

        Raises:
            NotFound: no such warning. NotAllowed: without the right. Conflict: it is closed.
        """
        before = self._needed(id)
        may(before, "handle_warning", who)
        need_open(before)
        after = stamped(replace(before, reports=before.reports + 1), "attached", who.id, known)
        seq = self._note(after, "attached", who.id, {**asdict(file), **_from(origin)}, known)
        given = {**asdict(file), "id": f"{id}-{after.reports}", "warning": id, "known": known}
        self._database.execute(_REPORT, {**given, "seq": seq, "author": who.id})
        return after

    def _needed(self, id: str) -> GasWarning:
        warning = self._one(id)
        if warning is None:
            raise NotFound(f"there is no gas warning '{id[:80]}'", "id", "unknown_warning")
        return warning

    def _note(self, after: GasWarning, event: str, who: str, said: Mapping[str, Any], known: Moment) -> int:
        seq = self._journal.write([Entry(WARNING, after.id, event, who, said)], known)
        self._write([(after, seq)], known)
        return seq

    # --- rows -------------------------------------------------------------------------------------

    def forget(self) -> None:
        """The transaction was undone."""
        self._open = None

    def _at_hand(self) -> dict[str, GasWarning]:
        if self._open is None:
            self._open = {each.id: each for each in _warnings(self._database.query(_OPEN))}
        return self._open

    def _one(self, id: str) -> GasWarning | None:
        at_hand = self._at_hand().get(id)
        if at_hand is not None:
            return at_hand
        rows = _warnings(self._database.query(_ONE, {"id": id}))
        return rows[0] if rows else None

    def _write(self, made: Sequence[tuple[GasWarning, int]], known: Moment) -> None:
        """End the versions that held and begin new ones."""
        newest = {each.id: (each, seq) for each, seq in made}
        self._database.execute(_END, {"known": known}, {"gone": pl.DataFrame({"id": list(newest)})})
        rows = [{**asdict(each), "affected": list(each.affected), "seq": seq} for each, seq in newest.values()]
        self._database.execute(_BEGIN, {"known": known}, {"made": _frame(rows)})
        at_hand = self._at_hand()
        for each, _ in newest.values():
            at_hand[each.id] = each
            if each.closed:
                del at_hand[each.id]

    def _evidence(self, seen: Sequence[tuple[Finding, int]], known: Moment) -> None:
        rows = [{"warning": each.warning, "seq": seq, **_evidence_of(each)} for each, seq in seen]
        self._database.execute(_EVIDENCE, {"known": known}, {"seen": _frame(rows)})

    def _members(self, findings: Sequence[Finding], known: Moment) -> None:
        joined = [(each.warning, member.alarm) for each in findings for member in each.members]
        if joined:
            frame = pl.DataFrame(joined, {"warning": pl.String, "alarm": pl.String}, orient="row")
            self._database.execute(_MEMBER, {"known": known}, {"joined": frame})


def _evidence_of(finding: Finding) -> dict[str, Any]:
    said = {"level": finding.level, "why": finding.why, "held_at": finding.held_at, "exposed": finding.exposed}
    return {**said, **asdict(finding.evidence), "places": list(finding.places)}


def _said(finding: Finding, warning: GasWarning) -> dict[str, Any]:
    """What the journal keeps of a finding."""
    members = [each.alarm for each in finding.members]
    return {**_evidence_of(finding), "in_effect": warning.level, "alarms_new": members, "owner": warning.owner}


def _frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    known = {name: kind for name, kind in _KINDS.items() if name in rows[0]}
    return pl.DataFrame(list(rows), schema_overrides=known, infer_schema_length=None)


def _from(origin: str) -> dict[str, str]:
    return {"from": origin} if origin else {}


def _warnings(rows: pl.DataFrame) -> list[GasWarning]:
    return [GasWarning(**{**row, "affected": tuple(row["affected"])}) for row in rows.iter_rows(named=True)]


_TEXTS = frozenset(
    {"id", "state", "level", "machine", "worst", "why", "point", "name_zh", "name_en", "medium", "owner", "hand"}
    | {"hand_over", "feedback_by", "result_by", "prestart_by", "closed_by", "basis", "last_event", "last_by", "warning"}
)
_KINDS: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(_TEXTS, pl.String),
    **dict.fromkeys((*_TIMES, "held_at"), UTC_US),
    **dict.fromkeys(("lon", "lat", "clear_s", "spread_m", "disturbance"), pl.Float64),
    **dict.fromkeys(("affected", "places"), pl.List(pl.String)),
    "people": pl.Int64,
}
