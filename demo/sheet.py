"""Paper: SVG sheets in tenths of a millimetre, Chinese first and English under it. Knows nothing of the park."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

FICTION = (
    "虚构的演示园区：本文件由程序绘制，不作任何真实用途。",
    "A fictional demo park: this paper was drawn by a program and serves no real purpose.",
)
_PIECE = re.compile(r"（[^）]{,20}）|[!-~]+|.")  # what stays on one line
_STYLE = """
svg{background:#dde2e6;font-family:"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC",
"Microsoft YaHei",sans-serif;fill:#17212b}
.q{fill:#5b6975}.e{fill:#5b6975;font-size:26px}.z{font-size:34px}.b{font-weight:700}
.h{fill:none;stroke:#17212b;stroke-width:3}.l{stroke:#c6ced5;stroke-width:2}
.n{font-size:24px;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:7px;stroke-linejoin:round}
.m{text-anchor:middle}.r{text-anchor:end}
"""
A3, A4 = (4200, 2970), (2100, 2970)
MAP = (100, 100, 3080, 2770)  # x, y, width, height of the drawing on an A3 sheet
_SIDE_X, _SIDE_W = 3230, 820


class Sign(NamedTuple):
    """A line of the legend: the attributes of its sample, how it is drawn (area, line, dot), and its names."""

    shape: str
    style: str
    zh: str
    en: str


class Figure(NamedTuple):
    """A line of a table of figures."""

    zh: str
    en: str
    value: str


class Title(NamedTuple):
    """What a paper is called, its number, its date and who made it."""

    zh: str
    en: str
    number: str
    date: str
    by_zh: str
    by_en: str


def word(x: float, y: float, said: str, size: float = 0, kind: str = "") -> str:
    """A line of text."""
    size_said = f' font-size="{size:g}"' if size else ""
    kind_said = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{size_said}{kind_said}>{escape(said)}</text>'


def rule(x: float, y: float, width: float) -> str:
    """A hairline across."""
    return f'<path class="l" d="M{x:.0f} {y:.0f}h{width:.0f}"/>'


def wrapped(said: str, wide: int) -> list[str]:
    """A text in lines of at most ``wide`` Latin letters; a Chinese character counts for two."""
    if said.isascii() or not any("\u4e00" <= each <= "\u9fff" for each in said):
        return textwrap.wrap(said, wide)
    lines, room = [""], wide
    for piece in _PIECE.findall(said):
        need = sum(1 if each.isascii() else 2 for each in piece)
        if need > room and piece not in "，。；：、）":
            lines, room = [*lines, ""], wide
        lines[-1] += piece
        room -= need
    return lines


def paper(size: tuple[int, int], body: Iterable[str], title: Title) -> str:
    """A whole sheet with its frame."""
    width, height = size
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
            f"<title>{escape(title.zh)} {escape(title.en)}</title><style>{_STYLE}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *body,
            "</svg>\n",
        ]
    )


def drawing(title: Title, mapped: Sequence[str], signs: Sequence[Sign], figures: Sequence[Figure], km: float) -> str:
    """An A3 sheet: the map at the left, title, legend and figures at the right. ``km``: length of one on the sheet."""
    x, y, width, height = MAP
    inner = f'<clipPath id="c"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>'
    side, at = _heading(title), 540.0
    for each in signs:
        side, at = [*side, _sample(each, at), word(_SIDE_X + 120, at, each.zh, kind="z")], at + 34
        side, at = [*side, word(_SIDE_X + 120, at, each.en, kind="e")], at + 46
    at += 40
    side += [rule(_SIDE_X, at, _SIDE_W)]
    for each_figure in figures:
        side += _figure(each_figure, _SIDE_X, at + 52, _SIDE_W)
        at += 96
    frame = f'<rect class="h" x="{x}" y="{y}" width="{width + 920}" height="{height}"/>'
    divider = f'<path class="h" d="M{x + width} {y}v{height}"/>'
    body = [inner, '<g clip-path="url(#c)">', *mapped, "</g>", frame, divider, *side, *_scale(km), *_foot(title)]
    return paper(A3, body, title)


def _heading(title: Title) -> list[str]:
    zh = wrapped(title.zh, 24)
    lines = [word(_SIDE_X, 210 + 78 * turn, each, 66, "b") for turn, each in enumerate(zh)]
    en_y = 210 + 78 * (len(zh) - 1) + 56
    lines += [word(_SIDE_X, en_y + 38 * turn, each, 32, "q") for turn, each in enumerate(wrapped(title.en, 46))]
    return [*lines, rule(_SIDE_X, 460, _SIDE_W)]


def _sample(sign: Sign, y: float) -> str:
    if sign.shape == "area":
        return f'<rect x="{_SIDE_X}" y="{y - 32:.0f}" width="84" height="54" {sign.style}/>'
    if sign.shape == "line":
        return f'<path d="M{_SIDE_X} {y - 5:.0f}h84" fill="none" {sign.style}/>'
    return f'<circle cx="{_SIDE_X + 42}" cy="{y - 6:.0f}" r="18" {sign.style}/>'


def _figure(each: Figure, x: float, y: float, width: float) -> list[str]:
    return [
        word(x, y, each.zh, kind="z"),
        word(x, y + 32, each.en, kind="e"),
        word(x + width, y + 8, each.value, 40, "r b"),
        rule(x, y + 48, width),
    ]


def _scale(km: float) -> list[str]:
    """A bar of one kilometre and an arrow to the north, in the drawing's lower left corner."""
    x, y = MAP[0] + 90, MAP[1] + MAP[3] - 80
    north = f'<path d="M{x + 20} {y - 90}l24 -90l24 90l-24 -18z" fill="#17212b"/>'
    bar = f'<path class="h" d="M{x} {y - 20}v20h{km:.0f}v-20" style="stroke-width:4"/>'
    return [north, word(x + 32, y - 196, "N", 40, "b"), bar, word(x + km + 20, y, "1 km", 34)]


def _foot(title: Title) -> list[str]:
    rows = (
        ("图号 No.", title.number),
        ("日期 Date", title.date),
        ("编制 By", title.by_zh),
        ("", title.by_en),
    )
    top = 2490
    lines = [rule(_SIDE_X, top, _SIDE_W)]
    for turn, (name, said) in enumerate(rows, 1):
        lines += [word(_SIDE_X, top + 58 * turn, name, kind="e"), word(_SIDE_X + 170, top + 58 * turn, said, 30)]
    lines.append(rule(_SIDE_X, top + 262, _SIDE_W))
    small = [FICTION[0], *wrapped(FICTION[1], 62)]
    return lines + [word(_SIDE_X, 2792 + 30 * turn, each, 23, "q") for turn, each in enumerate(small)]


def page(
    title: Title, head: tuple[str, str], texts: Sequence[tuple[str, str]], figures: Sequence[Figure], big: str = ""
) -> str:
    """An A4 page: who speaks, the title, perhaps one big letter, paragraphs, figures, date and maker."""
    left, width, middle = 260, 1580, 1050
    lines = [word(middle, 330, head[0], 46, "m b"), word(middle, 378, head[1], 28, "m q"), rule(left, 430, width)]
    lines += [word(left, 486, title.number, kind="e"), word(left + width, 486, title.date, kind="e r")]
    at = 640.0
    for each in wrapped(title.zh, 34):
        lines, at = [*lines, word(middle, at, each, 76, "m b")], at + 96
    for each in wrapped(title.en, 70):
        lines, at = [*lines, word(middle, at - 20, each, 38, "m q")], at + 50
    if big:
        lines, at = [*lines, word(middle, at + 300, big, 360, "m b")], at + 420
    at += 70
    for zh, en in texts:
        lines, at = _paragraph(lines, zh, en, left, at)
    if figures:
        lines.append(rule(left, at, width))
    for each_figure in figures:
        lines += _figure(each_figure, left, at + 52, width)
        at += 96
    return paper(A4, [*lines, *_ending(title, left, width)], title)


def _paragraph(lines: list[str], zh: str, en: str, x: float, y: float) -> tuple[list[str], float]:
    for each in wrapped(zh, 74):
        lines, y = [*lines, word(x, y, each, 42)], y + 66
    y -= 12
    for each in wrapped(en, 112):
        lines, y = [*lines, word(x, y, each, 28, "q")], y + 40
    return lines, y + 44


def _ending(title: Title, x: float, width: float) -> list[str]:
    end = x + width
    return [
        word(end, 2580, title.by_zh, 40, "r"),
        word(end, 2622, title.by_en, 28, "r q"),
        word(end, 2680, title.date, 34, "r"),
        rule(x, 2760, width),
        word(x, 2806, FICTION[0], 25, "q"),
        word(x, 2842, FICTION[1], 25, "q"),
    ]
