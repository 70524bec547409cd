"""A damaged file is set aside with a sentence, never opened half and never replaced by an empty one in silence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import duckdb
import pytest

from cache.damage import LOOK_S, Opening, check_log, look, open_sound
from cache.database import FILE, RESTORING, Database
from cache.store import Store
from tests.cache.batches import NOON, quick, readings
from twin.errors import StoreError

POINT = "LW1-T1-LEVEL"
BLOCK, HEADS = 262_144, 12_288


@pytest.fixture(scope="module")
def filled(tmp_path_factory, template, small_park) -> Path:
    """A closed file with some thousand readings in it, and one with its last batches still in the log."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    shutil.copytree(template, folder)
    store = Store.open(folder, small_park, settings=quick())
    store.append(readings(*[(POINT, each / 10, float(each * 7919 % 1009)) for each in range(20_000)]))
    store.close()
    with duckdb.connect(str(folder / FILE)) as file:  # big enough that not everything lies in one block
        file.execute("CREATE TABLE ballast AS SELECT hash(range) AS h FROM range(300000)")
    return folder


@pytest.fixture
def folder(tmp_path, filled) -> Path:
    """A copy of it to be damaged."""
    return Path(shutil.copytree(filled, tmp_path / "data"))


def logged(folder: Path) -> Path:
    """The log of a file that was not closed, with what was committed last."""
    with duckdb.connect(str(folder / FILE)) as file:
        file.execute("SET checkpoint_threshold = '1TB'")
        file.execute("PRAGMA disable_checkpoint_on_shutdown")
        for _ in range(40):
            file.execute("INSERT INTO ballast SELECT hash(range) FROM range(100)")
    return folder / f"{FILE}.wal"


def cut(at: Callable[[int], int]) -> Callable[[Path], None]:
    """Cut a file off."""
    return lambda path: os.truncate(path, at(path.stat().st_size))


def garbage(at: int, size: int) -> Callable[[Path], None]:
    """Write nonsense over a part of a file."""

    def write(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(bytes(range(1, 252)) * (size // 251 + 1))

    return write


def refused(folder: Path, park) -> str:
    """What is said when the store does not open."""
    with pytest.raises(StoreError) as caught:
        Store.open(folder, park, settings=quick())
    return caught.value.message


FILE_DAMAGE = {
    "emptied": cut(lambda _: 0),
    "cut in its heads": cut(lambda _: 100),
    "cut in the middle": cut(lambda size: size // 2),
    "cut by a block": cut(lambda size: size - BLOCK),
    "nonsense at its head": garbage(0, 4096),
    "nonsense in both its second heads": garbage(4096, 8192),
    "another file altogether": lambda path: path.write_text("no database, " * 10_000),
}
LOG_DAMAGE = {
    "nonsense": garbage(0, 5000),
    "nonsense at its head": garbage(0, 8),
    "nonsense in the middle": garbage(20_000, 64),
    "a length that cannot be": lambda path: turn_over(path, path.read_bytes().index(b"\xff\xff") + 2 + 6),
}


@pytest.mark.parametrize("how", FILE_DAMAGE)
def test_a_damaged_file_is_set_aside(folder, small_park, how):
    FILE_DAMAGE[how](folder / FILE)
    damaged = (folder / FILE).read_bytes()
    said = refused(folder, small_park)
    assert f"{FILE} is damaged and was set aside as parktwin.damaged-" in said
    assert "--start-empty" in said
    aside = next(folder.glob("parktwin.damaged-*.duckdb"))
    assert aside.read_bytes() == damaged, "as it was found"
    assert not (folder / FILE).exists()


@pytest.mark.parametrize("how", LOG_DAMAGE)
def test_a_file_with_a_damaged_log_is_set_aside_with_it(folder, small_park, how):
    log = logged(folder)
    LOG_DAMAGE[how](log)
    damaged = log.read_bytes()
    assert "is damaged and was set aside" in refused(folder, small_park)
    assert next(folder.glob("parktwin.damaged-*.duckdb.wal")).read_bytes() == damaged
    assert not log.exists()


def test_a_log_as_a_kill_leaves_it_is_none_of_that(folder, small_park):
    log = logged(folder)
    check_log(log)
    cut(lambda size: size - 37)(log)
    Store.open(folder, small_park, settings=quick()).close()
    assert list(folder.glob("parktwin.damaged-*")) == []


def test_a_block_turned_over_anywhere_is_found_or_was_empty(folder):
    whole = (folder / FILE).read_bytes()
    blocks = range(HEADS + 5000, len(whole), BLOCK)
    found: list[str] = []
    for at in blocks:
        (folder / FILE).write_bytes(whole)
        turn_over(folder / FILE, at)
        try:
            open_sound(opening(folder), lambda each: each).close(shorten=False)
        except StoreError as error:
            found.append(error.message)
    assert all("is damaged and was set aside" in each for each in found)
    assert len(found) >= len(blocks) / 2


def test_a_table_that_cannot_be_read_is_named(folder, small_park):
    with duckdb.connect(str(folder / FILE), read_only=True) as file:
        sql = "SELECT max(block_id) FROM pragma_storage_info('ballast') WHERE segment_type = 'UBIGINT'"
        block = file.execute(sql).fetchall()[0][0]
    turn_over(folder / FILE, HEADS + block * BLOCK + 100_000)
    assert "ballast cannot be read" in refused(folder, small_park)


def test_once_set_aside_it_does_not_start_empty_by_itself(folder, small_park):
    FILE_DAMAGE["cut in the middle"](folder / FILE)
    refused(folder, small_park)
    assert "was damaged and set aside as parktwin.damaged-" in refused(folder, small_park)
    store = Store.open(folder, small_park, settings=quick(), start_empty=True)
    assert store.stats()["readings"] == 0
    store.close()
    Store.open(folder, small_park, settings=quick()).close()
    assert len(list(folder.glob("parktwin.damaged-*.duckdb"))) == 1


def test_it_may_go_on_empty_at_once_when_told_so(folder, small_park):
    FILE_DAMAGE["nonsense at its head"](folder / FILE)
    store = Store.open(folder, small_park, settings=quick(), start_empty=True)
    assert store.append(readings((POINT, 0, 1.0))).accepted == 1
    store.close()


def test_the_newest_backup_is_offered(folder, small_park):
    (folder / "backups").mkdir()
    for age, name in enumerate(("new.tar", "old.tar", ".half.tar")):
        (folder / "backups" / name).touch()
        os.utime(folder / "backups" / name, (10**9 - age, 10**9 - age))
    FILE_DAMAGE["emptied"](folder / FILE)
    said = refused(folder, small_park)
    assert f"python app.py restore {folder / 'backups' / 'new.tar'} --data {folder}-restored" in said


def test_a_broken_off_restore_is_not_taken_for_an_empty_folder(tmp_path, small_park):
    (tmp_path / "data" / RESTORING).mkdir(parents=True)
    assert "was broken off" in refused(tmp_path / "data", small_park)


def test_a_file_that_is_only_open_elsewhere_is_left_where_it_is(folder, small_park):
    store = Store.open(folder, small_park, settings=quick())
    assert "is open" in refused(folder, small_park)
    store.close()
    assert list(folder.glob("parktwin.damaged-*")) == []


def test_a_look_at_a_large_file_takes_its_time_only(folder):
    with duckdb.connect(str(folder / FILE)) as file:
        file.execute("CREATE TABLE large AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(20000000)")
    database = Database(folder / FILE, quick())
    began = monotonic()
    look(database, 0.2)
    assert monotonic() - began < LOOK_S
    database.close()


def opening(folder: Path) -> Opening:
    """How a store opens its file."""
    return Opening(folder / FILE, quick(), NOON, folder / "backups")


def turn_over(path: Path, at: int) -> None:
    """Change one byte."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))
