"""The journal: sealed entry by entry, with the data or not at all; and whoever tampers with it is found."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cache.books import Deed
from cache.database import FILE, Database
from cache.heads import HEADS, Heads, read_heads
from cache.ledger import BEGINNING, Entry, Head, Journal, said_text, sealed
from cache.store import Store
from cache.verify import verify, verify_folder
from tests.cache.batches import NOON, readings
from tests.serving import ROOT, command
from twin.errors import Conflict, NotFound, StoreError
from twin.moment import to_us
from twin.settings import StoreSettings

SCHEMA = ROOT / "cache" / "schema" / "003_journal.sql"


def entry(number: int, stream: str = "audit") -> Entry:
    return Entry(stream, f"S{number % 3}", "signed_in", "li", {"n": number, "at": NOON, "zh": "登录"})


@pytest.fixture
def folder(opened) -> Path:
    """A closed folder with nine entries in three commits, and a head of each third."""
    store = opened()
    for first in (1, 4, 7):
        store.note([entry(number) for number in range(first, first + 3)]).result()
        store.books._heads.keep(store.books.journal.head)
    store.close()
    return store._database.path.parent


def tamper(folder: Path, *statements: str) -> None:
    with duckdb.connect(str(folder / FILE)) as file:
        for each in statements:
            file.execute(each)


def rewrite(folder: Path, first: int) -> None:
    """Seal everything anew from an entry on, as somebody who knows how would."""
    with duckdb.connect(str(folder / FILE)) as file:
        before = file.execute("SELECT hash FROM journal WHERE seq = ?", [first - 1]).fetchall()
        seal = bytes(before[0][0]) if before else BEGINNING
        rows = file.execute("SELECT seq, known, stream, subject, event, who, said FROM journal ORDER BY seq").fetchall()
        for seq, known, *told in rows[first - 1 :]:
            seal = sealed(seal, seq, to_us(known.replace(tzinfo=NOON.tzinfo)), tuple(told))
            file.execute("UPDATE journal SET hash = ? WHERE seq = ?", [seal, seq])


def test_a_whole_journal_is_sound(folder):
    found = verify_folder(folder)
    assert (found.sound, found.entries, found.heads, found.after) == (True, 9, 3, 0)
    assert "9 entries, every one sealed with the one before" in str(found)


def test_an_empty_one_is_sound_as_well(opened):
    store = opened()
    store.close()
    assert verify_folder(store._database.path.parent).sound


TAMPERED: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "what it says": (lambda f: tamper(f, "UPDATE journal SET said = '{}' WHERE seq = 5"), 5, "not what its hash"),
    "who did it": (lambda f: tamper(f, "UPDATE journal SET who = 'wu' WHERE seq = 1"), 1, "not what its hash"),
    "when it was": (
        lambda f: tamper(f, "UPDATE journal SET known = known + INTERVAL 1 MICROSECOND WHERE seq = 9"),
        9,
        "not what its hash",
    ),
    "an earlier time": (
        lambda f: tamper(f, "UPDATE journal SET known = known - INTERVAL 1 DAY WHERE seq = 6"),
        6,
        "is before that",
    ),
    "the hash": (
        lambda f: tamper(f, "UPDATE journal SET hash = unhex(repeat('00', 32)) WHERE seq = 3"),
        3,
        "not what its hash",
    ),
    "one taken out": (lambda f: tamper(f, "DELETE FROM journal WHERE seq = 4"), 4, "missing"),
    "the first taken out": (lambda f: tamper(f, "DELETE FROM journal WHERE seq = 1"), 1, "missing"),
    "one put in": (
        lambda f: tamper(f, "INSERT INTO journal SELECT * FROM journal WHERE seq = 2"),
        3,
        "its number is there twice",
    ),
    "one put before": (
        lambda f: tamper(f, "INSERT INTO journal SELECT * REPLACE (0 AS seq) FROM journal WHERE seq = 1"),
        1,
        "before the first",
    ),
    "two exchanged": (
        lambda f: tamper(f, "UPDATE journal SET seq = CASE seq WHEN 2 THEN 3 ELSE 2 END WHERE seq IN (2, 3)"),
        2,
        "not what its hash",
    ),
    "the end cut off": (lambda f: tamper(f, "DELETE FROM journal WHERE seq > 7"), 8, "the end is cut off"),
    "all taken away": (lambda f: tamper(f, "DELETE FROM journal"), 1, "the end is cut off"),
    "the table dropped": (lambda f: tamper(f, "DROP TABLE journal"), 1, "the end is cut off"),
    "taken out and sealed anew": (
        lambda f: (
            tamper(f, "DELETE FROM journal WHERE seq = 5", "UPDATE journal SET seq = seq - 1 WHERE seq > 5"),
            rewrite(f, 5),
        ),
        4,
        "written anew",
    ),
    "changed and sealed anew": (
        lambda f: (tamper(f, "UPDATE journal SET who = 'wu' WHERE seq = 5"), rewrite(f, 5)),
        4,
        "written anew",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_and_the_first_wrong_entry_named(folder, what):
    change, number, why = TAMPERED[what]
    change(folder)
    found = verify_folder(folder)
    assert not found.sound
    assert (found.entry, why in found.why) == (number, True), str(found)
    assert f"(entry {number})" in str(found)


def test_the_command_says_so_with_its_exit_code(folder):
    whole = command("verify", "--data", folder)
    assert (whole.returncode, "9 entries" in whole.stdout) == (0, True)
    tamper(folder, "UPDATE journal SET event = 'signed_out' WHERE seq = 8")
    broken = command("verify", "--data", folder)
    assert (broken.returncode, "(entry 8)" in broken.stdout) == (1, True)
    assert command("verify", "--data", folder / "nowhere").returncode == 1


def test_the_heads_lie_beside_the_database_for_their_owner_only(folder):
    assert stat.S_IMODE((folder / HEADS).stat().st_mode) == 0o600
    assert [each.seq for each in read_heads(folder)] == [3, 6, 9]


def test_a_head_is_kept_with_the_first_entry_then_every_hour_and_at_the_stop(opened, clock):
    store = opened()
    folder = store._database.path.parent

    def seqs() -> list[int]:
        return [each.seq for each in read_heads(folder)]

    store.note([entry(1)]).result()
    store.append(readings(("LW1-T1-LEVEL", 0, 1.0)))
    assert seqs() == [1]
    store.note([entry(2)]).result()
    store.append(readings(("LW1-T1-LEVEL", 1, 1.0)))
    assert seqs() == [1]
    clock.forward(3601)
    store.append(readings(("LW1-T1-LEVEL", 2, 1.0)))
    store.append(readings(("LW1-T1-LEVEL", 3, 1.0)))
    assert seqs() == [1, 2]
    store.note([entry(3)]).result()
    store.close()
    assert seqs() == [1, 2, 3]


def test_a_torn_line_of_the_heads_is_left_out_and_the_next_begins_a_new_one(folder):
    with (folder / HEADS).open("ab") as file:
        file.write(b'{"seq":10,"ha')
    Heads(folder).keep(Head(11, bytes(32), NOON))
    assert [each.seq for each in read_heads(folder)] == [3, 6, 9, 11]


def test_heads_that_are_none_are_told(folder):
    (folder / HEADS).write_text("nonsense\n")
    with pytest.raises(StoreError, match="line 1"):
        verify_folder(folder)


def test_a_note_is_known_from_its_commit_on(opened, clock):
    store = opened()
    known = store.note([entry(1)]).result()
    assert store._database.execute("SELECT seq FROM journal WHERE known = $k", {"k": known}) == [(1,)]
    assert store.tick() >= known


def test_the_time_of_the_journal_never_decreases(opened, clock):
    store = opened()
    for step in (0, -3600, -3600, 7200):
        clock.forward(step)
        store.note([entry(1)]).result()
    store.close()
    clock.forward(-86400)
    again = opened()
    again.note([entry(2)]).result()
    again.close()
    assert verify_folder(again._database.path.parent).entries == 5


def test_an_entry_that_cannot_be_written_leaves_no_gap(opened):
    store = opened()
    store.note([entry(1)]).result()
    for bad in (Entry("nonsense", "x", "y", "z"), Entry("audit", "x", "y", "z", {"thing": object()})):
        with pytest.raises(StoreError):
            store.note([bad]).result()
    store.note([entry(2)]).result()
    store.close()
    assert verify_folder(store._database.path.parent).entries == 2


def test_a_deed_that_is_refused_harms_nothing_beside_it(opened):
    store = opened()

    def refuse(_known):
        raise Conflict("no")

    futures = [store.do(Deed(refuse)), store.note([entry(1)]), store.submit(readings(("LW1-T1-LEVEL", 0, 1.0)))]
    with pytest.raises(Conflict):
        futures[0].result()
    assert futures[1].result()
    assert futures[2].result().accepted == 1


def test_every_deed_has_a_moment_of_its_own(opened):
    store = opened()
    moments = [store.do(Deed(lambda known: known)).result() for _ in range(3)]
    assert moments == sorted(set(moments))
    assert store.tick() >= moments[-1]


def test_a_backup_carries_the_journal(opened, tmp_path):
    store = opened()
    store.note([entry(1), entry(2)]).result()
    (tmp_path / "copy").mkdir()
    store.copy(tmp_path / "copy" / FILE)
    assert verify_folder(tmp_path / "copy").entries == 2


def test_a_folder_without_a_cache_has_no_journal(tmp_path):
    with pytest.raises(NotFound):
        verify_folder(tmp_path)


TELLS = st.builds(
    Entry,
    st.sampled_from(["alarm", "account", "audit", "limit", "fault"]),
    st.text(max_size=20),
    st.text(max_size=10),
    st.text(max_size=10),
    st.dictionaries(
        st.text(max_size=5), st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(), max_size=4
    ),
)


@settings(max_examples=20)
@given(groups=st.lists(st.lists(TELLS, min_size=1, max_size=5), min_size=1, max_size=6), cut=st.integers(0, 10**6))
def test_whatever_is_written_is_sound_and_any_change_of_it_is_not(tmp_path_factory, groups, cut):
    database = Database(tmp_path_factory.mktemp("chain") / FILE, StoreSettings())
    try:
        database.execute(SCHEMA.read_text("utf-8"))
        journal = Journal(database)
        for each in groups:
            journal.write(each, NOON)
            journal.kept()
        count = sum(map(len, groups))
        head = journal.head
        assert verify(database, [head]).entries == count
        victim = cut % count + 1
        database.execute("UPDATE journal SET subject = subject || '.' WHERE seq = $n", {"n": victim})
        assert verify(database, [head]).entry == victim
    finally:
        database.close()


def test_said_is_one_text_whatever_its_order():
    assert said_text({"b": 1, "a": NOON}) == said_text({"a": NOON, "b": 1}) == '{"a":"2026-11-21T12:00:00Z","b":1}'


def note_until_killed(folder: Path, crash: str) -> int:
    """A process that notes until it dies at a named point."""
    code = (
        "import sys; from pathlib import Path; from cache.ledger import Entry; from cache.store import Store; "
        "from park.load import load_park; from tests.cache.batches import Clock, quick; clock = Clock(); "
        "store = Store.open(Path(sys.argv[1]), load_park(Path('tests/parks/small')), settings=quick(), clock=clock)\n"
        "while True: store.note([Entry('audit', 'x', 'y', 'z')]).result(); clock.forward(4000)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, env=os.environ | {"PARKTWIN_CRASH": crash}, timeout=60
    ).returncode


@pytest.mark.parametrize("crash", ["before_commit", "after_commit", "before_head"])
def test_killed_between_commit_and_head_it_is_sound_and_goes_on(tmp_path, template, small_park, crash):
    folder = Path(shutil.copytree(template, tmp_path / "data"))
    assert note_until_killed(folder, crash) == -9
    found = verify_folder(folder)
    assert found.sound
    assert found.entries == (0 if crash == "before_commit" else 1)
    store = Store.open(folder, small_park)
    store.note([entry(1)]).result()
    store.close()
    assert verify_folder(folder).entries == found.entries + 1
