"""Finds alarms that people have to be told of, and posts the notices (rules section 4)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cache.books import Deed
from cache.notices import NOTICE
from cache.store import Store
from models.routing import digest, pushes, routes_of
from park.load import Park
from twin.moment import Moment
from twin.notice import Notice

_AGAIN = timedelta(minutes=10)  # before the last that was told: what may not have been is looked at once more
_TABLES = frozenset({NOTICE})


class Digests:
    """The day before, told once a day (R-PU-5)."""

    def __init__(self, store: Store, park: Park) -> None:
        self._store = store
        self._routes = routes_of(park.settings.notify.routes)
        self._zone, self._hour = ZoneInfo(park.zone), park.settings.notify.digest_hour
        self._told = ""

    def due(self, at: Moment) -> list[Notice]:
        """What is to be told now; nothing where it was told today, or it is too early."""
        local = at.astimezone(self._zone)
        if local.hour < self._hour or self._told == local.date().isoformat():
            return []
        start = datetime.combine(local.date() - timedelta(days=1), time(), self._zone)
        day = {"start": start, "end": start + timedelta(days=1)}
        counted = self._store.reader().read("notify/day", at=at, **day).row(0, named=True)
        return digest(start.date().isoformat(), counted, self._routes, at)

    def told(self, at: Moment) -> None:
        """It was told, or there was nothing to tell."""
        if at.astimezone(self._zone).hour >= self._hour:
            self._told = at.astimezone(self._zone).date().isoformat()


class Pusher:
    """``look`` posts the notices of what has come to be ``confirmed`` or ``overdue`` since it looked last; after a
    restart since a while before the last that was posted."""

    def __init__(self, store: Store, park: Park, when: str, digests: Digests | None = None) -> None:
        self._store = store
        self._park = park
        self._when = when
        self._digests = digests
        self._routes = routes_of(park.settings.notify.routes)
        self._since: Moment | None = None

    def look(self, at: Moment) -> None:
        """Everything that is known at a moment, and what has become due by it."""
        reader = self._store.reader()
        if self._since is None:
            last = reader.read("notify/last", at=at, kind="alarm")["known"][0]
            self._since = (last or at) - _AGAIN
        rows = reader.read(f"notify/{self._when}", at=at, since=self._since)
        notices = [
            notice
            for alarm in rows.iter_rows(named=True)
            for notice in pushes({**alarm, "zone": self._zone_of(alarm["owner"])}, self._routes, self._when, at)
        ]
        notices += self._digests.due(at) if self._digests else []
        if notices:
            post = self._store.books.notices.post
            self._store.do(Deed(lambda known: post(notices, known), _TABLES)).result()
        self._since = at
        if self._digests:
            self._digests.told(at)

    def _zone_of(self, owner: str | None) -> str | None:
        """The zone that an enterprise lies in, as the park's map says."""
        feature = self._park.feature(owner) if owner else None
        return feature.props.get("zone") if feature else None
