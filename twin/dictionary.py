"""The data-exchange dictionary: which tables exist, with which fields, how often they are new.

Read once from ``twin/exchange`` (the provincial norm's tables and those derived from its catalogue).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from twin.errors import NotFound

_FOLDER = Path(__file__).parent / "exchange"
REAL_TIME_S = 1
# tables without an id of their own whose parent has several rows: what tells these apart
_PARTS = {
    "area_presence_person": ("person_id",),
    "parking_project_ext": ("stage", "material_name"),
    "gallery_project_ext": ("stage", "material_name"),
}


@dataclass(frozen=True)
class Field:
    """One field of an exchange table. ``type``: string int float date datetime bool lon lat geometry file enum."""

    name: str
    title_zh: str
    type: str
    required: bool
    conditional: bool
    audit: bool
    unit: str | None
    codes: Mapping[str, str] | None


@dataclass(frozen=True)
class Table:
    """One exchange table. ``update_s``: 0 on change, 1 real time, else seconds between updates."""

    name: str
    title_zh: str
    domain: str
    update_s: int
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The field of that name, None where there is none."""
        return next((each for each in self.fields if each.name == name), None)

    @property
    def measured(self) -> bool:
        """Whether its rows are measured values (``*_realtime``) and belong to the history of readings."""
        return self.field("value") is not None and self.field("collected_at") is not None

    @property
    def key(self) -> str:
        """Name of the identifying field: ``id``, or the parent's id for tables that extend another."""
        return "id" if self.field("id") else self.fields[0].name

    @property
    def owner(self) -> str | None:
        """Name of the field that says which enterprise a row belongs to, None where none does."""
        return self.key if self.name == "enterprise" else "enterprise_id" if self.field("enterprise_id") else None

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the fields that together identify a row; one, but for the few tables that list parts of another."""
        return (self.key, *_PARTS.get(self.name, ()))


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        raw["name_en"],
        raw["name_zh"],
        raw["type"],
        bool(raw["required"]),
        bool(raw.get("conditional")),
        bool(raw.get("audit")),
        raw.get("unit"),
        raw.get("codes"),
    )


def _table(raw: Mapping[str, Any]) -> Table:
    return Table(
        raw["table_en"],
        raw["table_zh"],
        raw["domain_en"],
        int(raw["update_seconds"]),
        tuple(_field(each) for each in raw["fields"]),
    )


class Dictionary:
    """All tables by name."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = dict(tables)

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def table(self, name: str) -> Table:
        """The table of that name.

        Raises:
            NotFound: the dictionary has no such table.
        """
        if name not in self._tables:
            raise NotFound(f"the exchange dictionary has no table '{name[:60]}'", "table", "unknown_table")
        return self._tables[name]


@cache
def dictionary() -> Dictionary:
    """The dictionary that the product ships, read once."""
    raw = [
        each
        for name in ("tables", "tables_derived")
        for each in json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    ]
    return Dictionary({each["table_en"]: _table(each) for each in raw})
