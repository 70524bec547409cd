"""The alarm ledger as programs and screens ask for it: pages, one alarm with its timeline, and what is done to it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cache.alarms import ALARM
from cache.books import Deed
from cache.ledger import JOURNAL
from cache.store import Store
from models.alarm_life import Wish, needs_call, possible
from models.alarm_state import Alarm
from models.wording import title
from twin.alarm import Stage
from twin.errors import BadInput, NotFound, TwinError
from twin.labels import say
from twin.moment import Moment, iso, parse_moment
from twin.person import Person

PAGE = 100
MOST = 1000
MANY = 500  # alarms that one call may act on
_NOT_TOLD = frozenset({"from", "of"})  # where somebody sat is for the log only
_RENAMED = {"threshold": "limit", "raised": "raised_at"}
_TABLES = frozenset({ALARM, JOURNAL})


@dataclass(frozen=True)
class Filter:
    """Which alarms of the ledger; None lets everything pass. ``level`` and ``stage`` may name several, by commas."""

    state: str = "open"
    level: str | None = None
    stage: str | None = None
    business: str | None = None
    kind: str | None = None
    owner: str | None = None
    point: str | None = None
    words: str | None = None
    start: Moment | None = None
    end: Moment | None = None


class Ledger:
    """Safe from any thread."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store = store
        self._zone = zone

    def page(self, wanted: Filter, at: Moment, scope: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page, newest first, and where the next one begins. All pages of one walk are of the same moment.

        Raises:
            BadInput: a cursor that is none of ours.
        """
        last_at, last_id = None, ""
        if cursor is not None:
            at, last_at, last_id = read_cursor(cursor)
        asked = {**wanted.__dict__, "last_at": last_at, "last_id": last_id, "limit": limit + 1}
        rows = self._store.reader(scope).read("ledger/page", at=at, **asked).to_dicts()
        more = rows[limit - 1] if len(rows) > limit else None
        following = write_cursor(at, more["alarm_at"], more["id"]) if more else None
        return {"at": iso(at), "alarms": [self._told(row, at) for row in rows[:limit]], "next": following}

    def one(self, id: str, at: Moment, who: Person) -> dict[str, Any]:
        """An alarm with its whole timeline and what the asker may do with it.

        Raises:
            NotFound: the ledger has none of that id for them.
        """
        reader = self._store.reader(who.scope)
        row = self._row(id, at, who.scope)
        entries = reader.read("ledger/timeline", at=at, id=row["id"], raised=row["raised"])
        timeline = list(_timeline(entries.to_dicts()))
        alarm = _alarm(row)
        may = possible(alarm, who.rights, at, who.id)
        return {**self._told(row, at), "timeline": timeline, "actions": may, "needs_call": needs_call(alarm)}

    def act(self, id: str, wish: Wish, who: Person, origin: str) -> dict[str, Any]:
        """Do something with an alarm; the alarm afterwards.

        Raises:
            NotFound: none of that id for them. BadInput, NotAllowed, Conflict: see ``models.alarm_life.decide``.
        """
        found = self._row(id, self._store.tick(), who.scope)["id"]
        alarms = self._store.books.alarms
        self._store.do(Deed(lambda known: alarms.act(found, wish, who.id, who.rights, known, origin), _TABLES)).result()
        return self.one(found, self._store.tick(), who)

    def act_on(self, ids: Sequence[str], wish: Wish, who: Person, origin: str) -> dict[str, Any]:
        """The same with several; what could not be done harms nothing else.

        Raises:
            BadInput: too many, or none.
        """
        if not 0 < len(ids) <= MANY:
            raise BadInput(f"ids: from 1 to {MANY} of them", "ids")
        at = self._store.tick()
        found = {id: self._found(id, at, who.scope) for id in dict.fromkeys(ids)}
        wanted = {id: each for id, each in found.items() if isinstance(each, str)}
        refused = {id: each for id, each in found.items() if isinstance(each, TwinError)}
        alarms = self._store.books.alarms

        def do(known: Moment) -> dict[str, TwinError]:
            wrong: dict[str, TwinError] = {}
            for id, name in wanted.items():
                try:
                    alarms.act(name, wish, who.id, who.rights, known, origin)
                except TwinError as error:
                    wrong[id] = error
            return wrong

        refused |= self._store.do(Deed(do, _TABLES)).result()
        done = [id for id in wanted if id not in refused]
        return {"done": done, "refused": [{"id": id, **error.as_json()["error"]} for id, error in refused.items()]}

    def counts(self, at: Moment, scope: str) -> list[dict[str, Any]]:
        """How many alarms are not closed, by level and stage."""
        return self._store.reader(scope).read("ledger/counts", at=at).to_dicts()

    def _found(self, id: str, at: Moment, scope: str) -> str | TwinError:
        try:
            return str(self._row(id, at, scope)["id"])
        except NotFound as missing:
            return missing

    def _row(self, id: str, at: Moment, scope: str) -> dict[str, Any]:
        rows = self._store.reader(scope).read("ledger/one", at=at, id=id).to_dicts()
        if not rows:
            raise NotFound(f"the ledger has no alarm '{id[:80]}'", "id", "unknown_alarm")
        return rows[0]

    def _told(self, row: Mapping[str, Any], at: Moment) -> dict[str, Any]:
        """An alarm as the contract says it."""
        said = {_RENAMED.get(name, name): iso(each) if isinstance(each, Moment) else each for name, each in row.items()}
        handled = row["first_handled_at"]
        named = title(row)
        return said | {
            "state": "closed" if row["stage"] == Stage.CLOSED else "open",
            "late": (handled or at) > row["handle_by"],
            "message_zh": say(named, "zh", self._zone),
            "message_en": say(named, "en", self._zone),
        }


def _timeline(entries: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in entries:
        said = orjson.loads(each["said"])
        key = {"key": f"alarm.event.{each['event']}"}
        yield {
            "seq": each["seq"],
            "at": iso(each["at"]),
            "event": each["event"],
            "event_zh": say(key, "zh"),
            "event_en": say(key, "en"),
            "who": each["who"],
            "note": said.get("note") or said.get("measures"),
            "said": {name: value for name, value in said.items() if name not in _NOT_TOLD},
        }


def _alarm(row: Mapping[str, Any]) -> Alarm:
    """As much of an alarm as tells what may be done with it."""
    return Alarm(
        id=row["id"], origin=row["origin"], kind=row["kind"], level=row["level"], alarm_at=row["alarm_at"],
        raised=row["raised"], handle_by=row["handle_by"], clears=row["clears"], told=row["active"], stage=row["stage"],
        contacted_at=row["contacted_at"], judged=row["judged"], judged_by=row["judged_by"], closed_at=row["closed_at"],
    )  # fmt: skip


def write_cursor(at: Moment, last_at: Moment, last_id: str) -> str:
    """Where the next page begins: the moment that the walk is of, and the last alarm of the page."""
    said = orjson.dumps([at, last_at, last_id])
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[Moment, Moment, str]:
    """What ``write_cursor`` wrote.

    Raises:
        BadInput: it is none of ours.
    """
    try:
        at, last_at, last_id = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return parse_moment(at, "cursor"), parse_moment(last_at, "cursor"), str(last_id)
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadInput("cursor: not one that this call gave", "cursor") from error
