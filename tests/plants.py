"""What a park's plants send, for tests of a real server: readings that are pushed, records that are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import orjson
import requests

from tests.serving import SMALL_PARK, TOKEN
from twin.moment import Moment, iso, now


class Plant:
    """A source of readings that keeps a batch until it is acknowledged, and sends it again with the same key."""

    def __init__(self, point: str, url: str) -> None:
        self.point = point
        self.url = url
        self.began = now()
        self.acknowledged: list[tuple[Moment, float]] = []
        self.sent = 0
        self._kept: list[tuple[Moment, float]] = []

    def push(self) -> bool:
        """Send the next batch, or again the one that was not acknowledged; whether it was acknowledged."""
        if not self._kept:
            self._kept = [self._reading(self.sent + index) for index in range(20)]
        rows = [{"point": self.point, "ts": iso_us(ts), "value": value, "quality": "good"} for ts, value in self._kept]
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": f"batch-{self.sent}"}
        try:
            answer = requests.post(f"{self.url}/api/v1/readings", json={"readings": rows}, headers=headers, timeout=10)
        except requests.RequestException:
            return False
        if answer.status_code != 202:
            return False
        assert answer.json()["accepted"] == 20, answer.text
        self.acknowledged += self._kept
        self.sent, self._kept = self.sent + 20, []
        return True

    def _reading(self, number: int) -> tuple[Moment, float]:
        return self.began + timedelta(microseconds=1000 * number), float(number)


def iso_us(moment: Moment) -> str:
    """ISO 8601 to the microsecond."""
    return moment.isoformat(timespec="microseconds")


class Exchange:
    """A real exchange server whose table grows by one record with every question."""

    def __init__(self) -> None:
        exchange = self
        self.made = 0
        self.cursors: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = exchange.answer(urlparse(self.path).path, parse_qs(urlparse(self.path).query))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """No more answers."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, query: dict[str, list[str]]) -> bytes:
        """A page of ``safety_commitment``, from the cursor on."""
        if path == "/exchange":
            return orjson.dumps({"tables": ["safety_commitment"]})
        since = int(query.get("since", ["0"])[0] or 0)
        self.cursors.append(since)
        self.made += 1
        records = [commitment(number) for number in range(since, self.made)]
        return orjson.dumps({"table": "safety_commitment", "records": records, "next": str(self.made), "more": False})


def commitment(number: int) -> dict[str, object]:
    """A record with every required field."""
    at = iso(now())
    return {
        "id": f"C{number}", "park_id": "SMALL", "enterprise_id": "E1", "commitment_date": at[:10], "committed_at": at,
        "committer": "tester", "risk_grade": "04", "unit_total": 1, "unit_running": 1, "unit_stopped": 0,
        "commitment_text": "safe", "is_deleted": "0", "created_at": at, "created_by": "t", "updated_at": at,
        "updated_by": "t",
    }  # fmt: skip


def park_with_source(folder: Path, url: str, settings: str) -> Path:
    """The small park in a new folder, with an exchange server as its source beside other settings."""
    (folder / "geo").mkdir(parents=True)
    for path in (SMALL_PARK / "geo").glob("*.geojson"):
        (folder / "geo" / path.name).write_bytes(path.read_bytes())
    source = f'[[sources]]\nid = "plant"\nprotocol = "http_exchange"\nurl = "{url}"\nevery_s = 0.2\n'
    (folder / "park.toml").write_text(f"{settings}\n{source}")
    return folder


def first_point(park: Path) -> str:
    """An id of the park."""
    return orjson.loads((park / "geo" / "sensors.geojson").read_bytes())["features"][0]["id"]


def wait_until(true: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Until a condition holds; fails when it does not in time."""
    done = threading.Event()
    deadline = now() + timedelta(seconds=timeout_s)
    while not true():
        assert now() < deadline, "it did not come true in time"
        done.wait(0.05)
