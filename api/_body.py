"""Reading a posted body: its size, its packing, its type, and what to do when nothing of it can be read."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from typing import Any

from flask import request

from adapters.socket_push import checked_id
from api._deps import Deps
from services.own import own_only
from services.web import MAX_BODY_BYTES
from twin.errors import BadInput, BadMedia, TooLarge, TwinError
from twin.moment import Moment
from twin.reading import Batch

_log = logging.getLogger("parktwin.api")
_MEMBERS = 64  # gzip streams in a row that one body may be made of
_GZIP = 31  # a window size that also says: with gzip's head and tail
Decode = Callable[[bytes, str, str, str | None, Moment], Batch]


def ingest(deps: Deps, protocol: str, decode: Decode) -> tuple[dict[str, Any], int]:
    """Read, decode and store what was posted; answers once it is durable.

    ``decode`` is given body, media type, source, batch id and the moment of receipt. A body of which
    nothing can be read is kept as one reject, and its error is the answer.

    Raises:
        BadInput, BadMedia, TooLarge: nothing of the body can be taken.
        Busy, DiskLow: nothing was stored; it may be sent again.
    """
    viewer = deps.viewer()
    source = viewer.id
    sent = b""
    try:
        sent = request.get_data(cache=False)
        batch_id = checked_id(request.headers.get("Idempotency-Key"), "Idempotency-Key")
        body = unpacked(sent, request.headers.get("Content-Encoding", ""))
        batch = decode(body, request.mimetype or "application/json", source, batch_id, deps.clock())
    except (BadInput, BadMedia, TooLarge) as error:
        keep_refused(deps, source, sent, error, protocol)
        raise
    commit = deps.deliver(own_only(batch, viewer.enterprise, deps.park) if viewer.enterprise else batch)
    deps.supervisor.heard(source, commit.accepted + commit.duplicates, len(commit.rejected), protocol)
    return commit.as_json(), 202


def keep_refused(deps: Deps, source: str, sent: Any, error: TwinError, protocol: str) -> None:
    """Keep one reject for a body of which nothing could be read."""
    deps.supervisor.heard(source, 0, 1, protocol)
    try:
        deps.pipeline.refuse(source, sent, error)
    except TwinError as full:
        # the sender is to hear what was wrong with the body, not that it could not be written down
        _log.warning("a refused body of '%s' was not kept: %s", source, full.message)


def unpacked(sent: bytes, encoding: str) -> bytes:
    """The body without its packing, never more than the limit.

    Raises:
        BadMedia: a packing other than gzip.
        BadInput: not gzip, or cut off.
        TooLarge: more than 16 MB, before or after.
    """
    if len(sent) > MAX_BODY_BYTES:
        raise TooLarge(f"the body has more than {MAX_BODY_BYTES} bytes", "body")
    if encoding.strip().lower() in ("", "identity"):
        return sent
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise BadMedia(f"Content-Encoding '{encoding[:40]}' is not gzip", "Content-Encoding")
    return _gunzip(sent)


def _gunzip(sent: bytes) -> bytes:
    pieces: list[bytes] = []
    left = MAX_BODY_BYTES
    for _ in range(_MEMBERS):
        unpacker = zlib.decompressobj(_GZIP)
        try:
            pieces.append(unpacker.decompress(sent, left + 1))
        except zlib.error as error:
            raise BadInput(f"body: not gzip: {error}", "body", "bad_gzip") from error
        left -= len(pieces[-1])
        if left < 0:
            raise TooLarge(f"the unpacked body has more than {MAX_BODY_BYTES} bytes", "body")
        if not unpacker.eof:
            raise BadInput("body: the gzip stream is cut off", "body", "bad_gzip")
        sent = unpacker.unused_data
        if not sent:
            return b"".join(pieces)
    raise BadInput(f"body: more than {_MEMBERS} gzip streams in a row", "body", "bad_gzip")
