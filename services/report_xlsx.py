"""A report as an Excel file: a sheet for its head, a sheet a table, numbers as numbers, columns as a chart."""

from __future__ import annotations

import io
import re
from typing import Any

import xlsxwriter

from services.report import Column, Report, Section

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31  # of a sheet


def as_xlsx(report: Report) -> bytes:
    """The report as a file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": report.title, "comments": report.footer})
        _head(book, report)
        for section in report.sections:
            _sheet(book, section)
    return out.getvalue()


def _head(book: Any, report: Report) -> None:
    sheet = book.add_worksheet(_name(report.title))
    sheet.write_string(0, 0, report.title, book.add_format({"bold": True, "font_size": 16}))
    for number, (name, said) in enumerate(report.facts, start=2):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, said)
    sheet.write_string(len(report.facts) + 3, 0, report.sentence)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 48)


def _sheet(book: Any, section: Section) -> None:
    sheet, bold = book.add_worksheet(_name(section.title)), book.add_format({"bold": True, "text_wrap": True})
    over = book.add_format({"font_color": "#BE4E10"})
    sheet.write_row(0, 0, [each.label for each in section.columns], bold)
    for number, row in enumerate(section.rows, start=1):
        for place, cell in enumerate(row):
            _cell(sheet, number, place, cell, over if number - 1 in section.over else None)
    for place, column in enumerate(section.columns):
        sheet.set_column(place, place, _width(section, place, column))
    sheet.freeze_panes(1, 1)
    if section.note:
        sheet.write_string(len(section.rows) + 2, 0, section.note)
    if section.bars:
        _chart(book, sheet, section)


def _cell(sheet: Any, row: int, place: int, cell: float | str | None, form: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, cell, form)
    elif cell is not None:
        sheet.write_number(row, place, cell, form)


def _width(section: Section, place: int, column: Column) -> float:
    """Wide enough for its words; a Chinese character counts twice."""
    if column.digits is not None:
        return 11
    longest = max((sum(2 if ord(each) > 255 else 1 for each in str(row[place])) for row in section.rows), default=8)
    return min(48, max(12, longest + 2))


def _chart(book: Any, sheet: Any, section: Section) -> None:
    chart, last = book.add_chart({"type": "column"}), len(section.rows)
    name = sheet.get_name()
    chart.add_series({"categories": [name, 1, 0, last, 0], "values": [name, 1, 1, last, 1], "gap": 40})
    chart.set_title({"name": section.bars.title if section.bars else "", "name_font": {"size": 11, "bold": False}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 760, "height": 280})
    sheet.insert_chart(last + 3, 0, chart)


def _name(title: str) -> str:
    return _FORBIDDEN.sub(" ", title)[:_NAME_LENGTH]
