"""Rows as a file that a spreadsheet reads: CSV with the mark of UTF-8, and Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
import xlsxwriter

_DATE_FORMAT = "yyyy-mm-dd hh:mm:ss.000"
_CSV_TIME = "%Y-%m-%d %H:%M:%S%.3f"
_MARK = "\ufeff"  # so that spreadsheets read it as UTF-8


def unformula(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula is kept a text."""
    return "'" + cell if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell


def csv_of(head: Iterable[Sequence[Any]], table: pl.DataFrame) -> bytes:
    """Lines of explanation, then a table with its columns' names; numbers and times are written column by column."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerows([unformula(cell) for cell in line] for line in (*head, table.columns))
    body = table.write_csv(include_header=False, datetime_format=_CSV_TIME, line_terminator="\r\n")
    return (_MARK + out.getvalue() + body).encode()


def xlsx_of(head: Sequence[Sequence[Any]], table: pl.DataFrame) -> bytes:
    """The same as an Excel file; the row of names stays in sight."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, {**options, "default_date_format": _DATE_FORMAT}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for number, line in enumerate(head):
            sheet.write_row(number, 0, line)
        sheet.write_row(len(head), 0, table.columns, bold)
        for number, column in enumerate(table.iter_columns()):
            sheet.write_column(len(head) + 1, number, column.to_list())
        sheet.freeze_panes(len(head) + 1, 0)
        sheet.autofit()
    return out.getvalue()
