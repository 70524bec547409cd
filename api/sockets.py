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
from twin.errors import BadInput, TwinError
from twin.reading import Commit

NAMESPACE = "/ingest"


class IngestNamespace(Namespace):
    """Machines that push readings; each names itself by its token."""

    def __init__(self, deps: Deps, bridge: Bridge) -> None:
        super().__init__(NAMESPACE)
        self._deps = deps
        self._bridge = bridge
        self._holders: dict[str, str] = {}

    def on_connect(self, auth: Any = None) -> None:
        """Refused without a token."""
        try:
            sent = auth.get("token") if isinstance(auth, dict) else None
            self._holders[request.sid] = self._deps.holder(str(sent or ""), "ingest")  # type: ignore[attr-defined]
        except TwinError as error:
            raise Refused(error.message) from error

    def on_disconnect(self, _reason: Any = None) -> None:
        """A machine has gone."""
        self._holders.pop(request.sid, None)  # type: ignore[attr-defined]

    def on_readings(self, body: Any = None) -> dict[str, Any]:
        """Store a batch; the answer of ``POST /api/v1/readings``, or an error in the one shape."""
        holder = self._holders[request.sid]  # type: ignore[attr-defined]
        try:
            return self._bridge.offload(self._accept, body, holder).as_json()
        except TwinError as error:
            return error.as_json()

    def _accept(self, body: Any, holder: str) -> Commit:
        protocol = socket_push.PROTOCOL.key
        try:
            batch = socket_push.decode(body, self._deps.clock(), holder)
        except BadInput as error:
            keep_refused(self._deps, holder, body, error, protocol)
            raise
        commit = self._deps.deliver(batch)
        self._deps.supervisor.heard(holder, commit.accepted + commit.duplicates, len(commit.rejected), protocol)
        return commit
