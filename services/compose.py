"""Puts the parts of a running twin together, in the order in which they need each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters._supervisor import Supervisor
from cache.notices import NOTICE
from cache.store import Store
from park.archive import Archive
from park.load import Park
from services.address import write_console
from services.alarm_counts import AlarmCounts
from services.audit import Audit
from services.backup import Backups, Origin
from services.builder import Builder
from services.eyes import PLOTS
from services.first_token import first_token
from services.frames import Frames, Send
from services.geometry import Geometry
from services.house import House
from services.loud import Cry, Loud
from services.metrics import Metrics
from services.people import People
from services.pipeline import Pipeline
from services.recipients import FILE as ADDRESS_FILE
from services.recipients import AddressBook
from services.rounds import Round, Rounds
from services.sealing import Seal
from services.sending.dispatch import Dispatcher
from services.server import is_loopback
from twin.errors import NotAllowed, ParkError
from twin.moment import now
from twin.settings import RunSettings
from twin.source import Deliver, ProtocolMaker
from twin.version import VERSION


def build_id(root: Path) -> str:
    """A name of this very code: pages reload when it changes."""
    digest = hashlib.sha256(VERSION.encode())
    for path in sorted([*root.glob("assets/**/*"), *root.glob("*.py"), *root.glob("*/*.py"), *root.glob("*/*/*.py")]):
        if path.is_file() and ".venv" not in path.parts and "node_modules" not in path.parts:
            digest.update(f"{path.relative_to(root)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()[:12]


Tell = Callable[[frozenset[str]], None]  # these accounts have something new in the app


@dataclass(frozen=True)
class Parts:
    """Everything that ``app.py`` wires to addresses, and ends in the right order."""

    park: Park
    house: House
    store: Store
    pipeline: Pipeline
    deliver: Deliver
    loud: Loud
    supervisor: Supervisor
    builder: Builder
    frames: Frames
    geometry: Geometry
    backups: Backups
    people: People
    rounds: Rounds
    dispatcher: Dispatcher
    alarm_counts: AlarmCounts

    def close(self) -> None:
        """Stop what listens, then what ticks, then the store."""
        self.rounds.stop()
        self.dispatcher.stop()
        self.people.stop()
        self.backups.stop()
        self.supervisor.stop()
        self.frames.stop()
        self.loud.stop()
        self.store.close()


def compose(
    run: RunSettings,
    park: Park,
    house: House,
    protocols: dict[str, ProtocolMaker],
    rounds: dict[str, Round],
    metrics: Metrics,
    build: str,
    send: Send,
    cry: Cry,
    tell: Tell,
) -> Parts:
    """Open the store and make everything that stands on it; nothing runs yet but the writer."""
    run.data.mkdir(parents=True, exist_ok=True)
    seal = Seal.of(run.data)
    store = Store.open(run.data, park, settings=park.settings.store, start_empty=run.start_empty)
    audit = Audit(store.note)
    plots = [each.id for each in park.features.get(PLOTS, ())]
    people = People(
        store.accounts, park.settings.login, now, audit, enterprises=plots, first_token=first_token(run.data)[0],
        console=write_console(run.data), oidc=bool(park.settings.oidc.issuer), seal=seal,
    )  # fmt: skip
    people.keeper.seal_old()
    if not (people.login_on or is_loopback(run.host)):
        store.close()
        raise NotAllowed(
            f"there are no accounts, so only this machine is served; --host {run.host} is refused "
            "until `app.py user add` has made one",
            "host",
        )
    own_book = run.park / ADDRESS_FILE
    if own_book.is_file():
        AddressBook(store, park).fill(own_book.read_bytes())
    pipeline = Pipeline(store, park, now)
    loud = Loud(store, cry)
    deliver = metrics.timed(pipeline.accept)
    supervisor = Supervisor(deliver, store.cursor, now)
    for source in (*park.settings.sources, *run.extra_sources):
        if source.protocol not in protocols:
            known = ", ".join(protocols)
            raise ParkError(
                f"park.toml: source '{source.id}' speaks '{source.protocol}'; known are {known}", "sources.protocol"
            )
        for each in protocols[source.protocol].make(source, park):
            supervisor.add(each)
    store.hear_of_sources(supervisor.down, supervisor.voices)
    builder = Builder(house, park, Archive.of(run.park, run.data))
    frames = Frames(store, builder, build, send, metrics)
    backups = Backups(Origin(run.data, park.id, VERSION, store.copy), park.settings.backup, now, store.call_off)
    dispatcher = Dispatcher(store, park, (*park.settings.notify.channels, *run.extra_channels), now, tell)
    sending = Round("sending", 1.0, lambda _store, _park: dispatcher.look, frozenset({NOTICE}))
    counts = AlarmCounts(store)
    walks = Rounds([*rounds.values(), sending, counts.round()], store, park)
    return Parts(
        park, house, store, pipeline, deliver, loud, supervisor, builder, frames, Geometry(house, builder.eyes),
        backups, people, walks, dispatcher, counts,
    )  # fmt: skip
