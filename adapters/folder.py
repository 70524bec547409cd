"""Files dropped into a folder: CSV, Parquet and GeoJSON, each read exactly once.

A file is taken when it has come to rest: the same at two looks at least ``settle_s`` apart, and nobody on this
machine still writing. What was read is stored as the cursor of the rows themselves (``_ledger.py``), and every chunk
of rows is a batch with an id of its own, so no kind of end loses or doubles anything. A file that cannot be read
waits, because it may be unfinished; after ``patience_s`` it is refused whole, by name, until it changes.

Options of a source: ``path`` (absolute, or from the park's folder); ``pattern`` (one or a list; all CSV, Parquet and
GeoJSON files); ``table`` (an exchange table or ``reading``; by file name: ``reading-1.csv``,
``hazard_alarm_20261121.csv``); ``columns`` (ours = theirs); ``zone`` of times without offset; ``crs``;
``encoding`` "auto" (UTF-8 or GB 18030); ``delimiter`` ","; ``every_s`` 2; ``settle_s`` 2; ``patience_s`` 60;
``page_rows`` 20,000; ``done`` "keep" or "move" (into the folder ``done`` beside the files).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from time import monotonic
from typing import Any

import orjson

from adapters._dropped import Dropped, Rules, Step
from adapters._files import ENCODINGS, Unreadable
from adapters._ledger import Entry, Ledger
from adapters._mapped import OPTIONS, mapped
from adapters._options import expect_known, number, one_of, option_error, text, texts
from adapters._pages import Page, read_page
from adapters._watch import Found, Watch, move_away, open_rested
from twin.errors import SourceError
from twin.moment import Moment
from twin.reading import READING_TABLE, Batch, Reject
from twin.source import ProtocolMaker, SourceSettings

_log = logging.getLogger("parktwin.sources")
_OWN = {"path", "pattern", "encoding", "delimiter", "every_s", "settle_s", "patience_s", "page_rows", "done"}
_SHAPING = ("table", "columns", "zone", "encoding", "delimiter")  # what makes other rows of the same bytes
_PATTERNS = ("*.csv", "*.CSV", "*.parquet", "*.geojson")
_WHOLE = -1  # index of the reject that stands for a whole file


class FolderPoll:
    """The files of one folder. ``fetch`` reads, ``decode`` is pure."""

    protocol = "folder"

    def __init__(self, settings: SourceSettings, watch: Watch, rules: Rules, done: Path | None) -> None:
        self.key = settings.id
        self.every = timedelta(seconds=number(settings, "every_s", 2.0))
        self._settings = settings
        self._watch = watch
        self._rules = rules
        self._done = done
        self._patience_s = number(settings, "patience_s", 60.0)
        self._ledger: Ledger | None = None  # all that was fetched; the cursor says what was stored of it
        self._file: Dropped | None = None
        self._waiting: dict[str, str] = {}  # marks of files that cannot be read yet, by name

    def fetch(self, since: str | None) -> bytes | None:
        """The next rows of a file; None when none is at rest that has not been read.

        Raises:
            SourceError: no such folder, or a file that was read cannot be moved.
        """
        self._ledger = self._ledger or Ledger.of_cursor(since)
        while True:
            if self._file is None:
                page = self._begin(self._ledger)
                if self._file is None:
                    return page
            page = self._go_on(self._ledger, self._file)
            if page is not None:
                return page

    def forget(self) -> None:
        """What was fetched last was not kept: begin again where the store's cursor is."""
        self._close()
        self._ledger = None

    def decode(self, raw: bytes, received_at: Moment) -> Batch:
        """Some rows of a file to a batch whose cursor says what has been read."""
        return read_page(raw, lambda table: mapped(self._settings, table), self.key, received_at)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self, ledger: Ledger) -> bytes | None:
        """Open the next file; the page that refuses it where that cannot be done."""
        files = self._watch.look()
        self._waiting = {name: mark for name, mark in self._waiting.items() if name in self._watch.present}
        for found in files:
            if not ledger.knows(found.name, found.mark) and self._may_try(found):
                page = self._open(ledger, found)
                if page is not None or self._file is not None:
                    return page
        self._clear_away(ledger, files)
        return None

    def _may_try(self, found: Found) -> bool:
        waits = self._waiting.get(found.name) == found.mark
        return not waits or self._watch.rested_s(found.name) >= self._patience_s

    def _open(self, ledger: Ledger, found: Found) -> bytes | None:
        try:
            if found.fault is not None:
                raise Unreadable("outside", found.fault, for_good=True)
            file = open_rested(found)
            if file is not None:
                self._file = Dropped.begin(found, file, self._rules, ledger)
        except OSError as error:
            return self._unreadable(ledger, found, Unreadable("unreadable", f"cannot be read: {error.strerror}"))
        except Unreadable as error:
            return self._unreadable(ledger, found, error)
        return None

    def _go_on(self, ledger: Ledger, file: Dropped) -> bytes | None:
        try:
            step = file.step()
        except Unreadable as error:
            self._close()
            return self._unreadable(ledger, file.found, error)
        if step is None:  # somebody writes into it: it is to come to rest again
            self._close()
            return None
        return self._page(ledger, file, step)

    def _page(self, ledger: Ledger, file: Dropped, step: Step) -> bytes:
        name, chunk = file.found.name, step.chunk
        if step.last:
            self._ledger = ledger.done(name, file.entry, self._watch.present)
            self._close()
        else:
            self._ledger = ledger.reading(name, file.entry.digest, chunk.after)
        # a chunk is always the same batch; a file that says nothing new is a batch of its own, so that this is kept
        part = str(chunk.after) if chunk.rows or chunk.refused else file.entry.mark
        batch_id = f"{name}:{file.entry.version}:{file.entry.digest}:{part}"
        cursor = self._ledger.as_cursor()
        return Page(file.table, name, batch_id, cursor, chunk.rows, chunk.places, chunk.refused).as_bytes()

    def _unreadable(self, ledger: Ledger, found: Found, error: Unreadable) -> bytes | None:
        """Let the file wait; when it has waited long enough, the page that refuses it whole."""
        name = found.name
        if not error.for_good and self._watch.rested_s(name) < self._patience_s:
            self._waiting[name] = found.mark
            return None
        self._waiting.pop(name, None)
        self._ledger = ledger.done(name, Entry(found.mark, "", ledger.version(name, "")), self._watch.present)
        reject = Reject(_WHOLE, error.code, f"{name}: {error}", name)
        _log.warning("source %s refuses a file: %s", self.key, reject.message)
        batch_id = f"{name}:{found.mark}:{error.code}"
        return Page(READING_TABLE, name, batch_id, self._ledger.as_cursor(), (), (), (reject,)).as_bytes()

    def _clear_away(self, ledger: Ledger, files: Sequence[Found]) -> None:
        if self._done is None:
            return
        for found in files:
            if ledger.knows(found.name, found.mark) and ledger.files[found.name].digest:
                try:
                    move_away(found, self._done)
                except OSError as error:
                    said = f"{found.name} was read, but cannot be moved to {self._done}: {error.strerror}"
                    raise SourceError(said, "path", "cannot_move") from error


def make_poll(settings: SourceSettings, folder: Path, steady: Callable[[], float] = monotonic) -> FolderPoll:
    """The poll of a folder, by its options.

    Raises:
        ParkError: one of them is not known, or wrong.
    """
    expect_known(settings, OPTIONS | _OWN)
    if "columns" in settings.options and "table" not in settings.options:
        raise option_error(settings, "columns", "say the 'table' whose columns they are")
    mapped(settings, text(settings, "table", READING_TABLE))
    watch = Watch(folder, texts(settings, "pattern", _PATTERNS), number(settings, "settle_s", 2.0), steady)
    done = folder / "done" if one_of(settings, "done", ("keep", "move")) == "move" else None
    return FolderPoll(settings, watch, _rules(settings), done)


def _rules(settings: SourceSettings) -> Rules:
    shaping = {name: settings.options[name] for name in _SHAPING if name in settings.options}
    return Rules(
        settings,
        settings.options.get("table"),
        one_of(settings, "encoding", ENCODINGS),
        text(settings, "delimiter", ","),
        int(number(settings, "page_rows", 20_000)),
        blake2b(orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS), digest_size=16).digest(),
    )


def _make(settings: SourceSettings, park: Any) -> list[FolderPoll]:
    return [make_poll(settings, park.folder / text(settings, "path"))]


PROTOCOL = ProtocolMaker("folder", _make)
