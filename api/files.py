"""Attachments: plans, drawings, reports, as they lie in the archives of the park and of this run."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request

from api._contract import part, says
from api._deps import Deps, Resource
from park.archive import KINDS, Archive
from twin.errors import NotFound, TooLarge

MAX_BYTES = 64 * 1024 * 1024
# A drawing may style itself; it runs nothing and fetches nothing.
_SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_ANSWERS = {kind.mime.split(";")[0]: {"type": "string", "format": "binary"} for kind in KINDS.values()}


def _routes(deps: Deps) -> Blueprint:
    pages = Blueprint("files", __name__)
    archive = Archive.of(deps.settings.park, deps.settings.data)

    @pages.get("/api/v1/files/<path:name>")
    @says(
        "An attachment of a record: a plan, a drawing, a report",
        part("name", "where it lies in the archive"),
        answers=_ANSWERS,
        refusals=(404, 413),
    )
    def file(name: str) -> Response:
        missing = NotFound(f"no file '{name[:80]}'", "name", "unknown_file")
        found = archive.find(name)
        if found is None:
            raise missing
        try:
            return _answer(found)
        except OSError as error:  # taken away meanwhile, or not ours to read
            raise missing from error

    return pages


def _answer(found: Path) -> Response:
    """The file, or 304 when the client has it.

    Raises:
        TooLarge: more than is sent at once.
    """
    kept = found.stat()
    if kept.st_size > MAX_BYTES:
        raise TooLarge(f"'{found.name}' has {kept.st_size} bytes; at most {MAX_BYTES} are sent", "name")
    answer = Response(headers={"Cache-Control": "no-cache"})
    # weak: the same file may leave packed or unpacked
    answer.set_etag(f"{kept.st_mtime_ns:x}-{kept.st_size:x}", weak=True)
    answer.make_conditional(request)
    if answer.status_code != 304:
        _fill(answer, found)
    return answer


def _fill(answer: Response, found: Path) -> None:
    kind = KINDS[found.suffix.lower()]
    answer.content_type = kind.mime
    shown = "inline" if kind.inline else "attachment"
    answer.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(found.name)}"
    if found.suffix.lower() == ".svg":
        answer.headers["Content-Security-Policy"] = _SVG_POLICY
    answer.set_data(found.read_bytes())


RESOURCE = Resource("files", _routes)
