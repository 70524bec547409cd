"""The closed vocabulary of what a panel or a detail may show.

Content is plain JSON: codes, keys, numbers and times, never translated text and never ages, so one
frame serves every language and the browser ages values by its own clock. ``assets/js/panels.js``
is the only one that draws it; a kind that is not named here does not exist.

Text is one of: a string (data as it is: an id, a number of a document), ``{"zh", "en"}`` (data that
exists in both languages) or ``{"key", "args"}`` (a phrase of the catalogue; args may themselves be
text, numbers, or ``{"at": iso}`` for a clock time, ``{"since": iso}`` for a running duration, ``{"until": iso}`` for
what is left of one).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.moment import Moment, iso

Content = dict[str, Any]
Text = str | dict[str, Any]
KINDS = (
    "figure",
    "list",
    "ledger",
    "requests",
    "bars",
    "table",
    "chart",
    "sentence",
    "picture",
    "facts",
    "stack",
    "inbox",
)


def text(key: str, **args: Any) -> Text:
    """A phrase of the catalogue."""
    return {"key": key, "args": args} if args else {"key": key}


def both(zh: str | None, en: str | None) -> Text:
    """Data that exists in Chinese and English; the one that is missing is stood in for by the other."""
    return {"zh": zh or en or "", "en": en or zh or ""}


def at(moment: Moment | None) -> dict[str, str] | None:
    """A clock time as an argument or a cell."""
    return None if moment is None else {"at": iso(moment)}


def since(moment: Moment | None) -> dict[str, str] | None:
    """A running duration as an argument or a cell."""
    return None if moment is None else {"since": iso(moment)}


def until(moment: Moment | None) -> dict[str, str] | None:
    """The time that is left until a moment as an argument or a cell."""
    return None if moment is None else {"until": iso(moment)}


def value(
    number: float | None,
    unit: str | None = None,
    digits: int = 0,
    *,
    ts: Moment | None = None,
    quality: str | None = None,
    level: str | None = None,
    source: str | None = None,
) -> dict[str, Any]:
    """A number that can say its unit, its time, its quality and its source."""
    said = {"value": number, "unit": unit, "digits": digits, "quality": quality, "level": level, "source": source}
    if ts is not None:
        said["ts"] = iso(ts)
    return {name: each for name, each in said.items() if each is not None or name == "value"}


def meta(
    ts: Moment | None = None,
    period_s: float | None = None,
    coverage: tuple[int, int] | None = None,
    note: Text | None = None,
) -> dict[str, Any]:
    """Time of a panel's newest data, how often it should be new (stale after three periods), n of m."""
    said: dict[str, Any] = {"ts": iso(ts) if ts else None, "period_s": period_s, "note": note}
    if coverage is not None:
        said["coverage"] = list(coverage)
    return {name: each for name, each in said.items() if each is not None}


def figure(items: Sequence[dict[str, Any]], form: str = "grid", **more: Any) -> Content:
    """Numbers with names. ``form``: ``levels`` (four coloured counters), ``grid``, ``big``.

    An item: ``key, label: Text, value: value(...), of?: number, note?: Text, note_level?, level?,
    list?: key of the list it opens, screen?: screen it leads to, spark?: [numbers|None], target?: number``.
    """
    return {"kind": "figure", "form": form, "items": list(items), **more}


def listing(rows: Sequence[dict[str, Any]], total: int, empty: Text | None = None, **more: Any) -> Content:
    """Rows for reading. A row: ``key, level?, badge?, title: Text, sub?: Text, right?: Text, right_sub?: Text,
    pick?: {layer, id}``. ``list?`` (in ``more``) names the full list that the total opens."""
    return {"kind": "list", "rows": list(rows), "total": total, "empty": empty, **more}


def ledger(rows: Sequence[dict[str, Any]], total: int, **more: Any) -> Content:
    """Lines of the alarm ledger: ``key, level?, badge, at, owner: Text, title: Text, sub, stage: Text, sign?: Text,
    by: who has it in hand, from, to: since when and until when it lasted, pick``; a folded flood has ``rows`` of its
    own instead of a ``pick``. ``filters`` (in ``more``): ``param, value, label`` each, which stand in the address;
    ``defaults``: those that hold where it says nothing; ``search: Text``: words can be looked for, and in what."""
    return {"kind": "ledger", "rows": list(rows), "total": total, **more}


def requests(rows: Sequence[dict[str, Any]], total: int, **more: Any) -> Content:
    """What somebody asks and somebody else decides. A row: ``key, level?, badge?: Text, title, sub, right, right_sub,
    by: Text, pick?, acts`` of ``key, label, post: address, body, note?, right?, except?`` each; an act with ``fields``
    opens a form of its own, with a sentence ``said``; ``form`` (in ``more``) is one for something new: ``label, post,
    right?, fields`` of
    ``name, type: text|choice|several|time|number|password|file, label, options?, optional?, value?, also?``, where
    ``choices`` of a field names options in ``choices`` of the content and ``also`` what else errors call that field; a
    ``file`` (with ``accept``) stands alone in its form and is sent as the body, its name in the address; ``link``:
    one to fill in, ``label, href``.
    ``once`` of either: names (``name, label``) of what was answered, or sent, that is shown once and stands in no
    content. ``search``, ``filters``, ``fields``: as of a table. A button is shown to who has its ``right`` and is not
    ``except``; the server decides."""
    return {"kind": "requests", "rows": list(rows), "total": total, **more}


def bars(rows: Sequence[dict[str, Any]], form: str = "share", **more: Any) -> Content:
    """``share``: rows ``key, label, sub?, value, share 0…1, tick?: share of a lower limit, level?, pick?`` against a
    limit at 1;
    ``stack``: one bar of parts ``key, label, value, tone 0…3, list?``;
    ``rank``: rows ``key, label, value, share, list?``."""
    return {"kind": "bars", "form": form, "rows": list(rows), **more}


def chart(form: str, **more: Any) -> Content:
    """``columns`` (``x`` starts as iso, ``step`` hour|day|month from one to the next, ``series`` [{key, level?, y}] the
    first of all and the second a part of it, None where nothing can be known, ``limit?``), ``spark``, ``rose``
    (``sectors`` 16 × share per speed class, ``speeds``, ``live`` {direction_deg, speed}),
    ``lines`` (``point``, ``unit``, ``digits``, ``range_s``, ``limits`` [{key, value, level}], ``gap_s``): the trend of
    a point; the page fetches its samples from ``/api/v1/points/<point>/history`` and appends what comes live, so a
    live detail stays a few numbers and never carries thousands of samples a tick."""
    return {"kind": "chart", "form": form, **more}


def table(columns: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]], total: int, **more: Any) -> Content:
    """A list with columns ``key, label: Text, type: text|number|time|level|duration|file, unit?`` and rows by column
    key (a ``file`` cell: [{text, href?}]); a row may carry ``pick: {layer, id}``. The sum of a list equals the figure
    that opened it. ``filters``, ``defaults``, ``search`` (in ``more``): as of a ledger, ``fields`` of ``param, type:
    text|choice|time, label, options?`` beside them; ``acts`` of ``key, label, params``: the pages beside this one."""
    return {"kind": "table", "columns": list(columns), "rows": list(rows), "total": total, **more}


def sentence(said: Text, level: str | None = None, sub: Text | None = None, **more: Any) -> Content:
    """One sentence about how things are. ``big`` (in ``more``): it is what the panel is about, such as a name."""
    return {"kind": "sentence", "text": said, "level": level, "sub": sub, **more}


def picture(items: Sequence[dict[str, Any]], **more: Any) -> Content:
    """Documents and drawings: ``key, title: Text, sub?: Text, href?: address, or one in each language, right?``; one
    without ``href`` cannot be opened, one with a ``right`` is shown to who has it."""
    return {"kind": "picture", "items": list(items), **more}


def facts(rows: Sequence[tuple[Text, Any, Text | None]]) -> Content:
    """Name, value (text, value(...) or time), and a quiet remark at the right."""
    return {"kind": "facts", "rows": [{"label": name, "value": said, "note": note} for name, said, note in rows]}


def stack(*parts: Content, **more: Any) -> Content:
    """Several contents under one title. ``filters``, ``defaults`` (in ``more``): as of a ledger."""
    return {"kind": "stack", "parts": list(parts), **more}


def inbox(where: str, empty: Text, **filtered: Any) -> Content:
    """What whoever looks was told: the page asks for it at ``where``, and again when there is something new.
    ``filtered``: ``filters`` and ``fields`` that stand in the address, as those of other lists."""
    return {"kind": "inbox", "where": where, "empty": empty, **filtered}
