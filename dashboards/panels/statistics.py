"""Enterprises by state, risk grade, line of business and size; what the land is used for (OV-7)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from dashboards.panels._columns import ENTERPRISE_COLUMNS
from models.enterprise_words import in_words
from twin.content import Content, Text, bars, meta, stack, text
from twin.screen import ListOf, Look, Panel, Rows

PERIOD_S = 86_400.0
STATUSES = ("01", "02", "03")
RISKS = ("01", "02", "03", "04")
RISK_LEVELS = {"01": "red", "02": "orange", "03": "yellow", "04": "blue"}
SHOWN = 6
_M2_PER_HA = 10_000
# What the areas of a file of the map are used for; None: as their own kind says.
LAND_USE = {"enterprises": "industrial", "landuse": None, "utilities": "utilities", "stations": "public"}


def draw(rows: Rows, look: Look) -> Content:
    """Two bars of parts, two rankings, the use of the land."""
    enterprises = rows["enterprises"]
    parts = [
        bars(_parts(enterprises, "enterprise_status", "status", STATUSES), "stack", title=text("statistics.status")),
        bars(_parts(enterprises, "risk_grade", "risk", RISKS), "stack", title=text("statistics.risk")),
        _ranked(enterprises, "industry"),
        _ranked(enterprises, "scale"),
        _land(look),
    ]
    return stack(*[each for each in parts if each], meta=meta(period_s=PERIOD_S))


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
    counted = enterprises.drop_nulls(column)[column].value_counts(sort=True)
    if counted.is_empty():
        return None
    most = int(counted["count"].max())  # type: ignore[arg-type]
    rows = [_rank(name, in_words(name) or name, count, most) for name, count in counted.head(SHOWN).iter_rows()]
    rest = int(counted["count"].slice(SHOWN).sum())
    if rest:
        rows.append(_rank("other", text("statistics.other"), rest, most))
    return bars(rows, "rank", title=text(f"statistics.{column}"), list="enterprises")


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
    return bars(rows, "rank", title=text("statistics.land_use"), list="land_use") if rows else None


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
)
