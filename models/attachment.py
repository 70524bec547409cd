"""What the file address of a record leads to: a file of ours that can be opened, one that is missing, or elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from park.archive import FOLDER, Archive

ADDRESS = "/api/v1/files/"
_BETWEEN = re.compile(r"[;,；，]")
_ELSEWHERE = re.compile(r"^([a-zA-Z][\w+.\-]*:|/)")  # a scheme, another host, or a path of another server


@dataclass(frozen=True)
class Attachment:
    """One attachment: ``href`` is what a page may open, None where there is nothing of ours to open."""

    address: str
    href: str | None = None
    elsewhere: bool = False

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.address.rsplit("/", 1)[-1]


def attachments(field: str | None, archive: Archive) -> list[Attachment]:
    """The attachments that a file field names, in its order; several stand between ``;`` or ``,``."""
    return [_attachment(each.strip(), archive) for each in _BETWEEN.split(field or "") if each.strip()]


def _attachment(address: str, archive: Archive) -> Attachment:
    if _ELSEWHERE.match(address) and not address.startswith(ADDRESS):
        return Attachment(address, elsewhere=True)
    name = address.removeprefix(ADDRESS).removeprefix("./").removeprefix(f"{FOLDER}/")
    return Attachment(address, ADDRESS + quote(name) if archive.find(name) else None)
