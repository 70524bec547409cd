"""Brings a file to the form that this version writes: numbered steps, then what is made from the dictionary."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cache.database import Database
from cache.exchange import statements
from twin.dictionary import Dictionary
from twin.errors import StoreError
from twin.moment import Moment

_HERE = Path(__file__).parent
_VERSIONS = (
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name VARCHAR, applied_at TIMESTAMP)"
)


def migrate(database: Database, dictionary: Dictionary, now: Moment) -> None:
    """Apply the steps this file has not seen yet, all of them or none.

    Raises:
        StoreError: the file was written by a newer version.
    """
    with database.transaction():
        database.execute(_VERSIONS)
        _apply_steps(database, now)
        _apply_dictionary(database, dictionary)


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
