"""Dropped files: when they are taken, and what becomes of their rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import polars as pl
import pytest

from adapters.folder import PROTOCOL
from tests.adapters.asking import NOW
from tests.adapters.dropping import HEAD, LATER_S, Dropping, line, points_of, rows_of
from tests.adapters.exchange import record
from twin.errors import ParkError, SourceError
from twin.moment import iso
from twin.source import SourceSettings

PATIENCE_S = 60.0


# --- what is in them ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_any_of_the_three_encodings(drop, encoding):
    folder = drop(table="gas_leak_statistic", columns={"id": "编号", "leaked_chemical_name": "名称"})
    said = {**record("gas_leak_statistic", "K1"), "名称": "液氨"}
    said["编号"] = said.pop("id")
    said.pop("leaked_chemical_name", None)
    folder.put("名单.csv", f"{','.join(said)}\n{','.join(map(str, said.values()))}\n", encoding)
    [batch] = folder.rested()
    assert [each.message for each in batch.rejects] == []
    assert batch.rows.select("id", "leaked_chemical_name").row(0) == ("K1", "液氨")


def test_a_csv_of_readings_says_point_time_value_and_quality(drop):
    folder = drop()
    folder.put("reading-1.csv", HEAD + line(1) + "P-2,2026-11-21T13:00:00+08:00,-3,\n")
    [batch] = folder.rested()
    assert (batch.table, batch.source) == ("reading", "drop")
    at = datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert batch.rows.rows() == [(2, "P-1", at, 1.5, 0), (3, "P-2", at, -3.0, 0)]


def test_parquet_is_typed_by_itself(drop):
    folder = drop(table="reading", columns={"point": "TAG", "value": "VAL"})
    frame = pl.DataFrame({"TAG": ["P-1", "P-2"], "ts": [NOW, NOW], "VAL": [1.5, float("nan")], "quality": [0, 2]})
    frame.write_parquet(folder.folder / "day.parquet")
    [batch] = folder.rested()
    assert batch.rows.rows() == [(1, "P-1", NOW, 1.5, 0)]
    [reject] = batch.rejects
    assert (reject.index, reject.code, reject.field) == (2, "not_finite", "day.parquet[2].value")


def test_features_become_rows_with_their_geometry_and_a_place_inside(drop):
    folder = drop(table="fire_station")
    ring = [[118.0, 33.0], [118.2, 33.0], [118.2, 33.2], [118.0, 33.2], [118.0, 33.0]]
    row = record("fire_station", "F1")
    for name in ("boundary", "longitude", "latitude", "id"):
        del row[name]
    good = {"type": "Feature", "id": "F1", "properties": row, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    bad = {"type": "Feature", "id": "F2", "properties": row, "geometry": {"type": "Polygon"}}
    folder.put("stations.geojson", json.dumps({"type": "FeatureCollection", "features": [bad, good]}))
    [batch] = folder.rested()
    [kept] = batch.rows.to_dicts()
    assert (kept["index"], kept["id"], json.loads(kept["boundary"])["coordinates"]) == (2, "F1", [ring])
    assert 118.0 < kept["longitude"] < 118.2
    assert 33.0 < kept["latitude"] < 33.2
    assert [(each.index, each.code, each.field) for each in batch.rejects] == [
        (1, "bad_feature", "stations.geojson[1]")
    ]


@pytest.mark.parametrize(
    ("row", "code", "name"),
    [
        ("P-2,2026-11-21T05:00:00Z,high,good", "bad_type", "[3].value"),
        ("P-2,2026-11-21T05:00:00Z,NaN,good", "not_finite", "[3].value"),
        ("P-2,2026-11-21T05:00:00Z,,good", "bad_type", "[3].value"),
        ("P-2,2026-11-21T05:00:00,1,good", "no_offset", "[3].ts"),
        ("P-2,soon,1,good", "bad_time", "[3].ts"),
        (",2026-11-21T05:00:00Z,1,good", "bad_type", "[3].point"),
        ("P-2,2026-11-21T05:00:00Z,1,splendid", "unknown_quality", "[3].quality"),
        ("P-2,2026-11-21T05:00:00Z,1", "bad_row", "[3]"),
        ('P-2,"2026"x,1,good', "bad_row", "[3]"),
    ],
)
def test_a_bad_row_is_refused_by_file_row_and_field_and_the_rest_goes_through(drop, row, code, name):
    folder = drop()
    folder.put("reading.csv", HEAD + line(1) + row + "\n" + line(3))
    [batch] = folder.rested()
    assert points_of([batch]) == ["P-1", "P-3"]
    [reject] = batch.rejects
    assert (reject.index, reject.code, reject.field) == (3, code, f"reading.csv{name}")
    assert reject.message.startswith(f"reading.csv{name}: ")


def test_times_without_offset_are_taken_when_the_operator_says_whose_they_are(drop):
    folder = drop(zone="Asia/Shanghai")
    times = ("2026-11-21 14:00:00", "2026/11/21 14:00", "2026-11-21T06:00:00Z", "2026/1/5 8:30:00")
    folder.put("reading.csv", HEAD + "".join(line(1, each, str(n)) for n, each in enumerate(times)))
    [batch] = folder.rested()
    assert [iso(each) for each in batch.rows["ts"]] == ["2026-11-21T06:00:00Z"] * 3 + ["2026-01-05T00:30:00Z"]


# --- when they are taken ---


def test_a_file_that_grows_waits(drop):
    folder = drop()
    folder.put("reading.csv", HEAD + line(1))
    assert folder.turn() == []
    for number in range(2, 5):
        folder.now_s += 1.0
        folder.put("reading.csv", HEAD + "".join(map(line, range(1, number + 1))))
        assert folder.turn() == []
    folder.now_s += LATER_S
    assert rows_of(folder.turn()) == 4


@pytest.mark.parametrize("name", ["reading.csv.part", "reading.csv.tmp", ".reading.csv", "reading.csv~"])
def test_a_name_that_says_unfinished_waits_until_it_is_renamed(drop, name):
    folder = drop(pattern="*")
    path = folder.put(name, HEAD + line(1))
    assert folder.rested() == []
    path.rename(folder.folder / "reading.csv")
    assert rows_of(folder.rested()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who has a file open")
def test_a_file_that_somebody_has_open_for_writing_waits(drop):
    folder = drop()
    path = folder.put("reading.csv", HEAD + line(1))
    hold = "import sys; open(sys.argv[1], 'a'); f = open(sys.argv[1], 'a'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout.readline() == b"open\n"
        assert folder.rested() == []
    assert rows_of(folder.turn()) == 1


def whole_and_half(kind, folder):
    """A file's name, all of its bytes."""
    if kind == "parquet":
        path = folder / "made"
        pl.DataFrame({"point": ["P-1"], "ts": [NOW], "value": [1.0]}).write_parquet(path)
        said = path.read_bytes()
        path.unlink()
        return "reading.parquet", said
    feature = {"type": "Feature", "geometry": None, "properties": {"point": "P-1", "ts": iso(NOW), "value": 1.0}}
    return "reading.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize("kind", ["parquet", "geojson"])
def test_half_a_file_waits_and_is_read_when_the_rest_has_come(drop, kind):
    folder = drop(patience_s=PATIENCE_S)
    name, said = whole_and_half(kind, folder.folder)
    folder.put(name, said[: len(said) // 2])
    assert folder.rested() == []
    folder.put(name, said)
    assert points_of(folder.rested()) == ["P-1"]


@pytest.mark.parametrize("kind", ["parquet", "geojson"])
def test_half_a_file_that_stays_so_is_refused_by_name_once_and_stops_no_other(drop, kind, told):
    folder = drop(patience_s=PATIENCE_S)
    name, said = whole_and_half(kind, folder.folder)
    folder.put(name, said[: len(said) // 2])
    folder.put("reading-2.csv", HEAD + line(2))
    assert points_of(folder.rested()) == ["P-2"]
    folder.now_s += PATIENCE_S
    [batch] = folder.turn()
    [reject] = batch.rejects
    assert (reject.index, reject.field) == (-1, name)
    assert reject.message.startswith(f"{name}: not a whole ")
    assert told.count(name) == 1
    folder.restart()
    assert folder.rested() == []
    folder.put(name, said)
    assert points_of(folder.rested()) == ["P-1"]


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("reading.csv", "tag,ts,value\n", "missing_column", "has no column 'point'"),
        ("reading.csv", "point,ts,value,ts\n", "bad_heading", "two columns are called 'ts'"),
        ("coffee.csv", HEAD, "unknown_table", "no table is called so"),
        ("reading.geojson", '{"type": "Topology"}', "bad_geojson", "not a FeatureCollection"),
        ("reading.geojson", '{"features": [], "crs": {"name": "EPSG:4479"}}', "unknown_crs", "EPSG:4479"),
    ],
)
def test_what_can_never_be_read_is_refused_at_once(drop, name, content, code, said):
    folder = drop()
    folder.put(name, content)
    [batch] = folder.rested()
    [reject] = batch.rejects
    assert (reject.code, reject.field) == (code, name)
    assert said in reject.message


def test_a_link_that_leads_outside_is_refused_and_one_inside_is_followed(drop, tmp_path):
    folder = drop()
    secret = tmp_path / "secret.csv"
    secret.write_text(HEAD + line(666))
    (folder.folder / "reading-out.csv").symlink_to(secret)
    folder.put("kept.txt", HEAD + line(1))
    (folder.folder / "reading-in.csv").symlink_to(folder.folder / "kept.txt")
    batches = folder.rested()
    assert points_of(batches) == ["P-1"]
    assert [each.message for batch in batches for each in batch.rejects] == [
        "reading-out.csv: leads outside of the folder"
    ]


def test_what_is_no_file_is_left_alone(drop):
    folder = drop()
    (folder.folder / "reading.csv").mkdir()
    os.mkfifo(folder.folder / "reading-2.csv")
    assert folder.rested() == []


def test_a_folder_that_is_not_there_is_said(tmp_path):
    missing = Dropping(tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"nowhere cannot be read: No such file") as caught:
        missing.turn()
    assert caught.value.code == "unreachable"


# --- options ---


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "sources.path"),
        ({"path": "in", "table": "coffee_machine"}, "sources.table"),
        ({"path": "in", "columns": {"point": "TAG"}}, "sources.columns"),
        ({"path": "in", "table": "reading", "columns": {"punkt": "TAG"}}, "sources.columns"),
        ({"path": "in", "zone": "Mars/Olympus"}, "sources.zone"),
        ({"path": "in", "encoding": "latin-1"}, "sources.encoding"),
        ({"path": "in", "done": "burn"}, "sources.done"),
        ({"path": "in", "pattern": []}, "sources.pattern"),
        ({"path": "in", "page_rows": 0}, "sources.page_rows"),
        ({"path": "in", "pattren": "*.csv"}, "sources.pattren"),
    ],
)
def test_a_wrong_option_is_named_before_anything_runs(small_park, options, field):
    with pytest.raises(ParkError) as caught:
        PROTOCOL.make(SourceSettings("drop", "folder", options), small_park)
    assert caught.value.field == field
