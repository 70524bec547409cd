"""What lies within a drawn shape, as an answer to a program and as a file; its rows are what the counts count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from services.sheets import csv_of, unformula, xlsx_of
from services.within import Part, Premises, Within
from twin.content import text
from twin.labels import say
from twin.moment import iso
from twin.screen import title_key

_DIGITS = 6  # of a degree, about 0.1 m
_WHOLE = 0.999  # a fence is drawn round by hand


def as_json(within: Within, most: int) -> dict[str, Any]:
    """The answer; of each layer at most so many things are listed, all are counted."""
    drawn = within.drawn
    said: dict[str, Any] = {"kind": "circle" if drawn.radius_m else "polygon", "vertices": drawn.vertices}
    said |= {"area_m2": round(drawn.area_m2, 1), "perimeter_m": round(drawn.perimeter_m, 2)}
    said |= {"radius_m": drawn.radius_m, "lon": round(drawn.lon, _DIGITS), "lat": round(drawn.lat, _DIGITS)}
    return {
        "at": iso(within.at),
        "shape": said,
        "people": people(within),
        "enterprises": [_enterprise(each) for each in within.premises],
        "layers": [_layer(each, most) for each in _gravest_first(within.parts)],
    }


def people(within: Within) -> dict[str, Any]:
    """Who is inside. Those who were counted on premises are told as the fewest (premises that lie inside wholly), the
    most (all that the shape touches) and by share of their ground; null where nobody counts."""
    counted = [each for each in within.premises if each.persons is not None]
    whole = [each.persons or 0 for each in counted if each.share >= _WHOLE]
    by_share = round(sum((each.persons or 0) * each.share for each in counted))
    times = [each.collected_at for each in counted if each.collected_at]
    works, targets = within.works, within.targets
    return {
        "fewest": sum(whole) if counted else None,
        "by_share": by_share if counted else None,
        "most": sum(each.persons or 0 for each in counted) if counted else None,
        "counted": len(counted),
        "touched": len(within.premises),
        "collected_at": iso(max(times)) if times else None,
        "works": works.count if works else None,
        "workers": works.workers if works else None,
        "targets": targets.count,
        "residents": targets.persons,
        "beds": targets.beds,
    }


def _enterprise(said: Premises) -> dict[str, Any]:
    at = iso(said.collected_at) if said.collected_at else None
    named = {"id": said.id, "name_zh": said.name_zh, "name_en": said.name_en}
    return {**named, "share": round(said.share, 4), "persons": said.persons, "collected_at": at}


def _gravest_first(parts: Sequence[Part]) -> list[Part]:
    """Layers in which something is the matter, then the others from the top of the map down."""
    return sorted(parts, key=lambda each: (-float(each.ranks[each.state].max(initial=0.0)), -each.layer.order))


def _layer(part: Part, most: int) -> dict[str, Any]:
    listed = part.worst(most)
    return {
        "id": part.layer.key,
        "title_zh": _title(part, "zh"),
        "title_en": _title(part, "en"),
        "count": len(part.laid.ix),
        "states": part.counts(),
        "features": [_feature(part, int(each)) for each in listed],
    }


def _title(part: Part, lang: str) -> str:
    return say({"key": title_key("layer", part.layer.key)}, lang)


def _feature(part: Part, place: int) -> dict[str, Any]:
    laid, things, ix = part.laid, part.laid.things, int(part.laid.ix[place])
    return {
        "id": things.ids[ix],
        "name_zh": things.names_zh[ix],
        "name_en": things.names_en[ix],
        "state": part.states[part.state[place]],
        "owner": things.owners[ix],
        "lon": round(float(things.lons[ix]), _DIGITS),
        "lat": round(float(things.lats[ix]), _DIGITS),
        "distance_m": round(float(laid.distance_m[place]), 1),
        "share": None if laid.share is None else round(float(laid.share[place]), 4),
    }


def within_csv(within: Within, lang: str, zone: str) -> bytes:
    """Everything inside as CSV, one row a thing."""
    table = _table(within, lang)
    words = [name for name, kind in table.schema.items() if kind == pl.String()]
    safe = table.with_columns(pl.col(words).map_elements(unformula, return_dtype=pl.String()))
    return csv_of(_head(within, lang, zone), safe)


def within_xlsx(within: Within, lang: str, zone: str) -> bytes:
    """The same as Excel."""
    return xlsx_of(_head(within, lang, zone), _table(within, lang))


def _head(within: Within, lang: str, zone: str) -> list[list[Any]]:
    """What the rows below are: which ground, at which moment, and how many of each layer."""
    local = within.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
    drawn = within.drawn
    size = "inside.circle" if drawn.radius_m else "inside.polygon"
    told = text(size, radius=f"{drawn.radius_m or 0:.1f}", area=f"{drawn.area_m2:.0f}", n=drawn.vertices)
    counts = [
        [
            _title(each, lang),
            len(each.laid.ix),
            "; ".join(f"{_state(name, lang)} {n}" for name, n in each.counts().items()),
        ]
        for each in _gravest_first(within.parts)
        if len(each.laid.ix)
    ]
    return [
        [say(text("inside.moment"), lang), f"{local} {zone}", iso(within.at)],
        [say(text("inside.shape"), lang), say(told, lang), f"{drawn.lon:.6f}, {drawn.lat:.6f}"],
        *counts,
        [],
    ]


def _states(part: Part, lang: str) -> str:
    return "; ".join(f"{_state(name, lang)} {n}" for name, n in part.counts().items())


def _state(name: str, lang: str) -> str:
    return say(text(f"ui.state.{name}"), lang)


def _table(within: Within, lang: str) -> pl.DataFrame:
    """One row a thing, layers and things in the order of the answer."""
    parts = [_columns(each, lang) for each in _gravest_first(within.parts) if len(each.laid.ix)]
    empty = pl.DataFrame(schema=_COLUMNS)
    return pl.concat([empty, *parts]).rename({name: say(text(f"inside.column.{name}"), lang) for name in _COLUMNS})


_COLUMNS: dict[str, pl.DataType] = {
    **{name: pl.String() for name in ("layer", "id", "name", "state", "owner")},
    **{name: pl.Float64() for name in ("distance_m", "share", "lon", "lat")},
}


def _columns(part: Part, lang: str) -> pl.DataFrame:
    order, laid, things = part.worst(), part.laid, part.laid.things
    ix = laid.ix[order]
    names = things.names_en if lang == "en" else things.names_zh
    words = [_state(each, lang) for each in part.states]
    said = {
        "layer": [_title(part, lang)] * len(ix),
        "id": [things.ids[each] for each in ix],
        "name": [names[each] for each in ix],
        "state": [words[each] for each in part.state[order]],
        "owner": [things.owners[each] for each in ix],
        "distance_m": np.round(laid.distance_m[order], 1),
        "share": None if laid.share is None else np.round(laid.share[order], 4),
        "lon": np.round(things.lons[ix], _DIGITS),
        "lat": np.round(things.lats[ix], _DIGITS),
    }
    return pl.DataFrame(said, schema=_COLUMNS)
