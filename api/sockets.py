"""`/ingest`: readings pushed through a socket; the acknowledgement says what became of them once they are durable."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import Namespace

from adapters import socket_push
from api._body import keep_refused
from api._deps import Deps
from services.bridge import Bridge
from services.own import own_only
from twin.errors import BadInput, NotAllowed, TwinError
from twin.person import Person
from twin.reading import Commit
from twin.roles import Right

NAMESPACE = "/ingest"


class IngestNamespace(Namespace):
    """Machines that push readings; each names itself by its token, which is looked at again with every batch."""

    def __init__(self, deps: Deps, bridge: Bridge) -> None:
        super().__init__(NAMESPACE)
        self._deps = deps
        self._bridge = bridge
        self._tokens: dict[str, str] = {}

    def on_connect(self, auth: Any = None) -> None:
        """Refused without a token that may deliver."""
        sent = str(auth.get("token") or "") if isinstance(auth, dict) else ""
        try:
            self._holder(sent)
        except TwinError as error:
            caller = self._deps.people.caller(request.environ)
            self._deps.people.audit.refused("", caller, f"socket {NAMESPACE}", error.code, error.status)
            raise Refused(error.message) from error
        self._tokens[request.sid] = sent  # type: ignore[attr-defined]

    def on_disconnect(self, _reason: Any = None) -> None:
        """A machine has gone."""
        self._tokens.pop(request.sid, None)  # type: ignore[attr-defined]

    def on_readings(self, body: Any = None) -> dict[str, Any]:
        """Store a batch; the answer of ``POST /api/v1/readings``, or an error in the one shape."""
        try:
            holder = self._holder(self._tokens[request.sid])  # type: ignore[attr-defined]
            self._deps.people.machine_writes.take(f"machine:{holder.id}")
            return self._bridge.offload(self._accept, body, holder).as_json()
        except TwinError as error:
            return error.as_json()

    def _holder(self, sent: str) -> Person:
        holder = self._deps.people.machine(sent)
        if not holder.may(Right.ingest):
            raise NotAllowed(f"this token has no right '{Right.ingest}'", "token", "no_right")
        return holder

    def _accept(self, body: Any, holder: Person) -> Commit:
        protocol = socket_push.PROTOCOL.key
        try:
            batch = socket_push.decode(body, self._deps.clock(), holder.id)
        except BadInput as error:
            keep_refused(self._deps, holder.id, body, error, protocol)
            raise
        commit = self._deps.deliver(own_only(batch, holder.enterprise, self._deps.park) if holder.enterprise else batch)
        self._deps.supervisor.heard(holder.id, commit.accepted + commit.duplicates, len(commit.rejected), protocol)
        return commit
