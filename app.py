"""ParkTwin: the command line. Nothing imports this file; ``serve.py`` puts together what is served.

``python app.py demo`` starts the demo park with its feed, ``python app.py --park DIR`` opens a park,
``python app.py check DIR`` names every fault of a park folder, ``backup FILE`` and ``restore FILE`` keep its data.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import os

    from tools.setup import enter_environment

    # its threads are woken a thousand times a second for work of microseconds, and push aside whoever is answered
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

    enter_environment(sys.argv)  # on a fresh machine: make the environment, then go on inside it

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cache.verify import verify_folder
from demo.launch import Demo, demo_park
from park.check import check_park, report
from services.backup_command import backup
from services.backup_file import describe
from services.first_token import first_token, known_token
from services.restore import check_data, restore
from services.user_command import add_commands, run_tokens, run_users
from twin.errors import TwinError
from twin.moment import now
from twin.registry import later
from twin.settings import RunSettings
from twin.version import VERSION

ROOT = Path(__file__).parent
serve = later("serve", "serve")  # all of the web is loaded only to serve


def _run(options: argparse.Namespace) -> int:
    serve(RunSettings(options.park, options.data, options.host, options.port, start_empty=options.start_empty))
    return 0


def _demo(options: argparse.Namespace) -> int:
    park = demo_park(ROOT / "demo" / "park", options.data, options.points)
    with Demo(options, park, first_token(options.data)[0]) as demo:
        run = RunSettings(
            park, options.data, options.host, options.port, demo.sources, True, options.start_empty, demo.channels
        )
        serve(run)
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
