"""Attachments over HTTP: only what lies in the two archives, only of known kinds, as its kind is sent."""

from __future__ import annotations

import http.client
import shutil

import pytest
import requests

from tests.serving import ROOT, running

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OFFICE = "application/vnd.openxmlformats-officedocument."
INLINE = {"a.pdf": "application/pdf", "a.svg": "image/svg+xml", "a.png": "image/png", "a.jpg": "image/jpeg"}
SAVED = {
    "a.csv": "text/csv",
    "a.webp": "image/webp",
    "a.xlsx": f"{OFFICE}spreadsheetml.sheet",
    "a.docx": f"{OFFICE}wordprocessingml.document",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A park with an archive, and a run with one; beside them what must never be sent."""
    home = tmp_path_factory.mktemp("files")
    park, data = home / "park", home / "data"
    shutil.copytree(ROOT / "tests" / "parks" / "small", park)
    for folder in (park / "archive" / "规划", data / "archive"):
        folder.mkdir(parents=True)
    for name in (*INLINE, *SAVED):
        (park / "archive" / name).write_bytes(SVG if name == "a.svg" else name.encode() * 400)
    (park / "archive" / "规划" / "总图 1.pdf").write_bytes(b"plan")
    (data / "archive" / "run.pdf").write_bytes(b"of this run")
    for secret in (
        home / "secret.pdf",
        park / "secret.pdf",
        park / "archive" / "notes.txt",
        park / "archive" / ".x.pdf",
    ):
        secret.write_bytes(b"secret")
    (park / "archive" / "out.pdf").symlink_to(home / "secret.pdf")
    (park / "archive" / "outside").symlink_to(home)
    (park / "archive" / "in.pdf").symlink_to(park / "archive" / "a.pdf")
    (park / "archive" / "text.pdf").symlink_to(park / "archive" / "notes.txt")
    (park / "archive" / "folder.pdf").mkdir()
    with running(["run", "--park", str(park)], data) as each:
        yield each


def raw(server, path):
    """Status and body of an address that no client has tidied."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


@pytest.mark.parametrize(("name", "mime"), [*INLINE.items(), *SAVED.items()])
def test_each_kind_is_sent_as_what_it_is(server, name, mime):
    answer = server.get(f"/api/v1/files/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(mime)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].split(";")[0] == ("inline" if name in INLINE else "attachment")
    assert answer.content == (SVG if name == "a.svg" else name.encode() * 400)


def test_a_drawing_runs_and_fetches_nothing(server):
    policy = server.get("/api/v1/files/a.svg").headers["Content-Security-Policy"]
    assert policy == "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_folders_and_names_in_chinese_and_the_archive_of_the_run(server):
    assert server.get("/api/v1/files/规划/总图 1.pdf").content == b"plan"
    assert "%E6%80%BB%E5%9B%BE" in server.get("/api/v1/files/规划/总图 1.pdf").headers["Content-Disposition"]
    assert server.get("/api/v1/files/run.pdf").content == b"of this run"
    assert server.get("/api/v1/files/in.pdf").status_code == 200


def test_what_the_client_has_is_not_sent_again(server):
    path, tag = f"{server.url}/api/v1/files/run.pdf", server.get("/api/v1/files/run.pdf").headers["ETag"]
    again = _ask(path, tag)
    assert again.status_code == 304
    assert again.content == b""
    kept = server.data / "archive" / "run.pdf"
    kept.write_bytes(b"of this run, changed")
    assert _ask(path, tag).content == b"of this run, changed"
    kept.write_bytes(b"of this run")


def _ask(path, tag):
    return requests.get(path, headers={"If-None-Match": tag}, timeout=30)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.pdf",
        "..%2fsecret.pdf",
        "%2e%2e/secret.pdf",
        "%2e%2e%2fsecret.pdf",
        "%252e%252e%252fsecret.pdf",
        "..%5csecret.pdf",
        "x/../../secret.pdf",
        "x/..%2f..%2fsecret.pdf",
        "%2fetc%2fhosts.pdf",
        "%2Fsecret.pdf",
        "C:%5csecret.pdf",
        "a.pdf%00.svg",
        "a.pdf%00",
        "a.pdf/",
        "a.pdf:stream.pdf",
        ".x.pdf",
        "./a.pdf",
        "out.pdf",
        "outside/secret.pdf",
        "text.pdf",
        "notes.txt",
        "folder.pdf",
        "nothing.pdf",
        "a",
        "%ff%fe.pdf",
        "x" * 300 + ".pdf",
        "/".join(["d"] * 100) + "/a.pdf",
    ],
)
def test_nothing_else_leaves_the_folder(server, name):
    status, body = raw(server, f"/api/v1/files/{name}")
    assert status == 404
    assert b'"code"' in body
    assert b'"message"' in body
    assert b"secret\n" not in body
    assert body.strip() != b"secret"


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nowhere", "/api/v1/files/"])
def test_an_unknown_address_is_an_error_and_not_the_page(server, path):
    answer = server.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_slashes_in_front_lead_nowhere(server):
    assert server.get("/api/v1/files//etc/hosts").status_code == 404


def test_only_reading(server):
    assert server.post("/api/v1/files/a.pdf", {}).status_code == 405
