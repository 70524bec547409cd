"""Enterprises by state, risk grade, line of business and size; what the land is used for (OV-7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._columns import ENTERPRISE_COLUMNS
from dashboards.panels._origin import ENTERPRISES
from models.enterprise_words import in_words
from twin import formula
from twin.content import Content, Text, bars, meta, stack, text
from twin.formula import Formula
from twin.lineage import Figure, Inputs, Origin, path
from twin.screen import ListOf, Look, Panel, Rows

PERIOD_S = 86_400.0
STATUSES = ("01", "02", "03")
RISKS = ("01", "02", "03", "04")
STACKED = (("enterprise_status", "status", STATUSES), ("risk_grade", "risk", RISKS))
LAND = Inputs("explain/land", (("land_use", "code", None), ("area_ha", "number", "ha")), ("enterprises", "id"))
RISK_LEVELS = {"01": "red", "02": "orange", "03": "yellow", "04": "blue"}
SHOWN = 6
RANKED = ("industry", "scale")
_M2_PER_HA = 10_000
# What the areas of a file of the map are used for; None: as their own kind says.
LAND_USE = {"enterprises": "industrial", "landuse": None, "utilities": "utilities", "stations": "public"}


def draw(rows: Rows, look: Look) -> Content:
    """Two bars of parts, two rankings, the use of the land."""
    enterprises = rows["enterprises"]
    parts = [
        *(_stacked(enterprises, column, name, codes) for column, name, codes in STACKED),
        *(_ranked(enterprises, each) for each in RANKED),
        _land(look),
    ]
    return stack(*[each for each in parts if each], meta=meta(period_s=PERIOD_S))


def _stacked(enterprises: pl.DataFrame, column: str, name: str, codes: tuple[str, ...]) -> Content:
    return bars(_parts(enterprises, column, name, codes), "stack", title=text(f"statistics.{name}"), key=name)


def _parts(enterprises: pl.DataFrame, column: str, name: str, codes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "key": f"{name}_{code}",
            "label": text(f"{column}.{code}"),
            "value": int((enterprises[column] == code).sum()),
            "tone": index,
            "list": f"{name}_{code}",
        }
        | ({"level": RISK_LEVELS[code]} if name == "risk" else {})
        for index, code in enumerate(codes)
    ]


def _ranked(enterprises: pl.DataFrame, column: str) -> Content | None:
    counted = _counted(enterprises, column)
    if counted.is_empty():
        return None
    most = int(counted["count"].max())  # type: ignore[arg-type]
    rows = [_rank(name, in_words(name) or name, count, most) for name, count in counted.head(SHOWN).iter_rows()]
    rest = int(counted["count"].slice(SHOWN).sum())
    if rest:
        rows.append(_rank("other", text("statistics.other"), rest, most))
    return bars(rows, "rank", title=text(f"statistics.{column}"), list="enterprises", key=column)


def _counted(enterprises: pl.DataFrame, column: str) -> pl.DataFrame:
    """How many enterprises have each word in a column, the commonest first."""
    counted = enterprises.drop_nulls(column)[column].value_counts()
    return counted.sort(["count", column], descending=[True, False])


def _rank(key: str, label: Text, count: int, most: int) -> dict[str, Any]:
    return {"key": key, "label": label, "value": count, "share": count / most}


def _land(look: Look) -> Content | None:
    """Hectares drawn on the map, largest first."""
    used: dict[str, float] = defaultdict(float)
    for file, use in LAND_USE.items():
        for each in look.park.features.get(file, ()):
            used[use or each.props.get("kind") or "other"] += (each.props.get("area_m2") or 0) / _M2_PER_HA
    most = max(used.values(), default=0)
    rows = [
        {"key": use, "label": text(f"land_use.{use}"), "value": round(area), "share": area / most, "unit": "ha"}
        for use, area in sorted(used.items(), key=lambda each: -each[1])
        if area > 0
    ]
    return bars(rows, "rank", title=text("statistics.land_use"), list="land_use", key="land_use") if rows else None


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Enterprises by code and by word, hectares by use; each ranking's shares are of its longest bar."""
    for column, name, codes in STACKED:
        for code in codes:
            said = text("explain.statistics.count", what=text(f"{column}.{code}"))
            of_code = formula.count("enterprises", (column, "=", code))
            yield Figure(path("parts", name, "rows", f"{name}_{code}", "value"), of_code, said)
    for column in RANKED:
        yield from _rank_figures(_counted(rows["enterprises"], column)[column].to_list(), column)
    yield from _land_figures(rows["land"])


def _rank_figures(words: list[str], column: str) -> Iterator[Figure]:
    shown = {name: formula.count("enterprises", (column, "=", name)) for name in words[:SHOWN]}
    rest = formula.count("enterprises", (column, "in", words[SHOWN:]))
    for name, of_word in {**shown, "other": rest}.items():
        said = text("explain.statistics.count", what=in_words(name) or name)
        if name == "other":
            said = text("explain.statistics.other")
        yield from _bar_figures(path("parts", column, "rows", name), of_word, shown[words[0]] if words else rest, said)


def _bar_figures(at: str, value: Formula, longest: Formula, said: Text, digits: int | None = None) -> Iterator[Figure]:
    yield Figure(f"{at}/value", value if digits is None else formula.rounded(value, digits), said)
    yield Figure(f"{at}/share", formula.divide(value, longest), text("explain.statistics.share"))


def _land_figures(land: pl.DataFrame) -> Iterator[Figure]:
    used = land.group_by("land_use").agg(pl.col("area_ha").sum()).sort("area_ha", descending=True)["land_use"].to_list()
    area = {use: formula.total("land", "area_ha", ("land_use", "=", use)) for use in used}
    for use in used:
        said = text("explain.statistics.land", use=text(f"land_use.{use}"))
        yield from _bar_figures(path("parts", "land_use", "rows", use), area[use], area[used[0]], said, 0)


PANEL = Panel(
    key="statistics",
    reads=frozenset({"enterprise"}),
    queries={"enterprises": "park/enterprises"},
    draw=draw,
    lists={
        "enterprises": ListOf("park/enterprises", ENTERPRISE_COLUMNS, ("enterprises", "id")),
        "land_use": ListOf(
            "park/land_use", (("land_use", "code", None), ("area_ha", "number", "ha"), ("plots", "number", None))
        ),
        **{
            f"status_{each}": ListOf(
                "park/enterprises", ENTERPRISE_COLUMNS, ("enterprises", "id"), {"only": f"status.{each}"}
            )
            for each in STATUSES
        },
        **{
            f"risk_{each}": ListOf(
                "park/enterprises", ENTERPRISE_COLUMNS, ("enterprises", "id"), {"only": f"risk.{each}"}
            )
            for each in RISKS
        },
    },
    origin=Origin({"enterprises": ENTERPRISES, "land": LAND}, figures),
)
