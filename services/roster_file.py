"""A file of rosters, Excel or CSV: its rows as texts, and an empty one to fill in."""

from __future__ import annotations

import io
from collections.abc import Iterable

import polars as pl
import xlsxwriter
from fastexcel import FastExcelError
from polars.exceptions import PolarsError

from models.roster_import import FIELDS, MOST_ROWS, Line
from twin.content import text
from twin.duty_words import HEADS, column_of
from twin.errors import BadInput

_ZIP = b"PK\x03\x04"
_NEEDED = FIELDS[:4]
_WIDTH = 16


def lines_of(body: bytes) -> list[Line]:
    """The rows of a file that say anything.

    Raises:
        BadInput: it cannot be read, lacks a column, or has no rows or too many.
    """
    if not body:
        raise _bad("the file is empty", "empty")
    table = _excel(body) if body.startswith(_ZIP) else _csv(body)
    named = {column_of(name): name for name in reversed(table.columns)}
    for field in _NEEDED:
        if field not in named:
            heads = ", ".join(HEADS["zh"])
            raise _bad(f"the file has no column '{field}'; its first row names {heads}", "no_column", field=field)
    chosen = table.select(pl.col(named[field]).alias(field) for field in FIELDS if field in named)
    lines = [Line(number, row) for number, row in enumerate(chosen.fill_null("").iter_rows(named=True), 2)]
    said = [each for each in lines if any(cell.strip() for cell in each.cells.values())]
    if not said:
        raise _bad("the file has no rows", "empty")
    if len(said) > MOST_ROWS:
        raise _bad(f"the file has {len(said)} rows; at most {MOST_ROWS} are taken", "too_long", most=MOST_ROWS)
    return said


def _bad(why: str, code: str, **args: object) -> BadInput:
    return BadInput(f"file: {why}", "file", f"file_{code}", text(f"refused.file.{code}", **args))


def _excel(body: bytes) -> pl.DataFrame:
    """The first sheet, every cell as text."""
    try:
        options = {"dtypes": "string"}
        found = pl.read_excel(io.BytesIO(body), read_options=options, drop_empty_rows=False, raise_if_empty=False)
    except (FastExcelError, PolarsError, ValueError) as error:
        raise _bad(f"not an Excel file: {str(error).splitlines()[0][:120]}", "unreadable") from error
    return found.select(pl.all().cast(pl.String))


def _csv(body: bytes) -> pl.DataFrame:
    """As Excel writes it, in UTF-8 or in the coding of Chinese Windows."""
    for coding in ("utf-8-sig", "gb18030"):
        try:
            said = body.decode(coding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _bad("neither an Excel file nor text", "unreadable")
    try:
        return pl.read_csv(io.StringIO(said), infer_schema=False, truncate_ragged_lines=True)
    except PolarsError as error:
        raise _bad(f"not a table: {str(error).splitlines()[0][:120]}", "unreadable") from error


def template(lang: str, rows: Iterable[tuple[str, ...]]) -> bytes:
    """An Excel file with the heads and some rows as an example."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.set_column(0, len(FIELDS) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADS[lang], bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return made.getvalue()
