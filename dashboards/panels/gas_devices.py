"""Gas devices by kind, how many answer, how many are silent or in alarm (GS-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from dashboards.panels._gas import ALARM_INPUTS, ALARMS, MEASURES, device_list, in_alarm
from dashboards.panels._origin import OPEN, covered, newest
from dashboards.panels._state import latest
from dashboards.panels._words import counter
from layers._gas import IN_USE, READS, SILENT, answering
from layers._gas_origin import DEVICE_INPUTS, POINT_INPUTS
from models.alarm_tables import ALARM_TABLES
from twin import formula
from twin.content import Content, bars, figure, meta, stack, text
from twin.level import RANK
from twin.lineage import Figure, Origin, item, path, within
from twin.screen import Look, Panel, Rows

KINDS = ("01", "02", "03", "04", "05", "06", "99")
STATES = ("online", "silent", "unmeasured", "stopped")


def draw(rows: Rows, look: Look) -> Content:
    """Four counters over a ranking of the kinds."""
    devices = answering(rows["devices"], rows["indicators"], rows["readings"])
    how = {each: int((devices["answering"] == each).sum()) for each in STATES}
    alarmed = in_alarm(rows["alarms"]).filter(pl.col("device").is_in(devices["id"].to_list()))
    worst = max(alarmed["colour"], key=RANK.__getitem__, default=None)
    answers = how["online"] + how["silent"]
    items: list[dict[str, Any]] = [
        counter("online", text("gas_devices.online"), how["online"], of=answers),
        counter("alarmed", text("gas_devices.alarmed"), alarmed.height, level=worst),
        counter("silent", text("gas_devices.silent"), how["silent"]),
        counter("stopped", text("gas_devices.stopped"), how["stopped"]),
    ]
    told = meta(latest(devices, "ts"), look.park.settings.reading.period_s, (how["online"], answers))
    total = {"value": devices.height, "list": "all"}
    return stack(figure(items), bars(_kinds(devices), "rank"), total=total, meta=told)


def _kinds(devices: pl.DataFrame) -> list[dict[str, Any]]:
    counted = dict(devices["device_type"].value_counts().iter_rows())
    most = max(counted.values(), default=1)
    return [
        {
            "key": f"kind_{each}",
            "label": text(f"device_type.{each}"),
            "value": n,
            "share": n / most,
            "list": f"kind_{each}",
        }
        for each in KINDS
        if (n := counted.get(each))
    ]


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Devices of which a point is heard out of those in use that measure, and how many there are of each kind."""
    used = ("device", "in", formula.each("devices", "id", ("device_status", "=", IN_USE)))
    online = formula.distinct("points", "device", used, ("status", "not in", SILENT))
    measuring = formula.distinct("points", "device", used)
    whole, alarmed = (
        (online, measuring),
        formula.distinct("alarms", "device", OPEN, ("device", "in", formula.each("devices", "id"))),
    )
    silent, stopped = formula.subtract(measuring, online), formula.count("devices", ("device_status", "!=", IN_USE))
    yield from within(
        path("parts", 0),
        (
            Figure(item("online"), online, text("explain.gas.online"), coverage=whole),
            Figure(item("online", "of"), measuring, text("explain.gas.measuring"), coverage=whole),
            Figure(item("alarmed"), alarmed, text("explain.gas.alarmed")),
            Figure(item("silent"), silent, text("explain.gas.silent"), coverage=whole),
            Figure(item("stopped"), stopped, text("explain.gas.stopped")),
        ),
    )
    yield Figure(path("total", "value"), formula.count("devices"), text("explain.gas.devices"))
    yield newest("points", "ts", ("device", "in", formula.each("devices", "id")))
    yield from covered(*whole)
    yield from within(path("parts", 1), _of_kinds(rows["devices"]))


def _of_kinds(devices: pl.DataFrame) -> Iterator[Figure]:
    counted = {each: formula.count("devices", ("device_type", "=", each)) for each in KINDS}
    most = formula.greatest(*counted.values())
    for each, n in counted.items():
        yield Figure(path("rows", f"kind_{each}", "value"), n, text("explain.gas.kind"))
        yield Figure(path("rows", f"kind_{each}", "share"), formula.divide(n, most), text("explain.gas.of_most"))


def _of(column: str, said: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda devices: devices.filter(pl.col(column) == said)


PANEL = Panel(
    key="gas_devices",
    reads=READS | ALARM_TABLES,
    queries={**MEASURES, "alarms": ALARMS},
    draw=draw,
    lists={
        "all": device_list(lambda devices: devices),
        "alarmed": device_list(lambda devices: devices.filter("alarmed")),
        **{each: device_list(_of("answering", each)) for each in ("online", "silent", "stopped")},
        **{f"kind_{each}": device_list(_of("device_type", each)) for each in KINDS},
    },
    rule="GS-1, GS-3",
    origin=Origin({"devices": DEVICE_INPUTS, "points": POINT_INPUTS, "alarms": ALARM_INPUTS}, figures),
)
