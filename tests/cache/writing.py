"""A process that writes until it is killed: ``python -m tests.cache.writing FOLDER``; says what is acknowledged.

Time runs fast in it: a batch takes ``STEP_S``, so minutes are closed, settled, let go of and put into files all along.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from cache.store import Store
from park.load import load_park
from tests.cache.batches import Clock, quick, readings, records, second
from tests.serving import ROOT
from twin.settings import StoreSettings

POINTS = ("LW1-T1-LEVEL", "LW1-T1-TEMP", "LW1-U1-GC1")
ROWS = 50
STEP_S = 1800
TIDY_EVERY = 5


def settings() -> StoreSettings:
    """A day in full, another in summaries, the rest in files."""
    return quick(snapshot_s=STEP_S, raw_days=1.0, sampled_days=2.0, log_bytes=65536)


def moment_of(number: int) -> float:
    """Seconds after noon at which batch ``number`` is written."""
    return number * STEP_S + ROWS


def batch_of(number: int):
    """Batch ``number``: the same whoever makes it."""
    if number % 5 == 4:
        return records("hazard_alarm", {"id": f"A{number}", "alarm_value": 1.0}, source="plant", batch_id=str(number))
    rows = [(POINTS[each % 3], number * STEP_S + each / 1000, float(each)) for each in range(ROWS)]
    return readings(*rows, source="plant", batch_id=str(number), cursor=str(number))


def main(folder: Path) -> None:
    """Resume where the cursor stands, and write on."""
    park, clock = load_park(ROOT / "tests" / "parks" / "small"), Clock()
    store = Store.open(folder, park, settings=settings(), clock=clock)
    first = int(store.cursor("plant") or -1) + 1
    print("open", first, flush=True)
    for number in itertools.count(first):
        clock.now = max(clock.now, second(moment_of(number)))
        answer = store.append(batch_of(number))
        print(number, answer.accepted, flush=True)
        if number % TIDY_EVERY == 0:
            store.tidy()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
