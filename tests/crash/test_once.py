"""Dropped files and a front database with a server that is killed again and again: every row is kept, none twice."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Timer
from time import monotonic

import orjson
import psycopg
import pytest

from tests.clusters import PASSWORD
from tests.conftest import SMALL_PARK
from tests.serving import Server, free_port
from twin.moment import iso, now

KILLS = max(3, int(os.environ.get("PARKTWIN_KILLS", "0")) // 20)
FILES, FILE_ROWS = 3, 20_000
TABLE_ROWS = 100_000
SLICE = 10_000
WAIT_S = 90.0
VARIABLE = "FRONT_PASSWORD"
POINT = str(orjson.loads((SMALL_PARK / "geo" / "sensors.geojson").read_bytes())["features"][0]["id"])
START = now().replace(microsecond=0) - timedelta(hours=1)  # reading n is stamped so many milliseconds after it
FILL = """
    INSERT INTO front
    SELECT n, %(point)s, %(start)s + n * interval '1 ms', n, %(start)s + n / 3000 * interval '1 s'
    FROM generate_series(1, %(rows)s) n
"""


@pytest.fixture
def park(tmp_path: Path) -> Path:
    """The small park, to be given sources."""
    folder = tmp_path / "park"
    folder.mkdir()
    (folder / "geo").symlink_to(SMALL_PARK / "geo")
    return folder


@pytest.fixture
def table(postgres: str) -> Iterator[str]:
    """The address of 100,000 readings, many with the same stamp, and one of a point that the park does not have."""
    with closing(psycopg.connect(postgres, autocommit=True)) as line:
        line.execute("CREATE TABLE front (id int, point text, ts timestamptz, value float, updated_at timestamptz)")
        line.execute(FILL, {"point": POINT, "start": START, "rows": TABLE_ROWS})
        line.execute("UPDATE front SET point = 'NOPE' WHERE id = 500")
        yield postgres.replace(f":{PASSWORD}", "")
        line.execute("DROP TABLE front")


def wait(server: Server, done: Callable[[], bool]) -> None:
    """Until it is done; what the server says when it is not in time."""
    deadline, pause = monotonic() + WAIT_S, Event()
    while not done():
        assert monotonic() < deadline, f"{server.get('/healthz').json()}\n{server.log}"
        pause.wait(0.05)


def killed_again_and_again(park: Path, data: Path, readings: int, **environment: str) -> Server:
    """A server that has been killed in the middle some times, and now holds so many readings."""
    port, chance = free_port(), random.Random(7)
    for _ in range(KILLS):
        server = Server(["run", "--park", str(park)], data, port, **environment).wait_ready()
        killer = Timer(chance.uniform(0.0, 1.0), server.kill)
        killer.start()
        killer.join()
    server = Server(["run", "--park", str(park)], data, port, **environment).wait_ready()
    wait(server, lambda: server.get("/healthz").json()["store"]["readings"] >= readings)
    return server


def kept(server: Server, rows: int) -> list[float]:
    """The history of the point, in slices that are small enough to be told reading by reading."""
    values: list[float] = []
    for first in range(0, rows, SLICE):
        ends = (START + timedelta(milliseconds=each) for each in (first + 0.5, first + SLICE + 0.5))
        asked = dict(zip(("from", "to"), (each.isoformat() for each in ends), strict=True))
        values += server.get(f"/api/v1/points/{POINT}/history", max_points=SLICE + 1, **asked).json()["value"]
    return values


def total(server: Server) -> int:
    return int(server.get("/healthz").json()["store"]["readings"])


def test_every_dropped_row_is_kept_once(park, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (park / "park.toml").write_text(
        f'[[sources]]\nid = "drop"\nprotocol = "folder"\npath = "{folder}"\ndone = "move"\n'
        "every_s = 0.05\nsettle_s = 0.05\npage_rows = 1000\n"
    )
    for part in range(FILES):
        numbers = range(part * FILE_ROWS + 1, (part + 1) * FILE_ROWS + 1)
        lines = (f"{POINT},{iso(START + timedelta(milliseconds=n))},{n},good\n" for n in numbers)
        (folder / f"reading-{part}.csv").write_text("point,ts,value,quality\n" + "".join(lines) + "NOPE,soon,x,\n")
    server = killed_again_and_again(park, tmp_path / "data", FILES * FILE_ROWS)
    try:
        wait(server, lambda: [each.name for each in folder.iterdir()] == ["done"])
        assert kept(server, FILES * FILE_ROWS) == [*map(float, range(1, FILES * FILE_ROWS + 1))]
        assert total(server) == FILES * FILE_ROWS
        refused = server.get("/api/v1/rejects", source="drop").json()["rejects"]
        assert sorted(each["field"] for each in refused) == [f"reading-{part}.csv[20002].ts" for part in range(FILES)]
        [source] = server.get("/healthz").json()["sources"]
        assert (source["id"], source["state"]) == ("drop", "ok")
    finally:
        server.stop()


def test_every_row_of_a_front_database_is_kept_once(park, tmp_path, table):
    (park / "park.toml").write_text(
        f'[[sources]]\nid = "front"\nprotocol = "sql"\nurl = "{table}"\npassword_env = "{VARIABLE}"\nfrom = "front"\n'
        'cursor = ["updated_at", "id"]\nevery_s = 0.1\npage_rows = 2000\n'
    )
    server = killed_again_and_again(park, tmp_path / "data", TABLE_ROWS - 1, **{VARIABLE: PASSWORD})
    try:
        assert kept(server, TABLE_ROWS) == [float(n) for n in range(1, TABLE_ROWS + 1) if n != 500]
        assert total(server) == TABLE_ROWS - 1
        refused = server.get("/api/v1/rejects", source="front").json()["rejects"]
        assert [(each["code"], each["field"]) for each in refused] == [("unknown_point", "front[500].point")]
        assert PASSWORD not in server.get("/healthz").text + server.log
        [source] = server.get("/healthz").json()["sources"]
        assert (source["id"], source["state"]) == ("front", "ok")
    finally:
        server.stop()


def test_a_wrong_password_is_one_line_in_the_log_and_none_in_the_answer(park, tmp_path, table):
    (park / "park.toml").write_text(
        f'[[sources]]\nid = "front"\nprotocol = "sql"\nurl = "{table}"\npassword_env = "{VARIABLE}"\nfrom = "front"\n'
        'cursor = ["updated_at", "id"]\nevery_s = 0.1\n'
    )
    server = Server(["run", "--park", str(park)], tmp_path / "data", free_port(), **{VARIABLE: "hunter2"}).wait_ready()
    try:
        wait(server, lambda: server.get("/healthz").json()["sources"][0]["state"] == "down")
        assert server.log.count("the database refuses the user or the password") == 1
        assert "hunter2" not in server.get("/healthz").text + server.log
    finally:
        server.stop()
