"""The form of a backup: one tar with the database, the heads of its journal, the archive folder and, last, a manifest
that vouches for all of them."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import orjson

from cache.copy import Contents, TableSum
from cache.database import FILE
from cache.heads import HEADS
from park.archive import FOLDER
from twin.errors import BadInput

MANIFEST = "manifest.json"
FORMAT = 2  # with the heads of the journal
PRIVATE = 0o600
_CHUNK = 1 << 20
_MEMBER = re.compile(rf"{FILE}|{HEADS}|{FOLDER}/.+")
Count = Callable[[int], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, whose it is, and of which moment."""

    version: str  # of the program that made it
    engine: str
    park: str
    made_at: str
    schema: int
    tables: Mapping[str, TableSum]
    members: Mapping[str, str]  # name -> sha256

    @property
    def contents(self) -> Contents:
        """What the database in it holds."""
        return Contents(self.schema, self.tables)

    def to_json(self) -> bytes:
        """As it lies in the backup."""
        return orjson.dumps({"format": FORMAT, **asdict(self)}, option=orjson.OPT_INDENT_2)

    @classmethod
    def of_json(cls, raw: bytes) -> Manifest:
        """The manifest of a backup.

        Raises:
            BadInput: not one, or one of a newer form.
        """
        try:
            said = orjson.loads(raw)
            if said.pop("format") > FORMAT:
                raise BadInput(f"{MANIFEST}: the backup has a newer form; update the program", MANIFEST)
            tables = {name: TableSum(**each) for name, each in said.pop("tables").items()}
            return cls(tables=tables, **said)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadInput(f"{MANIFEST}: not the manifest of a backup", MANIFEST) from error


class _Hashed(io.RawIOBase):
    """A file that is read once, for the tar and for its digest."""

    def __init__(self, file: IO[bytes], count: Count) -> None:
        self._file = file
        self._count = count
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._file.read(size)
        self.digest.update(piece)
        self._count(len(piece))
        return piece


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for its owner's eyes that appears under its name only when it is whole and on the disk."""
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder durable, where the system knows such a thing."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def archived(folder: Path) -> list[Path]:
    """Files of an archive folder; links and what is being written are left out."""
    found = sorted(folder.rglob("*"))
    return [each for each in found if each.is_file() and not each.is_symlink() and each.suffix != ".part"]


def pack(
    file: IO[bytes], database: Path, archive: Path, vouch: Callable[[dict[str, str]], Manifest], count: Count
) -> Manifest:
    """Write a backup; ``vouch`` makes its manifest of the digests, ``count`` is told the bytes that went by."""
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        beside = database.with_name(HEADS)
        plain = {FILE: database} | ({HEADS: beside} if beside.exists() else {})
        digests = {name: _add(tar, name, path, count) for name, path in plain.items()}
        for path in archived(archive):
            name = f"{FOLDER}/{path.relative_to(archive).as_posix()}"
            digests[name] = _add(tar, name, path, count)
        manifest = vouch(digests)
        body = manifest.to_json()
        tar.addfile(_info(MANIFEST, len(body)), io.BytesIO(body))
    return manifest


def _add(tar: tarfile.TarFile, name: str, path: Path, count: Count) -> str:
    with path.open("rb") as plain:
        hashed = _Hashed(plain, count)
        tar.addfile(_info(name, os.fstat(plain.fileno()).st_size), hashed)
    return hashed.digest.hexdigest()


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, PRIVATE
    return info


def unpack(file: Path, folder: Path) -> Manifest:
    """Lay a backup's members into a folder, each one checked.

    Raises:
        BadInput: not a backup, or not whole; the message names the member.
    """
    digests: dict[str, str] = {}
    manifest, name = None, "its first member"
    try:
        with tarfile.open(file, "r:") as tar:
            for info in tar:
                name = _checked_name(info)
                body = tar.extractfile(info)
                assert body is not None
                if name == MANIFEST:
                    manifest = Manifest.of_json(body.read())
                else:
                    digests[name] = _lay(body, folder / name)
    except (tarfile.TarError, EOFError) as error:
        raise BadInput(f"{file.name} is cut off or damaged at {name}", name) from error
    if manifest is None:
        raise BadInput(f"{file.name} is cut off or damaged after {name}: {MANIFEST} is missing", MANIFEST)
    _vouched(manifest, digests, file.name)
    return manifest


def _checked_name(info: tarfile.TarInfo) -> str:
    parts = PurePosixPath(info.name).parts
    inside = ".." not in parts and "\\" not in info.name and ":" not in info.name
    if not info.isreg() or not inside or not (info.name == MANIFEST or _MEMBER.fullmatch(info.name)):
        raise BadInput(f"'{info.name[:80]}' does not belong into a backup", info.name[:80])
    return info.name


def _lay(body: IO[bytes], path: Path) -> str:
    """Write one member; its digest."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        while piece := body.read(_CHUNK):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _vouched(manifest: Manifest, digests: dict[str, str], file: str) -> None:
    for name in sorted(manifest.members.keys() | digests.keys()):
        if name not in digests:
            raise BadInput(f"{file}: {name} is missing", name)
        if manifest.members.get(name) != digests[name]:
            raise BadInput(f"{file}: {name} is not what was put into it", name)


def describe(manifest: Manifest) -> dict[str, Any]:
    """A manifest in a few words: moment, park, tables, rows, files."""
    held = manifest.contents
    return {
        "made_at": manifest.made_at,
        "park": manifest.park,
        "tables": len(held.tables),
        "rows": held.rows,
        "files": sum(name.startswith(f"{FOLDER}/") for name in manifest.members),
    }
