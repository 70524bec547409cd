"""Alarms that are judged to be real, or that nobody takes in hand in time, are told to people (rules section 4); once
a day those are told who hear of them so (R-PU-5)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cache.books import Deed
from cache.notices import NOTICE
from cache.store import Store
from models.alarm_tables import ALARM_TABLES
from models.routing import CONFIRMED, OVERDUE, digest, pushes, routes_of
from park.load import Park
from services.rounds import Look, Round
from twin.moment import Moment
from twin.notice import Notice

_AGAIN = timedelta(minutes=10)  # before the last that was told: what may not have been is looked at once more
_TABLES = frozenset({NOTICE})


def _make(store: Store, park: Park) -> Look:
    routes = routes_of(park.settings.notify.routes)
    zone, hour = ZoneInfo(park.zone), park.settings.notify.digest_hour
    since: Moment | None = None
    told = ""

    def day_before(at: Moment) -> list[Notice]:
        """What is told once a day, of the day before."""
        nonlocal told
        local = at.astimezone(zone)
        if local.hour < hour or told == local.date().isoformat():
            return []
        start = datetime.combine(local.date() - timedelta(days=1), time(), zone)
        counted = store.reader().read("notify/day", at=at, start=start, end=start + timedelta(days=1)).to_dicts()[0]
        told = local.date().isoformat()
        return digest(start.date().isoformat(), counted, routes, at)

    def look(at: Moment) -> None:
        nonlocal since
        reader = store.reader()
        if since is None:
            last = reader.read("notify/last", at=at, kind="alarm")["known"][0]
            since = (last or at) - _AGAIN
        notices = [
            notice
            for when in (CONFIRMED, OVERDUE)
            for alarm in reader.read(f"notify/{when}", at=at, since=since).iter_rows(named=True)
            for notice in pushes({**alarm, "zone": _zone(park, alarm["owner"])}, routes, when, at)
        ]
        notices += day_before(at)
        if notices:
            store.do(Deed(lambda known: store.books.notices.post(notices, known), _TABLES)).result()
        since = at

    return look


def _zone(park: Park, owner: str | None) -> str | None:
    """The zone that an enterprise lies in, as the park's map says."""
    feature = park.feature(owner) if owner else None
    return feature.props.get("zone") if feature else None


ROUND = Round("alarm_pushes", 2.0, _make, ALARM_TABLES)
