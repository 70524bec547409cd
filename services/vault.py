"""Scripts, styles and other files of the page: packed as tightly as they go, once, and kept for ever by browsers.

Dash names its own files by version and time, and ours by their time of change; so an address that
carries either never changes its content and may be cached for a year.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import brotli

from services.bridge import Bridge
from services.web import App, Environ, Start

PREFIXES = ("/assets/", "/_dash-component-suites/")
_FINGERPRINT = re.compile(r"\.v[\w.\-]*m\d+\.|[?&](m|v)=")
_LINKED = re.compile(r"""(?:src|href)="(/(?:assets|_dash-component-suites)/[^"]+)\"""")
_BROTLI_QUALITY = 11
_LARGE, _LARGE_QUALITY = 3_000_000, 9  # megabytes take seconds at 11; half a second at 9 makes them a tenth larger


@dataclass(frozen=True)
class Kept:
    """One file as it is sent."""

    plain: bytes
    packed: bytes
    mime: str
    tag: str


def packed_folder(product: Path, data: Path) -> Path:
    """Where packed files are kept: beside the product, so that every park's server finds them packed already, or
    with the data where nothing may be written there."""
    shared = product / "build" / "packed"
    try:
        shared.mkdir(parents=True, exist_ok=True)
    except OSError:
        return data / "packed"
    return shared if os.access(shared, os.W_OK) else data / "packed"


class Vault:
    """Serves page files from memory; asks the inner application once for each."""

    def __init__(self, app: App, bridge: Bridge, ask: Callable[[str], tuple[int, str, bytes]], folder: Path) -> None:
        self._app = app
        self._bridge = bridge
        self._ask = ask
        self._folder = folder
        self._kept: dict[str, Kept] = {}
        self._packing: dict[str, Lock] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer from memory, or hand on."""
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD") or not path.startswith(PREFIXES):
            return self._app(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        address = f"{path}?{query}" if query else path
        kept = self._kept.get(address) or self._bridge.offload(self.keep, address)
        if kept is None:
            return self._app(environ, start_response)
        return _send(kept, address, environ, start_response)

    def keep(self, address: str) -> Kept | None:
        """Fetch, pack and remember one file; None when the inner application has none of that name."""
        status, mime, body = self._ask(address)
        if status != 200:
            return None
        tag = hashlib.sha256(body).hexdigest()[:20]
        kept = Kept(body, self._pack(body, mime, tag), mime, tag)
        if _FINGERPRINT.search(address):
            self._kept[address] = kept
        return kept

    def _pack(self, body: bytes, mime: str, tag: str) -> bytes:
        if not mime.startswith(("text/", "application/javascript", "application/json", "image/svg")):
            return b""
        with self._packing.setdefault(tag, Lock()):  # who asks for the same file meanwhile waits for it
            return self._packed(body, self._folder / f"{tag}.br")

    def _packed(self, body: bytes, stored: Path) -> bytes:
        if stored.exists():
            return stored.read_bytes()
        packed = brotli.compress(body, quality=_LARGE_QUALITY if len(body) > _LARGE else _BROTLI_QUALITY)
        partial = stored.with_suffix(f".{os.getpid()}")  # several servers may share the folder
        partial.write_bytes(packed)
        partial.replace(stored)
        return packed

    def warm(self, page: str = "/") -> int:
        """Pack everything that a page links to, before the first viewer asks; returns how many files."""
        _, _, body = self._ask(page)
        linked = [each.replace("&amp;", "&") for each in _LINKED.findall(body.decode())]
        return sum(self.keep(each) is not None for each in linked)


def _send(kept: Kept, address: str, environ: Environ, start_response: Start) -> list[bytes]:
    lasting = "public, max-age=31536000, immutable" if _FINGERPRINT.search(address) else "no-cache"
    headers = [("Content-Type", kept.mime), ("ETag", f'"{kept.tag}"'), ("Cache-Control", lasting)]
    headers += [("Vary", "Accept-Encoding"), ("X-Content-Type-Options", "nosniff")]
    if environ.get("HTTP_IF_NONE_MATCH", "").strip('W/"') == kept.tag:
        start_response("304 Not Modified", headers)
        return []
    body = kept.plain
    if kept.packed and "br" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = kept.packed
        headers.append(("Content-Encoding", "br"))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def asker(flask_app: App | object) -> Callable[[str], tuple[int, str, bytes]]:
    """A function that asks a Flask application for a page, in this thread."""
    client = flask_app.test_client()  # type: ignore[union-attr]

    def ask(address: str) -> tuple[int, str, bytes]:
        answer = client.get(address, base_url="http://127.0.0.1", environ_overrides={"parktwin.inside": True})
        mime = answer.content_type or mimetypes.guess_type(address)[0] or "application/octet-stream"
        return answer.status_code, mime, answer.get_data()

    return ask
