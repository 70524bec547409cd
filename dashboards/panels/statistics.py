"""Enterprises by state, risk grade, line of business and size; what the land is used for (OV-7)."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.panels.facts import ENTERPRISE_COLUMNS
from twin.content import Content, Text, bars, facts, meta, stack, text
from twin.screen import ListOf, Look, Panel, Rows

PERIOD_S = 86_400.0
STATUSES = ("01", "02", "03")
RISKS = ("01", "02", "03", "04")
RISK_LEVELS = {"01": "red", "02": "orange", "03": "yellow", "04": "blue"}
SHOWN = 6


def draw(rows: Rows, look: Look) -> Content:
    """Two bars of parts, two rankings, the use of the land."""
    enterprises = rows["enterprises"]
    parts = [
        bars(_parts(enterprises, "enterprise_status", "status", STATUSES), "stack", title=text("statistics.status")),
        bars(_parts(enterprises, "risk_grade", "risk", RISKS), "stack", title=text("statistics.risk")),
        _ranked(enterprises, "industry"),
        _ranked(enterprises, "scale"),
        _land(rows["land"]),
        facts(
            [
                (text("statistics.output"), text("value.not_reported"), None),
                (text("statistics.tax"), text("value.not_reported"), None),
            ]
        ),
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
    rows = [_rank(name, name, count, most) for name, count in counted.head(SHOWN).iter_rows()]
    rest = int(counted["count"].slice(SHOWN).sum())
    if rest:
        rows.append(_rank("other", text("statistics.other"), rest, most))
    return bars(rows, "rank", title=text(f"statistics.{column}"), list="enterprises")


def _rank(key: str, label: Text, count: int, most: int) -> dict[str, Any]:
    return {"key": key, "label": label, "value": count, "share": count / most}


def _land(land: pl.DataFrame) -> Content | None:
    if land.is_empty():
        return None
    most = float(land["area_ha"].max())  # type: ignore[arg-type]
    rows = [
        {"key": use, "label": text(f"land_use.{use}"), "value": round(area), "share": area / most, "unit": "ha"}
        for use, area in land.select("land_use", "area_ha").iter_rows()
    ]
    return bars(rows, "rank", title=text("statistics.land_use"), list="land_use")


PANEL = Panel(
    key="statistics",
    reads=frozenset({"enterprise"}),
    queries={"enterprises": "park/enterprises", "land": "park/land_use"},
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
