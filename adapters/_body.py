"""From a decoded JSON body, or lines of JSON, to the rows inside."""

from __future__ import annotations

from typing import Any

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


def rows_of_lines(raw: bytes, name: str) -> tuple[list[Any], list[int], list[Reject]]:
    """Rows of NDJSON with their places (blank lines do not count), and a reject for every line that is not JSON."""
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
