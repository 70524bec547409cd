"""The list behind a figure, on the screen and as a file: the same rows, so their sum is the figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import xlsxwriter

from models.attachment import Attachment, attachments
from models.enterprise_words import in_words
from models.wording import medium_name
from park.archive import Archive
from park.load import PARK_ITSELF
from services.builder import UNASKED, Builder, Key
from services.sheets import unformula
from twin.content import Content, Text, table, text
from twin.errors import NotFound
from twin.labels import say
from twin.moment import Moment, iso
from twin.screen import ListOf, Reader

SHOWN_ROWS = 2000
# Kinds of columns whose Chinese words have English names.
_NAMES: Mapping[str, Callable[[str], Text | None]] = {"word": in_words, "medium": medium_name}


def find_list(builder: Builder, key: Key, panel: str, item: str) -> ListOf:
    """The list that a figure of a panel opens.

    Raises:
        NotFound: the screen has no such panel, or the panel no such list.
    """
    if panel not in builder.house.screen(key.screen).panels or panel not in builder.house.panels:
        raise NotFound(f"screen '{key.screen}' has no panel '{panel[:60]}'", "panel", "unknown_panel")
    lists = builder.house.panels[panel].lists
    if item not in lists:
        raise NotFound(f"panel '{panel}' has no list '{item[:60]}'", "item", "unknown_list")
    return lists[item]


def list_rows(builder: Builder, reader: Reader, key: Key, wanted: ListOf, at: Moment) -> pl.DataFrame:
    """All rows of a list at a moment."""
    look = builder.look(key, at)
    bound = {**UNASKED, "zone": look.zone, **look.params, **wanted.params}
    found = reader.read(wanted.query, at=at, **bound)
    also = {name: reader.read(query, at=at, **bound) for name, query in wanted.also.items()}
    return wanted.rows(found, look, **also) if wanted.rows else found


def _columns(wanted: ListOf) -> list[dict[str, Any]]:
    return [
        {"key": name, "label": text(f"column.{name}"), "type": kind, "unit": unit}
        for name, kind, unit in wanted.columns
    ]


def as_table(rows: pl.DataFrame, wanted: ListOf, archive: Archive) -> Content:
    """The list as the screen shows it; at most 2,000 rows are drawn, the total is of all."""
    layer, column = wanted.pick or (None, None)
    shown = []
    for row in rows.head(SHOWN_ROWS).iter_rows(named=True):
        cells = {
            name: _files(row[name], archive) if kind == "file" else _cell(row, name, kind)
            for name, kind, _ in wanted.columns
        }
        if layer and column and row.get(column):
            cells["pick"] = {"layer": row.get("pick_layer") or layer, "id": row[column]}
        shown.append(cells)
    return table(_columns(wanted), shown, rows.height)


def _cell(row: Mapping[str, Any], name: str, kind: str) -> Any:
    """A cell as content: names and standard words in both languages, codes as catalogue keys, times as moments."""
    if name == "owner" and row.get(name) == PARK_ITSELF:
        return text("crumb.park")
    if f"{name}_zh" in row:
        return {"zh": row[f"{name}_zh"] or row[f"{name}_en"] or "", "en": row[f"{name}_en"] or row[f"{name}_zh"] or ""}
    each = row[name]
    if each is None:
        return None
    if isinstance(each, Moment):
        return {"at": iso(each)}
    if kind in _NAMES:
        return _NAMES[kind](each)
    return text(f"{name}.{each}") if kind == "code" else each


def _files(field: str | None, archive: Archive) -> list[dict[str, Any]]:
    """A field of attachments as links; what cannot be opened is said without one."""
    return [
        {"text": each.name, "href": each.href}
        if each.href
        else {"text": each.address if each.elsewhere else _missing(each)}
        for each in attachments(field, archive)
    ]


def _missing(each: Attachment) -> Text:
    return text("document.remark", what=each.name, remark=text("document.missing"))


def _spoken(row: Mapping[str, Any], name: str, kind: str, lang: str, zone: str) -> Any:
    """A cell as a file holds it: in one language, times in the park's zone."""
    said = _cell(row, name, kind)
    if isinstance(said, dict) and "at" in said:
        return row[name].astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
    return say(said, lang) if isinstance(said, dict) else said


def _header(wanted: ListOf, lang: str) -> list[str]:
    return [say(text(f"column.{name}"), lang) + (f" [{unit}]" if unit else "") for name, _, unit in wanted.columns]


def _grid(rows: pl.DataFrame, wanted: ListOf, lang: str, zone: str) -> list[list[Any]]:
    return [
        [_spoken(row, name, kind, lang, zone) for name, kind, _ in wanted.columns] for row in rows.iter_rows(named=True)
    ]


def as_csv(rows: pl.DataFrame, wanted: ListOf, lang: str, zone: str) -> bytes:
    """The list as CSV (UTF-8 with a mark, so that spreadsheets read Chinese)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_header(wanted, lang))
    writer.writerows([[unformula(cell) for cell in line] for line in _grid(rows, wanted, lang, zone)])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(rows: pl.DataFrame, wanted: ListOf, lang: str, zone: str) -> bytes:
    """The list as an Excel file with a header row that stays."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, _header(wanted, lang), bold)
        for number, line in enumerate(_grid(rows, wanted, lang, zone), start=1):
            sheet.write_row(number, 0, line)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()
