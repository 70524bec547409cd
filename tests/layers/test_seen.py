"""What a camera saw stands on the card of its alarm: picture and clip, opened where they are ours (AL-2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache.store import Store
from layers._seen import seen
from layers.alarms import detail
from park.archive import Archive
from park.load import Park
from tests.cache.batches import NOON, Clock, records
from twin.content import text
from twin.screen import Look


@pytest.fixture
def store(tmp_path: Path, small_park: Park) -> Store:
    store = Store.open(tmp_path, small_park, clock=Clock())
    said = {"alarm_type": "01", "alarm_at": NOON, "alarm_device_id": "CAM-1", "handling_status": "01"}
    files = {"alarm_image_file": "archive/smoke.png", "alarm_clip_file": "https://recorder/9.mp4"}
    store.append(records("video_ai_alarm", {"id": "V1", **said, **files}, {"id": "V2", **said}))
    yield store
    store.close()


def test_picture_and_clip_stand_on_the_card(store: Store, small_park: Park, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "smoke.png").write_bytes(b"\x89PNG")
    at, reader = store.tick(), store.reader()
    look = Look(at, {}, small_park, archive=Archive.of(tmp_path))
    shown = seen(reader, "V1", look)
    assert shown is not None
    image, clip = shown["items"]
    assert (image["title"], image["href"]) == (text("alarm.image"), "/api/v1/files/smoke.png")
    assert "href" not in clip  # of another host: its address is said, and nothing is asked of it
    assert "recorder/9.mp4" in str(clip["sub"])
    assert shown in detail(reader, "V1", look)["parts"]


def test_an_alarm_without_a_picture_shows_none(store: Store, small_park: Park) -> None:
    look = Look(store.tick(), {}, small_park)
    assert seen(store.reader(), "V2", look) is None
    assert seen(store.reader(), "none", look) is None
