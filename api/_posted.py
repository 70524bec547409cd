"""The small JSON object that a person's call posts, held against its schema."""

from __future__ import annotations

from typing import Any

import orjson
from flask import request

from api._schemas import Schema
from twin.errors import BadInput


def posted() -> dict[str, Any]:
    """The object that was posted.

    Raises:
        BadInput: not JSON, or no object.
    """
    try:
        body = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError as error:
        raise BadInput(f"body: not JSON: {error}", "body", "bad_json") from error
    if not isinstance(body, dict):
        raise BadInput("body: not an object", "body", "bad_json")
    return body


def posted_as(schema: Schema) -> dict[str, Any]:
    """The same with all that an object's schema asks for and nothing else; texts are texts and lists lists.

    Raises:
        BadInput: names the field.
    """
    body = posted()
    for name in (*schema["required"], *body):
        said = schema["properties"].get(name)
        if said is None:
            raise BadInput(f"{name[:40]}: there is no such field", name[:40], "unknown_field")
        if name in schema["required"] and name not in body:
            raise BadInput(f"{name}: it must be given", name, "missing")
        if (said.get("type") == "string" or "enum" in said) and not isinstance(body[name], str):
            raise BadInput(f"{name}: it must be text", name)
        if said.get("type") == "array" and not isinstance(body[name], list):
            raise BadInput(f"{name}: it must be a list", name)
    return body
