"""Dropped files are read once: after a restart, in the middle of a file, under another content, and when moved away."""

from __future__ import annotations

import json
import os

import polars as pl
import pytest

from tests.adapters.asking import NOW
from tests.adapters.dropping import HEAD, line, points_of, rows_of
from twin.errors import SourceError
from twin.moment import iso


def test_a_file_is_read_once_even_after_a_restart(drop):
    folder = drop()
    folder.put("reading.csv", HEAD + line(1))
    assert rows_of(folder.rested()) == 1
    assert folder.rested() == []
    folder.restart()
    assert folder.rested() == []


def test_the_same_content_dropped_again_brings_no_rows(drop):
    folder = drop()
    folder.put("reading.csv", HEAD + line(1))
    folder.rested()
    os.utime(folder.put("reading.csv", HEAD + line(1)), (1, 1))
    assert rows_of(folder.rested()) == 0
    assert folder.rested() == []


def test_other_content_under_the_name_is_read_and_so_is_what_it_said_before(drop):
    folder = drop()
    said = [HEAD + line(1), HEAD + line(2), HEAD + line(1)]
    batches = []
    for each in said:
        folder.put("reading.csv", each)
        batches += folder.rested()
    assert points_of(batches) == ["P-1", "P-2", "P-1"]
    assert len({each.batch_id for each in batches}) == 3


def test_large_files_come_in_chunks_and_go_on_where_the_last_one_was_kept(drop):
    folder = drop(page_rows=10)
    folder.put("reading.csv", HEAD + "".join(map(line, range(25))))
    first = folder.rested(pages=2)
    assert [each.rows.height for each in first] == [10, 10]
    folder.restart()
    rest = folder.rested()
    assert points_of(first + rest) == [f"P-{n}" for n in range(25)]
    assert rest[0].rows["index"].to_list() == [22, 23, 24, 25, 26]


def test_a_chunk_that_was_not_kept_comes_again_as_the_same_batch(drop):
    folder = drop(page_rows=10)
    folder.put("reading.csv", HEAD + "".join(map(line, range(25))))
    [first] = folder.rested(pages=1)
    lost = folder.poll.decode(folder.poll.fetch(folder.cursor), NOW)
    folder.poll.forget()
    rest = folder.turn()
    assert rest[0].batch_id == lost.batch_id != first.batch_id
    assert points_of([first, *rest]) == [f"P-{n}" for n in range(25)]


def test_a_file_overwritten_while_it_is_read_is_read_anew(drop):
    folder = drop(page_rows=10)
    folder.put("reading.csv", HEAD + "".join(map(line, range(25))))
    folder.rested(pages=1)
    folder.put("reading.csv", HEAD + "".join(map(line, range(100, 130))))
    assert points_of(folder.turn()) == []
    assert points_of(folder.rested()) == [f"P-{n}" for n in range(100, 130)]


@pytest.mark.parametrize("kind", ["parquet", "geojson"])
def test_the_other_kinds_go_on_in_the_middle_too(drop, kind):
    folder = drop(page_rows=10)
    if kind == "parquet":
        frame = pl.DataFrame({"point": [f"P-{n}" for n in range(25)], "ts": [NOW] * 25, "value": [1.0] * 25})
        frame.write_parquet(folder.folder / "reading.parquet", row_group_size=7)
    else:
        one = {"type": "Feature", "geometry": None, "properties": {"ts": iso(NOW), "value": 1}}
        features = [{**one, "properties": {**one["properties"], "point": f"P-{n}"}} for n in range(25)]
        folder.put("reading.geojson", json.dumps({"features": features}))
    first = folder.rested(pages=1)
    folder.restart()
    assert points_of(first + folder.rested()) == [f"P-{n}" for n in range(25)]


def test_files_are_taken_in_the_order_in_which_they_were_written(drop):
    folder = drop()
    for number, name in enumerate(("reading-c.csv", "reading-a.csv", "reading-b.csv")):
        os.utime(folder.put(name, HEAD + line(number)), (1000 + number, 1000 + number))
    assert points_of(folder.rested()) == ["P-0", "P-1", "P-2"]


def test_what_was_read_is_moved_when_that_is_wanted(drop):
    folder = drop(done="move")
    for number in (1, 2):
        folder.put("reading.csv", HEAD + line(number))
        assert rows_of(folder.rested()) == 1
        assert sorted(each.name for each in folder.folder.iterdir()) == ["done"]
    done = folder.folder / "done"
    assert [(done / each).read_text() for each in ("reading.csv", "reading.2.csv")] == [
        HEAD + line(number) for number in (1, 2)
    ]


def test_what_was_kept_but_not_yet_moved_at_the_end_is_moved_after_it(drop):
    folder = drop(done="move")
    folder.put("reading.csv", HEAD + line(1))
    folder.rested(pages=1)
    folder.restart()
    assert folder.rested() == []
    assert (folder.folder / "done" / "reading.csv").exists()


def test_a_file_that_cannot_be_moved_is_said_and_read_no_second_time(drop):
    folder = drop(done="move")
    folder.put("done", "a file where the folder should be")
    folder.put("reading.csv", HEAD + line(1))
    assert rows_of(folder.rested(pages=1)) == 1
    for _ in range(2):
        with pytest.raises(SourceError, match=r"reading\.csv was read, but cannot be moved to .*done: File exists"):
            folder.turn()
        folder.poll.forget()
    (folder.folder / "done").unlink()
    assert folder.turn() == []
    assert not (folder.folder / "reading.csv").exists()
