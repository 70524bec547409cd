"""ParkTwin: composition root and command line. Nothing imports this file.

``python app.py demo`` starts the demo park with its feed, ``python app.py --park DIR`` opens a park,
``python app.py check DIR`` names every fault of a park folder, ``backup FILE`` and ``restore FILE`` keep its data.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    from tools.setup import enter_environment

    enter_environment(sys.argv)  # on a fresh machine: make the environment, then go on inside it

import argparse
import gc
import logging
import signal
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
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
from api._deps import Deps, speak_errors
from api._gate import Gate, cookie_of, csrf_cookie_of
from api.sockets import IngestNamespace
from cache.verify import verify_folder
from callbacks.language import locale_url
from dashboards._frame import PAGE, Shell, shell_layout
from demo.launch import Demo, demo_park
from park.check import check_park, report
from park.load import load_park
from services.address import Address, write_address
from services.backup_command import backup
from services.backup_file import describe
from services.bridge import Bridge
from services.builder import Key
from services.bundle import Bundle
from services.compose import VERSION, Parts, build_id, compose, first_token, known_token
from services.frames import Patch
from services.house import House
from services.live import Hall, LiveNamespace
from services.metrics import Metrics
from services.policy import hold_to, page_policy
from services.restore import check_data, restore
from services.server import LineServer, is_loopback, make_server, make_sockets
from services.user_command import add_commands, run_tokens, run_users
from services.vault import Vault, asker, packed_folder
from twin.errors import TwinError
from twin.moment import now
from twin.person import DEMO
from twin.registry import discover, modules
from twin.settings import RunSettings

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
        screens=deps.house.paged,
        layers=deps.house.layers,
        static_url=static_url,
        locale_url=locale_url,
        build=deps.build,
        me=viewer,
        viewer=viewer if deps.people.login_on else None,
        csrf=csrf_cookie_of(deps.settings.port),
        idle_s=park.settings.login.idle_min * 60,
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
            self.parts = self.bridge.offload(
                compose, self.run, park, house, protocols, self.metrics, build, self._send, self._cry
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

    def _wire(self, parts: Parts, build: str) -> Flask | Vault:
        _, path = first_token(self.run.data)
        if path is not None:
            _log.info("the token for machines is in %s", path)
        flask_app = Flask("parktwin", static_folder=None)
        speak_errors(flask_app)
        self.metrics.time_views(flask_app)
        deps = Deps(
            settings=self.run, park=parts.park, house=parts.house, store=parts.store, pipeline=parts.pipeline,
            deliver=parts.deliver,
            supervisor=parts.supervisor, builder=parts.builder, frames=parts.frames, geometry=parts.geometry,
            backups=parts.backups,
            metrics=self.metrics, people=parts.people, build=build, version=VERSION, started_at=now(),
        )  # fmt: skip
        Gate(parts.people, self.run.port).close(flask_app)
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
        Thread(target=vault.warm, name="pack", daemon=True).start()
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


def _run(options: argparse.Namespace) -> int:
    Twin(RunSettings(options.park, options.data, options.host, options.port, start_empty=options.start_empty)).serve()
    return 0


def _demo(options: argparse.Namespace) -> int:
    park = demo_park(ROOT / "demo" / "park", options.data, options.points)
    with Demo(options, park, first_token(options.data)[0]) as demo:
        run = RunSettings(park, options.data, options.host, options.port, demo.sources, True, options.start_empty)
        Twin(run).serve()
    return 0


def _check(options: argparse.Namespace) -> int:
    faults = check_park(options.folder)
    print(report(faults))
    return 1 if faults else 0


def _backup(options: argparse.Namespace) -> int:
    token = known_token(options.data)
    made = backup(
        options.file.absolute(), options.data.absolute(), token, VERSION, now, lambda said: print(said, flush=True)
    )
    print(f"{options.file} holds {_held(made)}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    made = describe(restore(options.file, options.data.absolute()))
    print(f"{options.data} holds {_held(made)}, as of {made['made_at']}; every one was checked")
    return 0


def _check_data(options: argparse.Namespace) -> int:
    held = check_data(options.data)
    print(f"{options.data}: {held.rows} rows in {len(held.tables)} tables, every one could be read")
    return 0


def _verify(options: argparse.Namespace) -> int:
    found = verify_folder(options.data)
    print(f"{options.data}: {found}")
    return 0 if found.sound else 1


def _user(options: argparse.Namespace) -> int:
    run_users(options, now, lambda said: print(said, flush=True))
    return 0


def _token(options: argparse.Namespace) -> int:
    run_tokens(options, now, lambda said: print(said, flush=True))
    return 0


_ACTS = {"user": _user, "token": _token}


def _held(made: dict[str, Any]) -> str:
    return f"{made['rows']} rows in {made['tables']} tables and {made['files']} files of the archive"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="ParkTwin, the live one-map of a chemical park")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--data", type=Path, default=Path("data"), help="folder of the cache (default ./data)")
    where.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; only this machine as long as there are no accounts"
    )
    where.add_argument("--port", type=int, default=8050)
    where.add_argument("--start-empty", action="store_true", help="go on with an empty cache where it is damaged")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", parents=[where], help="open a park (the default command)")
    run.add_argument("--park", type=Path, default=ROOT / "demo" / "park", help="a park folder")
    run.set_defaults(act=_run)
    demo = commands.add_parser("demo", parents=[where], help="the demo park with its feed")
    demo.add_argument("--speed", type=float, default=1.0, help="how many times faster than real time")
    demo.add_argument("--points", type=int, default=0, help="enlarge the park to so many points")
    demo.add_argument("--scenario", default="quiet_day")
    demo.add_argument("--seed", type=int, default=7)
    demo.set_defaults(act=_demo)
    _add_data_commands(commands)
    return parser


def _add_data_commands(commands: Any) -> None:
    """What is done to a park folder or a data folder, without serving."""
    check = commands.add_parser("check", help="name every fault of a park folder")
    check.add_argument("folder", type=Path)
    check.set_defaults(act=_check)
    add_commands(commands)
    _add_keeping_commands(commands)


def _add_keeping_commands(commands: Any) -> None:
    """The commands that keep data and look at them."""
    kept = commands.add_parser("backup", help="put the cache and its archive into one file, also while a server runs")
    kept.add_argument("file", type=Path, help="the file to be made")
    kept.add_argument("--data", type=Path, default=Path("data"), help="folder of the cache (default ./data)")
    kept.set_defaults(act=_backup)
    back = commands.add_parser("restore", help="lay a backup into an empty data folder")
    back.add_argument("file", type=Path, help="a backup")
    back.add_argument("--data", type=Path, required=True, help="an empty folder, or one to be made")
    back.set_defaults(act=_restore)
    looked = commands.add_parser("check-data", help="read everything that a data folder holds, while no server runs")
    looked.add_argument("--data", type=Path, default=Path("data"), help="folder of the cache (default ./data)")
    looked.set_defaults(act=_check_data)
    sealed = commands.add_parser("verify", help="see that nobody has changed the journal, while no server runs")
    sealed.add_argument("--data", type=Path, default=Path("data"), help="folder of the cache (default ./data)")
    sealed.set_defaults(act=_verify)


def main(words: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    known = ("run", "demo", "check", "backup", "restore", "check-data", "verify", "user", "token", "-h", "--help")
    options = _arguments().parse_args(list(words) if words and words[0] in known else ["run", *words])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return int(_ACTS[options.command](options) if options.command in _ACTS else options.act(options))
    except TwinError as error:
        print(f"app.py: {error.message}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"app.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
