"""Puts the served twin together: its parts, the addresses and the page. Only ``app.py`` starts it."""

from __future__ import annotations

import gc
import logging
import signal
from pathlib import Path
from typing import Any

import gevent
from dash import Dash
from flask import Flask, has_request_context

import adapters
import api
import callbacks
import dashboards
import dashboards.panels
import layers
import services.round
from api._deps import Deps, speak_errors
from api._gate import Gate, cookie_of, csrf_cookie_of, last_visit
from api.sockets import IngestNamespace
from callbacks.language import locale_url
from dashboards._frame import PAGE, Shell, shell_layout
from park.load import load_park
from services.address import Address, write_address
from services.bridge import Bridge
from services.builder import Key
from services.bundle import Bundle
from services.compose import Parts, build_id, compose
from services.first_token import first_token
from services.frames import Patch
from services.house import House
from services.live import Hall, LiveNamespace
from services.metrics import Metrics
from services.policy import hold_to, page_policy
from services.server import LineServer, is_loopback, make_server, make_sockets
from services.vault import Vault, asker, packed_folder
from services.web import Pages
from twin.behind import Behind
from twin.moment import now
from twin.person import DEMO
from twin.registry import discover, modules
from twin.settings import RunSettings
from twin.version import VERSION

ROOT = Path(__file__).parent
_log = logging.getLogger("parktwin")


def find_house() -> House:
    """All screens, panels and layers of the product."""
    return House(
        discover(dashboards, "SCREEN"),
        discover(dashboards.panels, "PANEL"),
        discover(layers, "LAYER"),
    )


def make_dash(flask_app: Flask, deps: Deps) -> Dash:
    """The page: Dash owns the shell, our scripts what stands in it."""
    park = deps.park
    bundle = Bundle.of(ROOT / "assets", ("socket.io.min.js",))
    bundle.serve(flask_app)
    dash_app = Dash(
        "parktwin",
        server=flask_app,  # type: ignore[arg-type]
        assets_folder=str(ROOT / "assets"),
        assets_ignore=r".*\.js$",  # ours come as one, others' when first wanted
        index_string=PAGE.replace("{bundle}", bundle.url),
        title=park.name_zh,
        update_title=None,  # type: ignore[arg-type]
        csrf_token_name=csrf_cookie_of(deps.settings.port),
    )
    dash_app.layout = lambda: shell_layout(shell_of(deps))
    return dash_app


def shell_of(deps: Deps) -> Shell:
    """What the page of whoever asks has to know; Dash also asks once by itself."""
    park, viewer = deps.park, deps.viewer() if has_request_context() else DEMO
    kept = deps.geometry

    def static_url(key: str) -> str:
        return f"/api/v1/layers/{key}/static.json?v={kept.of(key, viewer.scope).version}"

    return Shell(
        name_zh=park.name_zh,
        name_en=park.name_en,
        zone=park.zone,
        bounds=park.bounds,
        map=park.settings.map,
        screens=deps.house.seen_by(viewer),
        layers=deps.house.layers,
        static_url=static_url,
        locale_url=locale_url,
        build=deps.build,
        me=viewer,
        viewer=viewer if deps.people.login_on else None,
        csrf=csrf_cookie_of(deps.settings.port),
        idle_s=park.settings.login.idle_min * 60,
        last_visit=last_visit(deps.people),
    )


class Twin:
    """One running server, from the first answered request to the last byte written."""

    def __init__(self, run: RunSettings) -> None:
        self.run = run
        self.bridge = Bridge()
        self.metrics = Metrics()
        self.hall: Hall | None = None
        self.server: LineServer
        self.parts: Parts | None = None

    def serve(self) -> None:
        """Answer at once (503), open the twin, serve until told to stop."""
        self.run.data.mkdir(parents=True, exist_ok=True)
        self.server, guard = make_server(self.run.host, self.run.port)
        self.server.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self.server.stop)
        try:
            park = self.bridge.offload(load_park, self.run.park)
            house, build = find_house(), build_id(ROOT)
            protocols = discover(adapters, "PROTOCOL")
            rounds = discover(services.round, "ROUND")
            self.parts = self.bridge.offload(
                compose,
                self.run,
                park,
                house,
                protocols,
                rounds,
                self.metrics,
                build,
                self._send,
                self._cry,
                self._tell,
            )
            guard.also(park.settings.login.hosts)
            guard.open(self._wire(self.parts, build))
            self._begin(self.parts)
            self.server.serve_forever()
        finally:
            self._end()

    def _send(self, key: Key, patch: Patch) -> None:
        if self.hall is not None:
            self.bridge.into_hub(self.hall.send, key, patch)

    def _cry(self, alarm: dict[str, Any]) -> None:
        if self.hall is not None:
            self.bridge.into_hub(self.hall.cry, alarm)

    def _tell(self, accounts: frozenset[str]) -> None:
        if self.hall is not None and accounts:
            self.bridge.into_hub(self.hall.tell, accounts)

    def _wire(self, parts: Parts, build: str) -> Flask | Vault:
        _, path = first_token(self.run.data)
        if path is not None:
            _log.info("the token for machines is in %s", path)
        flask_app = Pages("parktwin", static_folder=None)
        speak_errors(flask_app)
        self.metrics.time_views(flask_app)
        deps = Deps(
            settings=self.run, park=parts.park, house=parts.house, store=parts.store, pipeline=parts.pipeline,
            deliver=parts.deliver,
            supervisor=parts.supervisor, builder=parts.builder, frames=parts.frames, geometry=parts.geometry,
            backups=parts.backups,
            metrics=self.metrics, people=parts.people, alarm_counts=parts.alarm_counts,
            build=build, version=VERSION, started_at=now(),
        )  # fmt: skip
        Gate(parts.people, self.run.port, parts.house).close(flask_app)
        for resource in discover(api, "RESOURCE", optional=True).values():
            flask_app.register_blueprint(resource.routes(deps))
        dash_app = make_dash(flask_app, deps)
        for module in modules(callbacks):
            module.register(dash_app, deps)
        hold_to(flask_app, page_policy(dash_app.csp_hashes(), parts.park.settings.map.tiles))
        vault = Vault(flask_app, self.bridge, asker(flask_app), packed_folder(ROOT, self.run.data))
        sockets = make_sockets(flask_app, self.bridge)
        self.hall = Hall(sockets, parts.frames, self.bridge, self.metrics)
        sockets.on_namespace(self._live(parts))
        sockets.on_namespace(IngestNamespace(deps, self.bridge))
        Behind(vault.warm, "pack").start()
        return vault

    def _live(self, parts: Parts) -> LiveNamespace:
        hall, people, cookie = self.hall, parts.people, cookie_of(self.run.port)
        assert hall is not None
        people.keeper.gone = lambda session, why: self.bridge.into_hub(hall.end, session, why)
        return LiveNamespace(hall, parts.builder, parts.frames, self.bridge, people, cookie)

    def _begin(self, parts: Parts) -> None:
        parts.frames.start()
        parts.supervisor.start()
        parts.people.start()
        parts.backups.start()
        parts.dispatcher.start()
        parts.rounds.start()
        write_address(self.run.data, Address(self._here(), parts.park.id))
        self.bridge.watch_delay(self.metrics.hub.observe)
        gc.collect()
        gc.freeze()  # what stands for as long as the server runs need not be searched for garbage, all else waiting
        _log.info("%s: http://%s:%s", parts.park.name_en, self.run.host, self.run.port)

    def _here(self) -> str:
        """The address by which commands on this machine reach it."""
        anywhere = is_loopback(self.run.host) or self.run.host in ("0.0.0.0", "::")
        return f"http://{'127.0.0.1' if anywhere else self.run.host}:{self.run.port}"

    def _end(self) -> None:
        if self.parts is not None:
            self.bridge.offload(self.parts.close)


def serve(run: RunSettings) -> None:
    """One server until it is told to stop."""
    Twin(run).serve()
