"""From a decoded JSON body, or lines of JSON, to the rows inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from adapters._json import load_json, raw_text, shown
from twin.errors import BadInput
from twin.reading import Reject


def rows_inside(body: Any, name: str) -> list[Any]:
    """The list under ``name``, or the body itself when it is a list.

    Raises:
        BadInput: neither an object with that list nor a list.
    """
    if isinstance(body, list):
        return body
    if not isinstance(body, dict):
        raise BadInput(f"body: {shown(body)} is not an object with '{name}'", "body", "not_an_object")
    if name not in body:
        raise BadInput(f"{name}: is missing", name, "missing_field")
    if not isinstance(body[name], list):
        raise BadInput(f"{name}: {shown(body[name])} is not a list", name, "bad_type")
    return list(body[name])


def rows_of_lines(raw: bytes, name: str) -> tuple[list[Any], Sequence[int], list[Reject]]:
    """Rows of NDJSON with their places (blank lines do not count), and a reject for every line that is not JSON."""
    rows = _all_lines(raw.strip(b" \t\r\n"))
    return (rows, range(len(rows)), []) if rows is not None else _line_by_line(raw, name)


def _all_lines(body: bytes) -> list[Any] | None:
    """The rows, read at once; None where a line may be anything but one object.

    Without a list anywhere, what begins with a brace after a comma cannot be inside of an object, nor can the end of a
    line be inside of a text: so each line is one object or more, and as many rows as lines mean one each.
    """
    ends = body.count(b"\n")
    if b"[" in body or not body.startswith(b"{") or body.count(b"\n{") < ends:
        return None
    try:
        rows: list[Any] = orjson.loads(b"[" + body.replace(b"\n", b",\n") + b"]")
    except orjson.JSONDecodeError:
        return None
    return rows if len(rows) == ends + 1 else None


def _line_by_line(raw: bytes, name: str) -> tuple[list[Any], list[int], list[Reject]]:
    rows: list[Any] = []
    places: list[int] = []
    refused: list[Reject] = []
    for place, line in enumerate(each for each in raw.split(b"\n") if each.strip()):
        try:
            rows.append(load_json(line, f"{name}[{place}]"))
            places.append(place)
        except BadInput as error:
            refused.append(Reject(place, error.code, error.message, error.field, raw_text(line)))
    return rows, places, refused
