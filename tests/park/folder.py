"""A copy of the small park in which a test may break things."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from park.check import Fault, check_park

Feature = dict[str, Any]


class ParkCopy:
    """A park in a folder of its own."""

    def __init__(self, folder: Path, original: Path) -> None:
        self.folder = folder / "copy"
        shutil.copytree(original, self.folder)

    def path(self, file: str) -> Path:
        return self.folder / "geo" / f"{file}.geojson"

    def read(self, file: str) -> dict[str, Any]:
        raw: dict[str, Any] = json.loads(self.path(file).read_text("utf-8"))
        return raw

    def write(self, file: str, raw: Any) -> None:
        self.path(file).write_text(json.dumps(raw, ensure_ascii=False), "utf-8")

    def edit(self, file: str, id: str, change: Callable[[Feature], object]) -> None:
        """Change one feature of a file."""
        raw = self.read(file)
        change(next(each for each in raw["features"] if each["id"] == id))
        self.write(file, raw)

    def set(self, file: str, id: str, /, **props: Any) -> None:
        """Set properties of one feature."""
        self.edit(file, id, lambda each: each["properties"].update(props))

    def toml(self, text: str) -> None:
        (self.folder / "park.toml").write_text(text, "utf-8")

    def faults(self) -> list[Fault]:
        return check_park(self.folder)

    def only_fault(self) -> Fault:
        faults = self.faults()
        assert len(faults) == 1, "\n".join(map(str, faults))
        return faults[0]
