"""Papers that expire (rules section 9): how they stand, who is reminded, the alarm of those that are over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from cache.books import ALARM, Deed
from cache.ledger import JOURNAL
from cache.notices import NOTICE
from cache.store import Store
from models.alarm_records import EXPIRY
from models.expiry import SCENES, PaperState, alarm_id, judged, overdue_since, told_id
from park.load import Park
from twin.alarm import MACHINE
from twin.content import both, text
from twin.errors import BadInput, Conflict, NotAllowed, NotFound
from twin.moment import Moment, iso
from twin.notice import Notice, NoticeKind, Post, of_enterprise, of_park
from twin.person import Person
from twin.reading import UTC_US

PAPERS = "expiry/papers"
MOST = 2000
WANTED = (PaperState.OVERDUE, PaperState.SOON)
_KEPT = (
    "key", "scene", "id", "table", "source", "paper", "owner", "owner_person", "days_left", "window", "paper_state",
    "reminded_by",
)  # fmt: skip
_RAISE = pl.Schema(
    {
        **dict.fromkeys(("id", "enterprise_id", "paper"), pl.String()),
        **dict.fromkeys(("alarm_at", "cleared_at"), UTC_US),
    }
)


class ExpiryDesk:
    """Safe from any thread."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._park = park

    def papers(self, at: Moment, scope: str = "park") -> pl.DataFrame:
        """All papers as they stand at a moment, those that have to be seen to first."""
        found = self._store.reader(scope).read(PAPERS, at=at, zone=self._park.zone, enterprise=None)
        return judged(found, at, self._park.zone, self._park.settings.expiry)

    def listed(self, at: Moment, scope: str, scene: str | None, state: str | None, limit: int) -> list[dict[str, Any]]:
        """Papers of a scene or a state."""
        found = self.papers(at, scope)
        if scene is not None:
            found = found.filter(pl.col("scene") == scene)
        if state is not None:
            found = found.filter(pl.col("paper_state") == state)
        return [_told(row) for row in found.head(limit).iter_rows(named=True)]

    def remind(self, scene: str | None, paper: str | None, who: Person, origin: str) -> list[str]:
        """Remind whoever has to see to a paper, or to all papers of a scene that are over or soon will be; the ids of
        the notices. Asked again within a minute it is told once.

        Raises:
            NotAllowed: without the right. BadInput: neither is named, or both, or no such scene. NotFound: no such
            paper. Conflict: nothing of it has to be seen to.
        """
        if "send_notice" not in who.rights:
            raise NotAllowed("a reminder needs the right 'send_notice'", said=text("refused.no_right"))
        if (scene is None) == (paper is None):
            raise BadInput("paper: name either a paper or a scene", "paper")
        if scene is not None and scene not in SCENES:
            raise BadInput(f"scene: '{scene[:40]}' is none of {', '.join(SCENES)}", "scene")
        at = self._store.tick()
        found = self.papers(at, who.scope)
        found = found.filter(pl.col("scene") == scene if paper is None else pl.col("key") == paper)
        if paper is not None and not found.height:
            raise NotFound(f"there is no paper '{paper[:80]}'", "paper", "unknown_paper")
        wanted = found.filter(pl.col("paper_state").is_in(WANTED))
        if not wanted.height:
            raise Conflict("nothing of it is over or ends soon", "scene", "nothing_due", text("refused.nothing_due"))
        stamp = at.strftime("%Y%m%dT%H%M")
        notices = [notice_of(row, at, f"expiry:{row['key']}:{stamp}") for row in wanted.iter_rows(named=True)]
        post = self._store.books.notices.post
        deed = Deed(lambda known: post(notices, known, who.id, origin), frozenset({NOTICE, JOURNAL}))
        sent: list[str] = self._store.do(deed).result()
        return sent


def notice_of(paper: dict[str, Any], at: Moment, id: str) -> Notice:
    """What is told of a paper: its enterprise's people, or the head of the park's bureau where it is the park's."""
    owner, over = paper["owner"], paper["paper_state"] == PaperState.OVERDUE
    posts = (Post.SAFETY_DEPARTMENT_HEAD, Post.ENTERPRISE_HEAD)
    return Notice(
        id=id,
        kind=NoticeKind.EXPIRY,
        subject=paper["key"],
        at=at,
        due=at,
        to=tuple(of_enterprise(post, owner) for post in posts) if owner else (of_park(Post.BUREAU_HEAD),),
        template="expiry_overdue" if over else "expiry_soon",
        args={
            "scene": text(f"scene.{paper['scene']}"),
            "paper": " · ".join(each for each in (paper["paper"] or paper["id"], paper["owner_person"]) if each),
            "owner": both(paper["owner_zh"], paper["owner_en"]) if owner else text("crumb.park"),
            "deadline": paper["deadline"].isoformat(),
            "days": abs(paper["days_left"]),
        },
        level="C" if over else None,
        owner=owner,
    )


class ExpiryWatch:
    """Looks again and again: tells once what has come within a window, and keeps an alarm of what is over."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._desk = ExpiryDesk(store, park)
        self._zone = park.zone
        self._told: set[str] = set()  # posted already: what the ledger of notices would pass over

    def look(self, at: Moment) -> None:
        """One look."""
        found = self._desk.papers(at).filter(pl.col("paper_state").is_in(WANTED))
        due = found.to_dicts()
        fresh = {id: row for row in due if (id := _id(row)) not in self._told}
        raised, over = self._alarms(due, at)
        if not (fresh or raised.height or over.height):
            return
        notices = [notice_of(row, at, id) for id, row in fresh.items()]
        books, ids = self._store.books, list(over["id"])

        def do(known: Moment) -> None:
            books.notices.post(notices, known)
            books.alarms.records(EXPIRY, raised, (), MACHINE, known)
            books.alarms.records(EXPIRY, over.with_columns(cleared_at=pl.lit(known)), ids, MACHINE, known)

        self._store.do(Deed(do, frozenset({NOTICE, JOURNAL, ALARM}))).result()
        self._told |= fresh.keys()

    def _alarms(self, due: Iterable[dict[str, Any]], at: Moment) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Alarms to be raised, and those whose paper has been renewed."""
        there = self._store.reader().read("expiry/alarms", at=at)
        overdue = {each["id"]: each for each in map(self._alarm, due) if each}
        known = set(there["id"])
        raised = [each for id, each in overdue.items() if id not in known]
        gone = there.filter(pl.col("active") & ~pl.col("id").is_in(list(overdue)))
        over = [{"id": id, "enterprise_id": owner} for id, owner in gone.select("id", "owner").iter_rows()]
        return pl.DataFrame(raised, _RAISE), pl.DataFrame(over, _RAISE)

    def _alarm(self, paper: dict[str, Any]) -> dict[str, Any] | None:
        if paper["paper_state"] != PaperState.OVERDUE:
            return None
        return {
            "id": alarm_id(paper["scene"], paper["id"], paper["deadline"]),
            "enterprise_id": paper["owner"],
            "paper": paper["paper"],
            "alarm_at": overdue_since(paper["deadline"], self._zone),
            "cleared_at": None,
        }


def _id(paper: dict[str, Any]) -> str:
    return told_id(paper["scene"], paper["id"], paper["deadline"], paper["window"])


def _told(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in _KEPT}
    deadline, reminded = row["deadline"], row["reminded_at"]
    return said | {
        "deadline": deadline.isoformat() if deadline else None,
        "reminded_at": iso(reminded) if reminded else None,
    }
