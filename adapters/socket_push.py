"""Readings that a source pushes through a socket: the JSON body of ``POST /api/v1/readings`` with ``batch_id``."""

from __future__ import annotations

from typing import Any

from adapters._body import rows_inside
from adapters._json import load_json, shown
from adapters._passive import make_passive
from adapters._readings import reading_batch
from twin.errors import BadInput
from twin.moment import Moment
from twin.reading import Batch
from twin.source import ProtocolMaker

MAX_ID = 200


def decode(payload: Any, received_at: Moment, source: str = "socket") -> Batch:
    """A pushed payload (text, bytes or what the socket already made of it) to a batch.

    Raises:
        BadInput: nothing of it can be understood, or ``batch_id`` is not a short text.
    """
    raw = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
    body = load_json(raw, "payload") if isinstance(raw, bytes) else raw
    batch_id = body.get("batch_id") if isinstance(body, dict) else None
    rows = rows_inside(body, "readings")
    return reading_batch(rows, source, checked_id(batch_id, "batch_id"), received_at, range(len(rows)))


def checked_id(value: Any, field: str) -> str | None:
    """The name that a source gave its batch; None where it gave none.

    Raises:
        BadInput: not a text of 1 to 200 characters.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID:
        raise BadInput(f"{field}: {shown(value)} is not a text of 1 to {MAX_ID} characters", field, "bad_type")
    return value


PROTOCOL = ProtocolMaker("socket_push", make_passive)
