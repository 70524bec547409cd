"""What every resource of the HTTP contract is given, and how errors leave the house."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, request

from adapters._supervisor import Supervisor
from api._contract import AT, KNOWLEDGE
from cache.store import Store
from park.load import Park
from services.backup import Backups
from services.builder import Builder
from services.frames import Frames
from services.geometry import Geometry
from services.house import House
from services.metrics import Metrics
from services.pipeline import Pipeline
from twin.errors import NotSignedIn, TwinError
from twin.moment import KNOWN, Moment, now
from twin.settings import RunSettings
from twin.source import Deliver

View = Callable[..., Any]


@dataclass(frozen=True)
class Deps:
    """The parts of a running twin."""

    settings: RunSettings
    park: Park
    house: House
    store: Store
    pipeline: Pipeline
    deliver: Deliver
    supervisor: Supervisor
    builder: Builder
    frames: Frames
    geometry: Geometry
    backups: Backups
    metrics: Metrics
    tokens: dict[str, str]  # token -> name of the machine that holds it
    build: str
    version: str
    started_at: Moment
    clock: Callable[[], Moment] = now

    def needs(self, scope: str) -> Callable[[View], View]:
        """Only for who holds a token with ``scope``; the holder's name is in ``request.environ['parktwin.source']``."""

        def guard(view: View) -> View:
            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                sent = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
                request.environ["parktwin.source"] = self.holder(sent, scope)
                return view(*args, **kwargs)

            return guarded

        return guard

    def holder(self, sent: str, scope: str) -> str:
        """Name of who holds the token.

        Raises:
            NotSignedIn: no token, or an unknown one.
        """
        for token, name in self.tokens.items():
            if hmac.compare_digest(token.encode(), sent.encode()):
                return name
        raise NotSignedIn(f"this call needs 'Authorization: Bearer <token>' with the scope '{scope}'", "Authorization")


@dataclass(frozen=True)
class Resource:
    """One file of the contract: its key and its routes."""

    key: str
    routes: Callable[[Deps], Blueprint]


def asked_moment(deps: Deps) -> Moment:
    """The moment asked for by ``at``; the present where there is none.

    Raises:
        BadInput: not a time, or without an offset.
    """
    return AT.moment() or deps.store.tick()


def asked_knowledge() -> str:
    """Which knowledge of the moment is asked for: what was known then, or (``latest``) what is known by now.

    Raises:
        BadInput: neither of them.
    """
    return KNOWLEDGE.asked() or KNOWN


def speak_errors(app: Flask) -> None:
    """Every error leaves in the one shape; the trace goes to the log only."""

    def ours(error: TwinError) -> tuple[dict[str, Any], int, dict[str, str]]:
        retry = getattr(error, "retry_after_s", None)
        return error.as_json(), error.status, {"Retry-After": str(retry)} if retry else {}

    def unknown(_: Exception) -> Response | tuple[dict[str, Any], int]:
        return {"error": {"code": "not_found", "message": "there is nothing at this address", "field": None}}, 404

    def method(_: Exception) -> tuple[dict[str, Any], int]:
        return {"error": {"code": "method", "message": "this address does not take that method", "field": None}}, 405

    def ours_failed(error: Exception) -> tuple[dict[str, Any], int]:
        app.logger.error("a request failed: %s %s", request.method, request.path, exc_info=error)
        return {"error": {"code": "internal", "message": "something failed here; it was logged", "field": None}}, 500

    app.register_error_handler(TwinError, ours)
    app.register_error_handler(404, unknown)
    app.register_error_handler(405, method)
    app.register_error_handler(500, ours_failed)
