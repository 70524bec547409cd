"""Where the figures of a panel or a detail come from: the number as it is shown, its formula, and every row that it is
made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from models.quantity import MISSING as DASH
from services.builder import UNASKED, Asked, Builder, Key
from services.inputs import Used, counted, together, used, without
from twin.content import Content, Text
from twin.errors import NotFound
from twin.labels import LANGUAGES, catalogue, say
from twin.lineage import BASE, Figure, Inputs, Origin, steps
from twin.moment import Moment, iso
from twin.screen import Look, Reader, title_key

UNTRUSTED = "bad"
_TRUSTED = pl.col("quality").ne_missing(UNTRUSTED)
MISSING = object()  # what stands at a path where nothing does
_NOTHING = Origin({}, lambda rows, look: ())


@dataclass(frozen=True)
class Page:
    """Which of the inputs are told in one answer: so many, from a place in their order on."""

    limit: int
    start: int = 0


@dataclass(frozen=True)
class Wanted:
    """What is asked: a panel of a screen, and perhaps only the figures that stand at or below a path."""

    key: Key
    panel: str
    figure: str | None = None

    def has(self, path: str) -> bool:
        """Whether the figure at a path is asked for."""
        return self.figure is None or path == self.figure or path.startswith(f"{self.figure}/")


def explain(builder: Builder, reader: Reader, wanted: Wanted, at: Moment, page: Page) -> dict[str, Any]:
    """The answer of ``/api/v1/explain``: figures, inputs by set, rules, and where the next page of inputs begins.

    Raises:
        NotFound: no such screen, panel or figure; of a detail, no such layer.
    """
    key = wanted.key
    asked, look = builder.asking(reader, at), builder.look(key, at)
    panel = _panel(builder, wanted, asked, look)
    origin = panel.origin
    frames = {name: _frame(each, asked, look) for name, each in origin.inputs.items()}
    shown = _Shown(panel, look, frames)
    figures = [each for each in origin.figures(frames, look) if wanted.has(each.path) and shown.has(each)]
    if wanted.figure is not None and not figures:
        raise NotFound(f"panel '{wanted.panel}' shows no figure '{wanted.figure[:80]}'", "figure", "unknown_figure")
    uses = {each.path: used(each.formula, frames) for each in figures}
    told, inputs = [shown.tell(each, uses[each.path]) for each in figures], _Inputs(figures, uses, origin, frames)
    head = {"screen": key.screen, "panel": wanted.panel, "at": iso(at), "params": dict(key.params), "figures": told}
    rules = _rules({no for each in told for no in each["rules"]})
    return head | {"inputs": inputs.page(page, at), "rules": rules, "next": inputs.after(page)}


@dataclass(frozen=True)
class _Panel:
    """A panel as it is shown, and what it says of itself."""

    key: str
    content: Content
    origin: Origin
    rule: str = ""


def _panel(builder: Builder, wanted: Wanted, asked: Asked, look: Look) -> _Panel:
    house, name = builder.house, wanted.panel
    screen = house.screen(wanted.key.screen)
    if name not in screen.panels:
        raise NotFound(f"screen '{screen.key}' has no panel '{name[:60]}'", "panel", "unknown_panel")
    if screen.compute is None:
        panel = house.panels[name]
        return _Panel(name, builder.panel(panel, asked, look), panel.origin or _NOTHING, panel.rule or "")
    if "layer" in screen.params:
        house.layer(look.params.get("layer", ""))
    made = builder.computed(screen, asked, look)[name]
    return _Panel(name, made.content, made.origin)


def _frame(inputs: Inputs, asked: Asked, look: Look) -> pl.DataFrame:
    """The rows of a set, with every column of ``BASE``."""
    if inputs.query is not None:
        bound = {**UNASKED, "zone": look.zone, **look.params, **inputs.params}
        rows = asked.read(inputs.query, at=look.at, **bound)
        also = {name: asked.read(query, at=look.at, **bound) for name, query in inputs.also.items()}
        rows = inputs.rows(rows, look, **also) if inputs.rows else rows
    else:
        made = inputs.made(look) if inputs.made else []
        rows = (
            made if isinstance(made, pl.DataFrame) else pl.DataFrame(list(made) or {"id": []}, infer_schema_length=None)
        )
    missing = [pl.lit(None, pl.String).alias(name) for name in BASE if name not in rows.columns]
    return rows.with_columns(*missing).with_columns(pl.col("kind").fill_null("record"))


def leaf(content: Content, path: str) -> Any:
    """What stands at a path of a content, ``MISSING`` where nothing does."""
    found: Any = content
    for step in steps(path):
        found = _inside(found, step)
    return found


def _inside(content: Any, step: str) -> Any:
    if isinstance(content, dict):
        return content.get(step, MISSING)
    if not isinstance(content, (list, tuple)):
        return MISSING
    keyed = (each for each in content if isinstance(each, dict) and each.get("key") == step)
    place = int(step) if step.isdecimal() else len(content)
    return next(keyed, content[place] if place < len(content) else MISSING)


def _is_phrase(content: Any) -> bool:
    return isinstance(content, dict) and "key" in content and set(content) <= {"key", "args"}


@dataclass(frozen=True)
class _Shown:
    """A panel as it is shown, and what is said of one of its figures."""

    panel: _Panel
    look: Look
    frames: dict[str, pl.DataFrame]

    def has(self, figure: Figure) -> bool:
        """Whether the panel shows the figure now, and not the dash of one that is not there."""
        shown = leaf(self.panel.content, figure.path)
        return shown is not MISSING and shown != DASH

    def tell(self, figure: Figure, taken: Used) -> dict[str, Any]:
        """A figure: what it is called, the number as it is shown, its formula, its coverage."""
        label = self._label(figure.path)
        rules = self.panel.rule if figure.rules is None else figure.rules
        return {
            "key": figure.path,
            "label": label,
            **self._said("label", label),
            "shown": leaf(self.panel.content, figure.path),
            "unit": figure.unit,
            "formula": figure.formula.as_json(),
            "said": figure.said,
            **self._said("formula", [figure.said]),
            "rules": [each.strip() for each in rules.split(",") if each.strip()],
            "coverage": self._coverage(figure, taken),
            "inputs_total": sum(int(mask.sum()) for mask in taken.values()),
        }

    def _label(self, path: str) -> list[Text]:
        """The name of the item that a figure stands in, and the phrase that it is part of."""
        label, phrase, found = {"key": title_key("panel", self.panel.key)}, None, self.panel.content
        for step in steps(path):
            if isinstance(found, dict):
                label = found.get("label") or found.get("title") or label
            found = _inside(found, step)
            phrase = found if _is_phrase(found) and found != label else phrase
        return [label, phrase] if phrase else [label]

    def _said(self, name: str, texts: list[Text]) -> dict[str, str]:
        return {f"{name}_{lang}": " · ".join(say(each, lang, self.look.zone) for each in texts) for lang in LANGUAGES}

    def _coverage(self, figure: Figure, taken: Used) -> list[int]:
        """How many answered out of how many: as the figure says, else the inputs that can be trusted out of all."""
        if figure.coverage is not None:
            return [counted(each, self.frames) for each in figure.coverage]
        trusted = {name: mask & self.frames[name]["quality"].ne_missing(UNTRUSTED) for name, mask in taken.items()}
        return [sum(int(mask.sum()) for mask in each.values()) for each in (trusted, taken)]


@dataclass(frozen=True)
class _Inputs:
    """Everything that figures are made of, and what only a coverage names: ``counted`` says whether a figure takes it,
    ``answered`` whether the coverage counts it as told (without one: whether it can be trusted). What has not answered
    comes first, then what counts."""

    figures: list[Figure]
    uses: Mapping[str, Used]
    origin: Origin
    frames: dict[str, pl.DataFrame]

    @cached_property
    def _sets(self) -> dict[str, pl.DataFrame]:
        taken = together(self.uses.values())
        covered = {each.coverage for each in self.figures if each.coverage}
        pairs = [(used(heard, self.frames), used(expected, self.frames)) for heard, expected in covered]
        heard, silent = together(heard for heard, _ in pairs), together(without(each[1], each[0]) for each in pairs)
        named, none = together([taken, heard, silent]), pl.lit(False)
        return {
            name: self.frames[name]
            .with_columns(
                counted=taken.get(name, none),
                answered=silent.get(name, none).not_() & (heard.get(name, none) | _TRUSTED),
            )
            .filter(mask)
            .sort("answered", pl.col("counted").not_(), maintain_order=True)
            for name, mask in named.items()
        }

    def after(self, page: Page) -> str | None:
        """Where the next page begins, None after the last."""
        end = page.start + page.limit
        return str(end) if end < sum(rows.height for rows in self._sets.values()) else None

    def page(self, page: Page, at: Moment) -> dict[str, Any]:
        """The sets by name: how many rows there are in all, the columns to show, and the rows of this page."""
        said, skip, left = {}, page.start, page.limit
        for name, rows in self._sets.items():
            part = rows.slice(skip, left) if skip < rows.height else rows.clear()
            skip, left = max(0, skip - rows.height), left - part.height
            inputs = self.origin.inputs[name]
            columns = [{"key": key, "type": kind, "unit": unit} for key, kind, unit in inputs.columns]
            said[name] = {"total": rows.height, "columns": columns, "rows": _told(part, inputs, at)}
        return said


class _Said(dict[Moment, str]):
    """Times as they travel; many rows have the same ones."""

    def __missing__(self, moment: Moment) -> str:
        return self.setdefault(moment, iso(moment))


def _told(rows: pl.DataFrame, inputs: Inputs, at: Moment) -> list[dict[str, Any]]:
    """Rows as JSON knows them, each with its age at the moment and the thing that it leads to."""
    times = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Datetime)]
    age = (pl.lit(at) - pl.col("ts")).dt.total_milliseconds() / 1000 if "ts" in times else pl.lit(None, pl.Float64)
    layer, id = inputs.pick or ("", "")
    found, said = rows.with_columns(age_s=age).to_dicts(), _Said()
    for row in found:
        row.update({name: said[row[name]] for name in times if row[name] is not None})
        if layer and row.get(id):
            row["pick"] = {"layer": row.get("pick_layer") or layer, "id": row[id]}
    return found


def _rules(numbers: Iterable[str]) -> list[dict[str, str | None]]:
    """Rules by their numbers, with what they say where the catalogue has it."""
    return [
        {"no": no, **{f"said_{lang}": catalogue(lang).get(f"rule.{no}") for lang in LANGUAGES}}
        for no in sorted(numbers)
    ]
