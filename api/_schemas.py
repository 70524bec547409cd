"""JSON Schemas of what the contract answers, made of a few words."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TRUTH: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
ANYTHING: Schema = {}
PLACE: Schema = {"type": "integer", "minimum": -1, "description": "position in what was sent; -1: all of it"}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def rows(schema: Schema) -> Schema:
    """Many of them."""
    return {"type": "array", "items": schema}


def thing(_open: bool = False, **fields: Schema) -> Schema:
    """An object that has all these fields, and (unless ``_open``) no others."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": _open}


def table(schema: Schema) -> Schema:
    """An object of things alike, by their keys."""
    return {"type": "object", "additionalProperties": schema}


_ERROR = thing(code=TEXT, message=TEXT, field=maybe(TEXT))
_MORE = {
    "said": {"type": "object", "description": "the same as a phrase of the page's catalogue, where there is one"},
    "told": {"type": "object", "description": "what else a page has to know, such as for how long one is locked"},
}
ERROR = thing(error=_ERROR | {"properties": _ERROR["properties"] | _MORE})
REJECT = thing(True, index=PLACE, code=TEXT, message=TEXT)
COMMIT = thing(accepted=COUNT, duplicates=COUNT, rejected=rows(REJECT))
