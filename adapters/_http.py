"""Asking an HTTP server politely: one pool per address, a limit on time and on size, no redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Any

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from twin.errors import SourceError

MAX_ANSWER_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
UNREACHABLE, BAD_ANSWER = "unreachable", "bad_answer"


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes
    etag: str | None


class Line:
    """A line to one server; used by several threads."""

    def __init__(self, base_url: str, timeout_s: float, connections: int) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise SourceError(f"url: '{base_url[:80]}' is neither http nor https", "url")
        self._base = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._pool = PoolManager(maxsize=connections, block=False, retries=False)

    def get(self, path: str, query: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """One question. The whole answer must be there within the time limit, however slowly it drips.

        Raises:
            SourceError: nobody answers (code ``unreachable``), or more than 16 MB (``bad_answer``).
        """
        said = {name: str(each) for name, each in query.items() if each is not None}
        until = monotonic() + self._timeout_s
        try:
            with _Asked(self._pool, self._base + path, said, headers, self._timeout_s) as response:
                return Answer(response.status, _body(response, until), response.headers.get("ETag"))
        except (HTTPError, OSError) as error:
            raise SourceError(f"{self._base} does not answer: {_short(error)}", "url", UNREACHABLE) from error

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()


class _Asked:
    """An answer that is read in pieces; a connection not read to its end is not used again."""

    def __init__(
        self, pool: PoolManager, url: str, query: Mapping[str, str], headers: Mapping[str, str], timeout_s: float
    ) -> None:
        self._response: BaseHTTPResponse = pool.request(
            "GET",
            url,
            fields=query,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", **headers},
            timeout=Timeout(connect=timeout_s, read=timeout_s),
            preload_content=False,
            redirect=False,
        )

    def __enter__(self) -> BaseHTTPResponse:
        return self._response

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._response.close()
        self._response.release_conn()


def _body(response: BaseHTTPResponse, until: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_CHUNK_BYTES, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_ANSWER_BYTES:
            raise SourceError(f"the answer has more than {MAX_ANSWER_BYTES} bytes", None, BAD_ANSWER)
        if monotonic() > until:
            raise TimeoutError("the answer takes too long")
    return b"".join(pieces)


def _short(error: BaseException) -> str:
    """What went wrong, without the objects that it went wrong in."""
    return str(error).partition("): ")[2] or str(error)
