"""The sources of a park in a process of their own: each posts its points' readings again and again.

``python -m tests.bench.sender --port 8050 --park DIR --seconds 60 --form arrow`` prints one JSON line: readings sent,
taken and refused, how long answers took (ms), how far behind its time the last one was sent (s).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import monotonic

import numpy as np
import orjson
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from park.load import load_park
from tests.bench.helper import until_told
from tests.bench.measure import cpu_seconds, paced, pause, spread
from tests.serving import TOKEN
from twin.moment import Moment, from_us, iso, now, to_us

_SCHEMA = pa.schema(
    [
        ("point", pa.dictionary(pa.int32(), pa.utf8())),
        ("ts", pa.timestamp("us", "UTC")),
        ("value", pa.float64()),
        ("quality", pa.uint8()),
    ]
)


class Arrow:
    """Readings of some points as Arrow IPC streams."""

    media = "application/vnd.apache.arrow.stream"

    def __init__(self, ids: list[str]) -> None:
        self._point = pa.DictionaryArray.from_arrays(pa.array(np.arange(len(ids), dtype=np.int32)), pa.array(ids))
        self._quality = pa.array(np.zeros(len(ids), np.uint8))

    def body(self, at: Moment, value: NDArray[np.float64]) -> bytes:
        """One value of each point, all at one time."""
        ts = pa.array(np.full(len(value), to_us(at))).cast(_SCHEMA.field("ts").type)
        rows = pa.record_batch([self._point, ts, pa.array(value), self._quality], schema=_SCHEMA)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, _SCHEMA) as stream:
            stream.write_batch(rows)
        return sink.getvalue().to_pybytes()


class Ndjson:
    """Readings of some points as lines of JSON."""

    media = "application/x-ndjson"

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids

    def _rows(self, at: Moment, value: NDArray[np.float64]) -> list[dict[str, object]]:
        ts = iso(at)
        told = zip(self._ids, value.tolist(), strict=True)
        return [{"point": id, "ts": ts, "value": each, "quality": "good"} for id, each in told]

    def body(self, at: Moment, value: NDArray[np.float64]) -> bytes:
        """One value of each point, all at one time."""
        return orjson.dumps(self._rows(at, value))[1:-1].replace(b"},{", b"}\n{")


class Json(Ndjson):
    """Readings of some points as one JSON body."""

    media = "application/json"

    def body(self, at: Moment, value: NDArray[np.float64]) -> bytes:
        """One value of each point, all at one time."""
        return orjson.dumps({"readings": self._rows(at, value)})


TURNS = 61
WORKING = 10_000  # one point in so many crosses its limit in a park that works: 20 alarms a minute of 100,000 points
FORMS: dict[str, type[Arrow] | type[Ndjson]] = {"arrow": Arrow, "ndjson": Ndjson, "json": Json}


@dataclass
class Told:
    """What became of what was sent."""

    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    busy: int = 0  # times that a source was told to try again
    answers_ms: list[float] = field(default_factory=list)
    behind_s: float = 0.0

    def add(self, other: Told) -> None:
        """Take another source's part in."""
        for name in ("sent", "accepted", "rejected", "busy"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.answers_ms += other.answers_ms
        self.behind_s = max(self.behind_s, other.behind_s)


def signals(points: pl.DataFrame, seed: int, crossing: int) -> NDArray[np.float64]:
    """A minute of values by point (turns × points): within the limits, but for one point in ``crossing``, which stands
    beyond its highest limit for half of the time. An odd number of turns, so that it goes on."""
    chance = np.random.default_rng(seed)
    low, high = (
        points.select(pl.coalesce(*names, pl.lit(other))).to_series().to_numpy().astype(float)
        for names, other in (
            (("alarm_lo", "alarm_lo_lo", "range_lo"), 0.0),
            (("alarm_hi", "alarm_hi_hi", "range_hi"), 100.0),
        )
    )
    span = np.maximum(high - low, 0.0)
    value = low + span * chance.uniform(0.4, 0.6, (TURNS, len(points)))
    top = points.select(pl.coalesce("alarm_hi_hi", "alarm_hi", pl.lit(None, pl.Float64))).to_series().to_numpy()
    grave = np.flatnonzero(np.isfinite(top) & (np.arange(len(points)) % crossing == 0))
    value[: TURNS // 2, grave] = top[grave] + 0.1 * np.maximum(span[grave], 1.0)
    return value.round(3)


class Source:
    """One line to the twin and the points that speak over it."""

    def __init__(self, port: int, points: pl.DataFrame, form: str, seed: int, crossing: int) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=120)
        self._form = FORMS[form](points["id"].to_list())
        self._value = signals(points, seed, crossing)
        self._turn = 0
        self.told = Told()

    def tell(self, at: Moment) -> None:
        """Post one reading of each point until it is taken."""
        self._turn += 1
        value = self._value[self._turn % len(self._value)]
        body = self._form.body(at, value)
        self.told.sent += len(value)
        began = monotonic()
        while not self._post(body):
            self.told.busy += 1
            pause(0.1)
        self.told.answers_ms.append((monotonic() - began) * 1000)

    def _post(self, body: bytes) -> bool:
        head = {"Authorization": f"Bearer {TOKEN}", "Content-Type": self._form.media}
        self._line.request("POST", "/api/v1/readings", body, head)
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status == 429:
            return False
        if answer.status != 202:
            raise RuntimeError(f"{answer.status}: {said[:300]!r}")
        result = orjson.loads(said)
        self.told.accepted += result["accepted"]
        self.told.rejected += len(result["rejected"])
        return True

    def at_pace(self, begin: float, seconds: float) -> None:
        """Once a second, stamped with the moment at which it was due."""
        first = to_us(now()) + round((begin - monotonic()) * 1e6)
        for due in paced(1.0, round(seconds), begin):
            self.told.behind_s = max(0.0, monotonic() - due)
            self.tell(from_us(first + round((due - begin) * 1e6)))

    def at_will(self, begin: float, seconds: float) -> None:
        """As fast as the twin answers."""
        while monotonic() < begin + seconds:
            self.tell(now())


def run(sources: list[Source], seconds: float, free: bool) -> dict[str, object]:
    """All sources at once, each with its turn in the second."""
    begin = monotonic() + 0.5
    works: list[Thread] = []
    for number, source in enumerate(sources):
        act: Callable[[float, float], None] = source.at_will if free else source.at_pace
        works.append(Thread(target=act, args=(begin + number / len(sources), seconds)))
    for each in works:
        each.start()
    for each in works:
        each.join()
    total, took = Told(), monotonic() - begin
    for source in sources:
        total.add(source.told)
    counts = {name: getattr(total, name) for name in ("sent", "accepted", "rejected", "busy")}
    spent = {"seconds": took, "behind_s": round(total.behind_s, 2), "cpu_s": cpu_seconds("self")}
    return counts | spent | {"answer_ms": spread(total.answers_ms)}


def main() -> None:
    """Read the command line, run, print."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--park", type=Path, required=True)
    words.add_argument("--rate", type=int, default=100_000, help="readings a second, of as many points")
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--form", choices=sorted(FORMS), default="arrow")
    words.add_argument("--sources", type=int, default=10)
    words.add_argument("--crossing", type=int, default=WORKING, help="one point in so many crosses its limits")
    words.add_argument("--free", action="store_true", help="as fast as the twin answers")
    said = words.parse_args()
    points = load_park(said.park).points.head(said.rate)
    share = -(-len(points) // said.sources)
    parts = list(points.iter_slices(share))
    sources = [Source(said.port, part, said.form, number, said.crossing) for number, part in enumerate(parts)]
    until_told()
    print(json.dumps(run(sources, said.seconds, said.free)))


if __name__ == "__main__":
    main()
