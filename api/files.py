"""Attachments: plans, drawings, reports, as they lie in the archives of the park and of this run."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request

from api._contract import part, says
from api._deps import Deps, Resource
from models.attachment import ADDRESS, attachments
from park.archive import KINDS, Archive
from services.eyes import ALL
from twin.errors import NotFound, TooLarge
from twin.roles import Right

MAX_BYTES = 64 * 1024 * 1024
# A drawing may style itself; it runs nothing and fetches nothing.
_SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# Documents of the park that are everybody's: the queries that name them, and their column.
_COMMON = (("park/documents", "file"), ("park/recognitions", "file"), ("park/facts", "safety_risk_grade_file"))
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
    @deps.needs(Right.view)
    def file(name: str) -> Response:
        missing = NotFound(f"no file '{name[:80]}'", "name", "unknown_file")
        found = archive.find(name) if _may_open(deps, archive, name) else None
        if found is None:
            raise missing
        try:
            return _answer(found)
        except OSError as error:  # taken away meanwhile, or not ours to read
            raise missing from error

    return pages


def _may_open(deps: Deps, archive: Archive, name: str) -> bool:
    """Whether the viewer may see a file: the park's people all of them, others those of the common documents."""
    scope = deps.viewer().scope
    if scope in ALL:
        return True
    reader, at = deps.store.reader(scope), deps.store.tick()
    bound = {"enterprise": None, "only": None, "zone": deps.park.zone}
    fields = (reader.read(query, at=at, **bound)[column].to_list() for query, column in _COMMON)
    named = (each for field in fields for said in field for each in attachments(said, archive))
    return any(each.href == ADDRESS + quote(name) for each in named)


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
