"""Brings a file to the form that this version writes: numbered steps, then what is made from the dictionary."""

from __future__ import annotations

import hashlib
import logging
import shutil
from pathlib import Path

from cache.copy import copy_database
from cache.database import Database
from cache.exchange import statements
from twin.dictionary import Dictionary
from twin.errors import DiskLow, StoreError
from twin.moment import Moment

log = logging.getLogger(__name__)
_SPARE_BYTES = 64 * 1024 * 1024
_KEPT_BEFORE = 2
_HERE = Path(__file__).parent
_VERSIONS = (
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name VARCHAR, applied_at TIMESTAMP)"
)


def migrate(database: Database, dictionary: Dictionary, now: Moment) -> None:
    """Apply the steps this file has not seen yet, all of them or none.

    Raises:
        StoreError: the file was written by a newer version.
    """
    _keep_before(database)
    with database.transaction():
        database.execute(_VERSIONS)
        _apply_steps(database, now)
        _apply_dictionary(database, dictionary)


def _keep_before(database: Database) -> None:
    """A file that has data in it is copied before it is brought to another form, if there is room."""
    if not database.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_version'"):
        return
    done = {row[0] for row in database.execute("SELECT version FROM schema_version")}
    if not done or set(_steps()) <= done or done - set(_steps()):
        return
    kept = database.path.with_name(f"{database.path.stem}.before-{max(_steps()):03}{database.path.suffix}")
    part = kept.with_name(f"{kept.name}.part")
    part.unlink(missing_ok=True)
    try:
        if shutil.disk_usage(kept.parent).free < 2 * database.path.stat().st_size + _SPARE_BYTES:
            raise DiskLow("there is no room for a copy of the cache")
        copy_database(database, part)
        part.replace(kept)
    except DiskLow as error:
        part.unlink(missing_ok=True)
        log.warning("the cache is brought to step %d without a copy of it: %s", max(_steps()), error.message)
    for old in sorted(kept.parent.glob(f"{database.path.stem}.before-*{database.path.suffix}"))[:-_KEPT_BEFORE]:
        old.unlink()


def newest_step() -> int:
    """The last numbered step that this version knows."""
    return max(_steps())


def _steps() -> dict[int, Path]:
    return {int(path.name.split("_")[0]): path for path in sorted((_HERE / "schema").glob("*.sql"))}


def _apply_steps(database: Database, now: Moment) -> None:
    steps = _steps()
    done = {row[0] for row in database.execute("SELECT version FROM schema_version")}
    if done - set(steps):
        raise StoreError(f"{database.path.name} was written by a newer version (step {max(done)}); update the program")
    for version in sorted(set(steps) - done):
        for statement in _split(steps[version].read_text("utf-8")):
            database.execute(statement)
        database.execute(
            "INSERT INTO schema_version VALUES ($version, $name, $now)",
            {"version": version, "name": steps[version].stem, "now": now},
        )


def _split(script: str) -> list[str]:
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    return [each for each in "\n".join(lines).split(";") if each.strip()]


def _apply_dictionary(database: Database, dictionary: Dictionary) -> None:
    existing = _existing(database)
    wanted = list(statements(dictionary, {})) + [
        path.read_text("utf-8") for path in sorted((_HERE / "views").glob("*.sql"))
    ]
    if fingerprint_changed(database, "exchange", "\n".join(wanted)):
        views = wanted[2 * len(list(dictionary)) :]
        for statement in [*statements(dictionary, existing), *views]:
            database.execute(statement)


def _existing(database: Database) -> dict[str, set[str]]:
    rows = database.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name LIKE 'x\\_%' ESCAPE '\\'"
    )
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def fingerprint_changed(database: Database, name: str, said: str) -> bool:
    """Whether something the file was made from differs from last time; remembers the new form."""
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    if database.execute(
        "SELECT 1 FROM shape WHERE name = $name AND fingerprint = $f", {"name": name, "f": fingerprint}
    ):
        return False
    database.execute("INSERT OR REPLACE INTO shape VALUES ($name, $f)", {"name": name, "f": fingerprint})
    return True
