"""A process that writes until it is killed: ``python -m tests.cache.writing FOLDER``; says what is acknowledged."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from cache.store import Store
from park.load import load_park
from tests.cache.batches import quick, readings, records
from tests.serving import ROOT

POINTS = ("LW1-T1-LEVEL", "LW1-T1-TEMP", "LW1-U1-GC1")
ROWS = 50


def batch_of(number: int):
    """Batch ``number``: the same whoever makes it."""
    if number % 5 == 4:
        return records("hazard_alarm", {"id": f"A{number}", "alarm_value": 1.0}, source="plant", batch_id=str(number))
    rows = [(POINTS[each % 3], number + each / 1000, float(each)) for each in range(ROWS)]
    return readings(*rows, source="plant", batch_id=str(number), cursor=str(number))


def main(folder: Path) -> None:
    """Resume where the cursor stands, and write on."""
    park = load_park(ROOT / "tests" / "parks" / "small")
    store = Store.open(folder, park, settings=quick(snapshot_s=0.05))
    first = int(store.cursor("plant") or -1) + 1
    print("open", first, flush=True)
    for number in itertools.count(first):
        answer = store.append(batch_of(number))
        print(number, answer.accepted, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
