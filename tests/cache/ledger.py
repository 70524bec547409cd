"""Short ways to ask a store's ledger, and to do things with it."""

from __future__ import annotations

from typing import Any

import orjson
import polars as pl

from cache.alarm_rows import some_alarms
from cache.books import Deed
from cache.store import Store
from models.alarm_life import Wish
from models.alarm_state import Alarm, fold
from tests.cache.batches import second
from twin.alarm import HAPPENED
from twin.moment import Moment, parse_moment
from twin.roles import Right

EVERY = frozenset(Right)


def happened(*rows: tuple[str, str, str, float] | tuple[str, str, str, float, float, float]) -> pl.DataFrame:
    """Rows of detection as ``(point, condition, what, seconds after noon[, value, limit])``."""
    told = [(*row[:3], second(row[3]), *(row[4:] or (9.0, 8.5))) for row in rows]
    return pl.DataFrame(told, HAPPENED, orient="row")


def detect(store: Store, *rows: Any) -> None:
    """Let detection find this, as if a reading had brought it."""
    frame = happened(*rows)
    store.do(Deed(lambda known: store.books.alarms.happened(frame, known))).result()


def act(store: Store, id: str, action: str, who: str = "li", rights: frozenset[str] = EVERY, **more: Any) -> Alarm:
    """Let a person act."""
    wish = Wish(action, **{"note": "because", **more})
    alarm: Alarm = store.do(Deed(lambda known: store.books.alarms.act(id, wish, who, rights, known))).result()
    return alarm


def alarm_of(store: Store, id: str) -> Alarm | None:
    """The newest version of an alarm, as the file has it."""
    found = some_alarms(store._database, [id])
    return found[0] if found else None


def ledger(store: Store, at: Moment | None = None) -> dict[str, dict[str, Any]]:
    """Alarms as known at a moment, by id."""
    rows = store._database.query("SELECT * FROM alarm_at($at)", {"at": at or store.tick()}).to_dicts()
    return {row["id"]: row for row in rows}


def folded(store: Store, id: str) -> Alarm | None:
    """What the journal tells of an alarm."""
    rows = store._database.query(
        "SELECT event, who, known, said FROM journal WHERE stream = 'alarm' AND subject = $id ORDER BY seq", {"id": id}
    )
    entries = [(event, who, known, orjson.loads(said)) for event, who, known, said in rows.iter_rows()]
    return fold(id, [(e, w, parse_moment(s["of"]) if "of" in s else k, s) for e, w, k, s in entries])


def all_folded(store: Store) -> None:
    """The projection is what the journal tells, alarm by alarm; and versions follow each other without gap."""
    ids = [id for (id,) in store._database.execute("SELECT id FROM alarm WHERE known_to IS NULL")]
    assert len(ids) == len(set(ids))
    for id in ids:
        assert alarm_of(store, id) == folded(store, id)
    gaps = (
        "SELECT count(*) FROM (SELECT known_to, lead(known_from) OVER (PARTITION BY id ORDER BY known_from) AS next, "
        "known_from FROM alarm) WHERE known_to IS DISTINCT FROM next OR known_to <= known_from"
    )
    assert store._database.execute(gaps) == [(0,)]
