"""What shows itself now, in order of its share of the first limit (GS-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboards.panels._gas import MEASURES, SHOWS, by_share, measured, picked, reading_list, showing, silence
from dashboards.panels._origin import covered, newest
from dashboards.panels._state import latest
from layers._gas import READS, UNTRUSTED
from layers._gas_device import GAS_LIMITS
from layers._gas_origin import POINT_INPUTS
from layers._live import LEVEL_OF_STATUS
from layers._origin import field_of
from layers._point import limit_figures, limits_text
from models.quantity import plain, quantity
from models.wording import medium_name
from twin import formula
from twin.content import Content, both, listing, meta, text
from twin.lineage import Figure, Origin, path, within
from twin.screen import Look, Panel, Rows

SHOWN = 16


def draw(rows: Rows, look: Look) -> Content:
    """Gas and reading, where, how much of the first limit, and the two limits."""
    points = measured(rows["indicators"], rows["readings"])
    shown = showing(by_share(points))
    answering = int((~points["status"].is_in(UNTRUSTED)).sum())
    told = meta(latest(points, "ts"), look.park.settings.reading.period_s, (answering, points.height))
    listed = [_row(row) for row in picked(shown.head(SHOWN), rows["devices"]).iter_rows(named=True)]
    return listing(listed, shown.height, silence(points, "gas_live.none"), list="showing", meta=told)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    level = LEVEL_OF_STATUS.get(row["status"])
    doubtful = {"badge": text(f"status.{row['status']}")} if row["status"] == "stale" else {}
    return {
        "key": row["id"],
        **({"level": level} if level else {}),
        **doubtful,
        "title": text("gas_live.reading", gas=medium_name(row["medium"]), value=quantity(row["value"], row["unit"])),
        "sub": text("gas_live.where", place=both(row["place_zh"], row["place_en"]), point=row["id"]),
        "right": f"{plain(row['percent'])} %",
        "right_sub": limits_text(row, *GAS_LIMITS),
        "pick": {"layer": row["pick_layer"], "id": row["pick_id"]},
    }


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Points that show something, and the reading and share of each that is listed."""
    answering, every = formula.count("points", ("status", "not in", UNTRUSTED)), formula.count("points")
    yield Figure(
        path("total"), formula.count("points", *SHOWS), text("explain.gas.showing"), coverage=(answering, every)
    )
    yield newest("points", "ts")
    yield from covered(answering, every, "answering")
    for row in showing(by_share(rows["points"])).head(SHOWN).iter_rows(named=True):
        value, limit = (formula.one("points", column, row["id"]) for column in ("value", "alarm_hi"))
        percent = formula.rounded(formula.multiply(formula.const(100), formula.divide(value, limit)), 1)
        at = path("rows", row["id"])
        yield Figure(f"{at}/title/args/value", value, field_of("value"), row["unit"])
        yield Figure(f"{at}/right", percent, text("explain.gas.share"), "%")
        yield from within(f"{at}/right_sub", limit_figures("points", row, *GAS_LIMITS))


PANEL = Panel(
    key="gas_live",
    reads=READS,
    queries=MEASURES,
    draw=draw,
    lists={"showing": reading_list(showing)},
    rule="GS-3, R-GAS-15",
    origin=Origin({"points": POINT_INPUTS}, figures),
)
