"""A report as PDF: A4, text that can be selected and searched, the glyphs used embedded, columns as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fpdf import FPDF, XPos, YPos

from services.report import Bars, Column, Report, Section
from twin.errors import StoreError
from twin.moment import Moment

FONT = Path(__file__).parent.parent / "fonts" / "NotoSansSC_400Regular.ttf"  # put there by set-up (tools/vendor.py)
_FACE = "noto"
_INK, _QUIET, _HAIR, _BAR, _OVER = (30, 38, 48), (105, 115, 128), (205, 210, 216), (96, 120, 148), (190, 78, 16)
_MARGIN_MM, _LINE_MM, _CHART_MM = 16.0, 5.6, 38.0
_DASH = "–"
Cell = float | str | None


def as_pdf(report: Report, at: Moment) -> bytes:
    """The report as a file.

    Raises:
        StoreError: the typeface is not installed.
    """
    if not FONT.is_file():
        raise StoreError(f"the typeface of reports, fonts/{FONT.name}, is not installed: run 'make setup'", code="font")
    page = _Page(report, at)
    page.head()
    for section in report.sections:
        page.section(section)
    return bytes(page.output())


class _Page(FPDF):
    """A4 pages of one report."""

    def __init__(self, report: Report, at: Moment) -> None:
        super().__init__(format="A4")
        self._report = report
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, margin=_MARGIN_MM + 4)
        self.add_font(_FACE, "", FONT)
        self.set_title(report.title)
        self.set_creation_date(at)
        self.set_lang("zh-CN" if report.lang == "zh" else "en")
        self.add_page()

    def footer(self) -> None:
        """What it is and which page."""
        self.set_y(-_MARGIN_MM + 2)
        self._pen(7.5, _QUIET)
        half = self.epw / 2
        self.cell(half, 4, self._report.footer)
        self.cell(half, 4, f"{self.page_no()} / {{nb}}", align="R")

    def head(self) -> None:
        """Title, what the report is of, and its one sentence."""
        self._pen(19, _INK)
        self.cell(0, 11, self._report.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        for name, said in self._report.facts:
            self._pen(9, _QUIET)
            self.cell(32, _LINE_MM, name)
            self._pen(9, _INK)
            self.cell(0, _LINE_MM, said, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)
        self._pen(11, _INK)
        self.multi_cell(0, 6.5, self._report.sentence, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def section(self, section: Section) -> None:
        """A title, columns if it has any, its table."""
        self._room(_CHART_MM + 26 if section.bars else 26)
        self.ln(5)
        self._pen(12, _INK)
        self.cell(0, 7, section.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if section.note:
            self._pen(8, _QUIET)
            self.multi_cell(0, 4.4, section.note, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if section.bars:
            self._bars(section.bars)
        if section.rows:
            self._table(section)

    def _room(self, wanted_mm: float) -> None:
        if self.get_y() + wanted_mm > self.page_break_trigger:
            self.add_page()

    def _pen(self, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font(_FACE, size=size)
        self.set_text_color(*colour)

    # --- tables ---------------------------------------------------------------------------------

    def _table(self, section: Section) -> None:
        widths = self._widths(section.columns)
        self._names(section.columns, widths)
        for number, row in enumerate(section.rows):
            if self.get_y() + _LINE_MM > self.page_break_trigger:
                self.add_page()
                self._names(section.columns, widths)
            self._row(section.columns, widths, row, number in section.over)

    def _widths(self, columns: Sequence[Column]) -> list[float]:
        every = sum(each.share for each in columns)
        return [self.epw * each.share / every for each in columns]

    def _names(self, columns: Sequence[Column], widths: Sequence[float]) -> None:
        self._pen(7.5, _QUIET)
        self._cells([each.label for each in columns], columns, widths)

    def _row(self, columns: Sequence[Column], widths: Sequence[float], row: Sequence[Cell], over: bool) -> None:
        self._pen(8.5, _OVER if over else _INK)
        self._cells([_told(cell, column) for cell, column in zip(row, columns, strict=True)], columns, widths)

    def _cells(self, texts: Sequence[str], columns: Sequence[Column], widths: Sequence[float]) -> None:
        for said, column, width in zip(texts, columns, widths, strict=True):
            self.cell(width, _LINE_MM, self._fit(said, width - 2.2), align="L" if column.digits is None else "R")
        self.ln(_LINE_MM)
        self.set_draw_color(*_HAIR)
        self.set_line_width(0.15)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())

    def _fit(self, said: str, width: float) -> str:
        """As much of a text as there is room for."""
        if self.get_string_width(said) <= width:
            return said
        while said and self.get_string_width(f"{said}…") > width:
            said = said[:-1]
        return f"{said}…"

    # --- columns --------------------------------------------------------------------------------

    def _bars(self, bars: Bars) -> None:
        """Columns from nought, the highest value and the limit said, a name below every so many."""
        self._pen(8, _QUIET)
        self.cell(0, 4.4, bars.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        top, floor = self.get_y() + 4, self.get_y() + _CHART_MM - 6
        most = max(*bars.values, bars.limit or 0.0, 1.0)
        pitch = self.epw / len(bars.values)
        self.set_fill_color(*_BAR)
        for number, value in ((each, value) for each, value in enumerate(bars.values) if value):
            high = (floor - top) * value / most
            self.rect(self.l_margin + number * pitch + pitch * 0.15, floor - high, pitch * 0.7, high, style="F")
        self._axis(bars, top, floor, most, pitch)
        self.set_xy(self.l_margin, floor + 6)

    def _axis(self, bars: Bars, top: float, floor: float, most: float, pitch: float) -> None:
        self.set_draw_color(*_QUIET)
        self.set_line_width(0.2)
        self.line(self.l_margin, floor, self.l_margin + self.epw, floor)
        self._pen(7, _QUIET)
        every = max(1, -(-len(bars.names) // 12))
        for number, name in enumerate(bars.names):
            if number % every == 0:
                self.set_xy(self.l_margin + number * pitch, floor + 0.8)
                self.cell(max(pitch, 12), 4, name)
        highest = max(range(len(bars.values)), key=lambda number: bars.values[number])
        said = f"{bars.values[highest]:,.0f}"
        middle = self.l_margin + (highest + 0.5) * pitch - self.get_string_width(said) / 2
        self.set_xy(middle - 1, floor - (floor - top) * bars.values[highest] / most - 4)
        self.cell(text=said)


def _told(cell: Any, column: Column) -> str:
    if cell is None:
        return _DASH
    if isinstance(cell, str) or column.digits is None:
        return str(cell)
    return f"{cell:,.{column.digits if isinstance(cell, float) else 0}f}"
