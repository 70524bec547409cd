"""What a record's file address leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.attachment import Attachment, attachments
from park.archive import Archive, well_named


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Two folders: the park's with a plan, the run's with a plan of the same name and a report."""
    for place, name in (("park", "总图 1.pdf"), ("data", "总图 1.pdf"), ("data", "sub/r.svg")):
        path = tmp_path / place / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(place)
    return Archive.of(tmp_path / "park", tmp_path / "data")


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("archive/总图 1.pdf", "/api/v1/files/%E6%80%BB%E5%9B%BE%201.pdf"),
        ("总图 1.pdf", "/api/v1/files/%E6%80%BB%E5%9B%BE%201.pdf"),
        ("./archive/sub/r.svg", "/api/v1/files/sub/r.svg"),
        ("/api/v1/files/sub/r.svg", "/api/v1/files/sub/r.svg"),
        ("archive/gone.pdf", None),
        ("archive/../archive/sub/r.svg", None),
    ],
)
def test_an_address_of_ours_opens_when_the_file_is_there(archive: Archive, address: str, href: str | None) -> None:
    assert attachments(address, archive) == [Attachment(address, href)]


@pytest.mark.parametrize(
    "address",
    [
        "https://archive/line.pdf",
        "//host/line.pdf",
        "javascript:alert(1)",
        "file:///etc/hosts",
        "/etc/hosts",
        "C:/a.pdf",
    ],
)
def test_an_address_elsewhere_is_told_and_never_opened(archive: Archive, address: str) -> None:
    assert attachments(address, archive) == [Attachment(address, elsewhere=True)]


def test_several_stand_in_one_field(archive: Archive) -> None:
    found = attachments(" archive/sub/r.svg; archive/gone.pdf,archive/sub/r.svg；;", archive)
    assert [each.href for each in found] == ["/api/v1/files/sub/r.svg", None, "/api/v1/files/sub/r.svg"]
    assert [each.name for each in found] == ["r.svg", "gone.pdf", "r.svg"]
    assert attachments(None, archive) == attachments(" ; ", archive) == []


def test_the_park_comes_before_the_run(archive: Archive) -> None:
    found = archive.find("总图 1.pdf")
    assert found is not None
    assert found.read_text() == "park"


@pytest.mark.parametrize("name", ["", ".", "..", "a", "a.exe", "a/.b.pdf", "a//b.pdf", "a\\b.pdf", "a\0.pdf", "/a.pdf"])
def test_a_bad_name_is_none(name: str) -> None:
    assert not well_named(name)
