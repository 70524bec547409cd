"""The greatest rate that can be kept up, beside what else is installed."""

from __future__ import annotations

import shutil
from collections import deque
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from time import monotonic

import numpy as np
import polars as pl
import psycopg
import pytest
from numpy.typing import NDArray

from adapters.http_push import ARROW, decode
from cache.store import Store
from park.load import Park
from tests.bench.conftest import serving
from tests.bench.helper import Helper
from tests.bench.scale import POINTS, SHORT_S
from tests.bench.sender import WORKING, Arrow, signals
from tests.conftest import Figure
from twin.moment import now
from twin.reading import Commit

pytestmark = pytest.mark.bench
WAITING = 4  # batches on the way at once
OTHERS = {"VictoriaMetrics": ("victoria-metrics", "victoria-metrics-prod"), "InfluxDB": ("influxd",)}
TEXTS = 10
AT_ONCE = 4  # sources that post without a pause
_TABLE = "CREATE TABLE peer (point integer, ts timestamptz, value double precision, quality smallint)"
_INDEX = "CREATE INDEX ON peer (point, ts)"
_COPY = "COPY peer FROM STDIN (FORMAT csv)"


@pytest.fixture(scope="module")
def values(wide_park: Park) -> NDArray[np.float64]:
    """What all points say, by turns, in a park that works: where every point crossed its limits at random with every
    reading, what is measured would be a storm of alarms."""
    return signals(wide_park.points, 7, WORKING)


def test_greatest_rate_of_the_store(tmp_path: Path, wide_park: Park, values: np.ndarray, figure: Figure) -> None:
    store, form = Store.open(tmp_path, wide_park), Arrow(wide_park.points["id"].to_list())
    waiting: deque[Future[Commit]] = deque()
    accepted, sent, began = 0, 0, monotonic()
    while monotonic() < began + SHORT_S or waiting:
        if monotonic() < began + SHORT_S:
            at = now()
            body = form.body(at, values[sent % len(values)])
            waiting.append(store.submit(decode(body, ARROW, source="bench", batch_id=str(sent), received_at=at)))
            sent += 1
        if len(waiting) > WAITING or monotonic() >= began + SHORT_S:
            accepted += waiting.popleft().result().accepted
    rate = accepted / (monotonic() - began)
    store.close()
    said = f"{rate:,.0f}/s for {SHORT_S:.0f} s"
    figure("greatest rate, Arrow into the store", "≥ 1,000,000 readings/s", said)
    absent = [name for name, programs in OTHERS.items() if not any(map(shutil.which, programs))]
    for name in absent:
        figure(f"beside it: {name}", "for comparison", "not installed here")
    assert accepted == sent * POINTS
    assert rate >= 1_000_000


def test_greatest_rate_over_http(tmp_path: Path, wide_park: Park, figure: Figure) -> None:
    with serving(wide_park, tmp_path) as server:
        sources = Helper(
            "sender", port=server.port, park=wide_park.folder, seconds=SHORT_S, rate=POINTS, sources=AT_ONCE, free=True
        )
        sources.go()
        said = sources.done()
        kept = server.get("/healthz").json()["store"]["readings"]
    rate = said["accepted"] / said["seconds"]
    figure("greatest rate, Arrow over HTTP", "reported", f"{rate:,.0f}/s for {SHORT_S:.0f} s")
    assert kept == said["accepted"] == said["sent"]


def texts(values: np.ndarray) -> list[bytes]:
    """The same readings as text for COPY, a hundred thousand at a time; made before the clock runs."""
    points, first = np.arange(values.shape[1]), now()
    made = []
    for turn, value in enumerate(values[:TEXTS]):
        rows = {"point": points, "ts": first + timedelta(seconds=turn), "value": value, "quality": 0}
        made.append(pl.DataFrame(rows).write_csv(include_header=False).encode())
    return made


@pytest.mark.parametrize("index", [True, False])
def test_rate_of_postgres(postgres: str, values: np.ndarray, figure: Figure, index: bool) -> None:
    told, sent = texts(values), 0
    with psycopg.connect(postgres, autocommit=True) as line:
        line.execute(_TABLE)
        if index:
            line.execute(_INDEX)
        began = monotonic()
        while monotonic() < began + SHORT_S:
            with line.cursor().copy(_COPY) as copy:
                copy.write(told[sent % len(told)])
            sent += 1
        took = monotonic() - began
        kept = line.execute("SELECT count(*) FROM peer").fetchone()
        line.execute("DROP TABLE peer")
    said = f"{sent * values.shape[1] / took:,.0f}/s"
    name = "with an index by point and time" if index else "without an index"
    figure(f"beside it: PostgreSQL COPY {name}, nothing made durable", "for comparison", said)
    assert kept == (sent * values.shape[1],)
