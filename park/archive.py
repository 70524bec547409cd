"""Attachments of a park: files of known kinds in its ``archive`` folders, and nothing beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FOLDER = "archive"
MAX_NAME = 240


class Kind(NamedTuple):
    """How a kind of file is sent: its media type, and whether a browser may show it itself."""

    mime: str
    inline: bool


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    ".pdf": Kind("application/pdf", True),
    ".svg": Kind("image/svg+xml", True),
    ".png": Kind("image/png", True),
    ".jpg": Kind("image/jpeg", True),
    ".jpeg": Kind("image/jpeg", True),
    ".webp": Kind("image/webp", False),
    ".csv": Kind("text/csv; charset=utf-8", False),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", False),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", False),
}


def kind_of(name: str) -> Kind | None:
    """The kind of a file by the end of its name; None for one that is not served."""
    return KINDS.get(Path(name).suffix.lower())


def well_named(name: str) -> bool:
    """Whether a relative address stays where it begins, on any system, and ends in a known kind."""
    parts = name.split("/")
    odd = any(letter in name for letter in "\\:\0") or len(name) > MAX_NAME
    return not odd and kind_of(name) is not None and not any(each == "" or each.startswith(".") for each in parts)


@dataclass(frozen=True)
class Archive:
    """Folders that are looked through in order. They are looked at each time: files may be put there while we run."""

    folders: Sequence[Path]

    @classmethod
    def of(cls, *owners: Path) -> Archive:
        """The archives of a park folder, a data folder."""
        return cls(tuple(each / FOLDER for each in owners))

    def find(self, name: str) -> Path | None:
        """The file of that name; None where there is none, or where its real place lies outside of the folder."""
        if not well_named(name):
            return None
        return next((found for each in self.folders if (found := _inside(each, name))), None)


def _inside(folder: Path, name: str) -> Path | None:
    try:
        root, path = folder.resolve(strict=True), (folder / name).resolve(strict=True)
    except (OSError, ValueError):
        return None  # not there, or no name that this system could hold
    return path if path.is_relative_to(root) and path.is_file() and kind_of(path.name) else None
