"""What every resource of the HTTP contract is given, and how errors leave the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, g, request

from adapters._supervisor import Supervisor
from api._contract import AT, KNOWLEDGE
from cache.store import Store
from park.load import Park
from services.alarm_counts import AlarmCounts
from services.backup import Backups
from services.builder import Builder
from services.frames import Frames
from services.geometry import Geometry
from services.house import House
from services.metrics import Metrics
from services.people import People
from services.pipeline import Pipeline
from twin.errors import NotAllowed, NotSignedIn, TwinError
from twin.moment import KNOWN, Moment, now
from twin.person import Person
from twin.roles import Right
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
    people: People
    alarm_counts: AlarmCounts
    build: str
    version: str
    started_at: Moment
    clock: Callable[[], Moment] = now

    @staticmethod
    def needs(right: Right | str) -> Callable[[View], View]:
        """Only for who has a right; ``OPEN``: for everybody, ``ANYONE``: for whoever is signed in. A view that says
        nothing is closed. Stands below ``says``, so that the contract tells it."""

        def declared(view: View) -> View:
            view.needs = right  # type: ignore[attr-defined]
            return view

        return declared

    @staticmethod
    def viewer() -> Person:
        """Who asks.

        Raises:
            NotSignedIn: nobody has been let in, for the view is open to everybody.
        """
        person: Person | None = g.get("person")
        if person is None:
            raise NotSignedIn("sign in first, or send 'Authorization: Bearer <token>'", "Authorization")
        return person

    @staticmethod
    def answer(said: Any) -> Response:
        """JSON whose headers are still to be set."""
        return Response(orjson.dumps(said), mimetype="application/json")

    def must(self, right: Right) -> None:
        """For what a view does only sometimes, such as a file.

        Raises:
            NotAllowed: the viewer has not the right.
        """
        viewer = self.viewer()
        if not viewer.may(right):
            raise NotAllowed(f"'{viewer.role}' has no right '{right}'", None, "no_right")


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
        said = error.as_json()
        told = getattr(error, "told", None)
        if told:
            said["error"]["told"] = told
        return said, error.status, {"Retry-After": str(retry)} if retry else {}

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
