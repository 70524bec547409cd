"""One dropped file on its way through: which table it belongs to, what is in it, and its rows step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple

from adapters._files import READERS, Chunk, Plan, Unreadable
from adapters._ledger import Entry, Ledger
from adapters._mapped import Mapped, kinds_of, mapped
from adapters._watch import Found, content_stamp
from twin.dictionary import dictionary
from twin.reading import READING_TABLE
from twin.source import SourceSettings

_HASH_BYTES = 1 << 20


class Step(NamedTuple):
    """Some rows of a file, and whether they are its last."""

    chunk: Chunk
    last: bool


@dataclass(frozen=True)
class Rules:
    """What the operator says about the files. ``table`` None: by file name; ``digest``: of all that shapes rows."""

    settings: SourceSettings
    table: str | None
    encoding: str
    delimiter: str
    page_rows: int
    digest: bytes

    def mapping(self, name: str) -> Mapped:
        """How the rows of a file become ours.

        Raises:
            Unreadable: nothing says which table it belongs to.
        """
        table = self.table or _table_of(name)
        if table is None:
            raise Unreadable("unknown_table", "no table is called so; the option 'table' may name one", for_good=True)
        return mapped(self.settings, table)


def _table_of(name: str) -> str | None:
    """The table that a file's name begins with, parted from the rest by - _ . or a blank."""
    stem = Path(name).stem
    names = (READING_TABLE, *(each.name for each in dictionary()))
    fitting = [each for each in names if stem == each or stem.startswith(tuple(each + part for part in "-_. "))]
    return max(fitting, key=len, default=None)


class Dropped:
    """An open file; ``entry`` is what will be known of it when it has been read."""

    def __init__(self, found: Found, file: BinaryIO, table: str, entry: Entry, steps: Iterator[Step]) -> None:
        self.found = found
        self.table = table
        self.entry = entry
        self._file = file
        self._steps = steps
        self._stamp = content_stamp(file)

    @classmethod
    def begin(cls, found: Found, file: BinaryIO, rules: Rules, ledger: Ledger) -> Dropped:
        """The file after the rows that were read before; without rows where nothing in it is new.

        Raises:
            Unreadable: it is of no table, or of no kind that is taken.
        """
        try:
            mapping = rules.mapping(found.name)
            reader = READERS.get(Path(found.name).suffix.lower())
            if reader is None:
                raise Unreadable("unknown_kind", f"is none of {', '.join(READERS)}", for_good=True)
            digest = _digest(file, rules.digest)
            plan = _plan(found.name, rules, mapping, ledger.behind(found.name, digest))
        except BaseException:
            file.close()
            raise
        entry = Entry(found.mark, digest, ledger.version(found.name, digest))
        chunks = iter(()) if ledger.has_content(found.name, digest) else reader(file, plan)
        return cls(found, file, mapping.table, entry, _steps(chunks, plan.skip))

    def step(self) -> Step | None:
        """The next rows; None when somebody has written into the file meanwhile.

        Raises:
            Unreadable: the rest of it cannot be read.
        """
        step = next(self._steps)
        return step if content_stamp(self._file) == self._stamp else None

    def close(self) -> None:
        """Let go of the file."""
        self._steps = iter(())
        self._file.close()


def _steps(chunks: Iterator[Chunk], skipped: int) -> Iterator[Step]:
    ahead = next(chunks, Chunk((), (), (), skipped))
    for following in chunks:
        yield Step(ahead, False)
        ahead = following
    yield Step(ahead, True)


def _digest(file: BinaryIO, shaping: bytes) -> str:
    digest = blake2b(shaping, digest_size=16)
    while piece := file.read(_HASH_BYTES):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _plan(name: str, rules: Rules, mapping: Mapped, skip: int) -> Plan:
    def check(names: Sequence[str]) -> None:
        missing = mapping.missing(names)
        if missing is not None:
            raise Unreadable("missing_column", f"has no column '{missing}'", for_good=True)

    kinds = kinds_of(mapping.table)
    shape = next((mapping.theirs(each) for each, kind in kinds.items() if kind == "geometry"), None)
    placed = "longitude" in kinds and "latitude" in kinds
    place = (mapping.theirs("longitude"), mapping.theirs("latitude")) if placed else None
    return Plan(name, rules.page_rows, skip, check, rules.encoding, rules.delimiter, shape, place)
