"""What is the matter now: open alarms by colour, and the strip of the six modules (OV-9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from dashboards.panels._columns import OPEN_ALARM_COLUMNS
from dashboards.panels._origin import ENTERPRISES, OPEN
from dashboards.panels._state import latest
from dashboards.panels._words import RECENT, counter
from layers._origin import ALARMS, VEHICLES, WORKS
from layers.vehicles import VEHICLE_TABLES
from models.alarm_tables import ALARM_TABLES
from models.quantity import signed
from twin import formula
from twin.content import Content, figure, meta, stack, text
from twin.level import RANK
from twin.lineage import Figure, Inputs, Origin, item, within
from twin.screen import ListOf, Look, Panel, Rows

PERIOD_S = 300.0
HOT_WORK = "01"


def draw(rows: Rows, look: Look) -> Content:
    """Four coloured counters over five modules."""
    alarms = rows["alarms"].filter(pl.col("open"))
    levels = [
        counter(colour, text(f"level.{colour}"), int((alarms["colour"] == colour).sum()), level=colour)
        for colour in RANK
    ]
    heard = rows["heard"].row(0, named=True)
    modules = [
        _persons(rows["persons"]),
        _vehicles(rows["vehicles"], heard["vehicles"]),
        _works(rows["works"], heard["works"]),
        _commitments(rows["commitments"]),
        _gas(alarms),
    ]
    times = [
        latest(rows["persons"], "collected_at"),
        latest(rows["vehicles"], "located_at"),
        latest(rows["commitments"], "committed_at"),
    ]
    told = meta(max((each for each in times if each), default=None), PERIOD_S)
    return stack(figure(levels, "levels"), figure(modules), meta=told)


def _persons(persons: pl.DataFrame) -> dict[str, Any]:
    inside, yesterday = int(persons["count"].sum()), int(persons["yesterday"].sum())
    change = signed(round(100 * (inside - yesterday) / yesterday), "%") if yesterday else None
    note = text("now.persons.change", change=change) if change else None
    counted = inside if persons.height else None
    return counter("persons", text("now.persons"), counted, ts=latest(persons, "collected_at"), note=note)


def _vehicles(vehicles: pl.DataFrame, heard: bool) -> dict[str, Any]:
    if not heard:
        return counter("vehicles", text("now.vehicles"), None)
    note = text("now.vehicles.loaded", n=int((vehicles["load"] == "loaded").sum()))
    return counter("vehicles", text("now.vehicles"), vehicles.height, ts=latest(vehicles, "located_at"), note=note)


def _works(works: pl.DataFrame, heard: bool) -> dict[str, Any]:
    if not heard:
        return counter("works", text("now.works"), None)
    note = text("now.works.hot", n=int((works["work_type"] == HOT_WORK).sum()))
    return counter("works", text("now.works"), works.height, note=note)


def _commitments(commitments: pl.DataFrame) -> dict[str, Any]:
    filed, due = int(commitments["count"].sum()), commitments.height
    if not due:
        return counter("commitments", text("now.commitments"), None)
    missing: dict[str, Any] = (
        {"note": text("now.commitments.missing", n=due - filed), "note_level": "yellow"} if due > filed else {}
    )
    ts = latest(commitments, "committed_at")
    return counter("commitments", text("now.commitments"), filed, ts=ts, of=due, **missing)


def _gas(alarms: pl.DataFrame) -> dict[str, Any]:
    gas = alarms.filter(pl.col("is_gas"))
    worst = max(gas["colour"], key=RANK.__getitem__, default=None)
    handling = int((gas["handling"] == "handling").sum())
    note = text("now.gas.handling", n=handling) if gas.height else text("now.gas.none")
    return counter("gas", text("now.gas"), gas.height, level=worst, note=note)


PERSONS = Inputs(
    "explain/persons", (("persons", "number", None), ("yesterday", "number", None)), ("enterprises", "owner")
)
COMMITMENTS = Inputs(
    "explain/commitments", (("committer", "text", None), ("risk_grade", "code", None)), ("enterprises", "owner")
)
COUNTED, PLACED = ("persons", "is not", None), ("says", "=", "place")
DUE = ("reported_status", "=", "01")
FILED = ("owner", "in", formula.each("enterprises", "id", DUE))


def figures(rows: Rows, look: Look) -> Iterator[Figure]:
    """Open alarms by colour, and what the strip of modules counts."""
    for colour in RANK:
        of_colour = formula.count("alarms", OPEN, ("colour", "=", colour))
        said = text("explain.now.level", level=text(f"level.{colour}"))
        yield Figure(f"parts/0/{item(colour)}", of_colour, said, rules="R-LV-1")
    for module in (_person_figures(), _vehicle_figures(), _work_figures(), _commitment_figures(), _gas_figures()):
        yield from within("parts/1", module)
    times = (("persons", COUNTED), ("vehicles", PLACED), ("commitments", FILED))
    newest = formula.greatest(*(formula.highest(of, "ts", where) for of, where in times))
    yield Figure("meta/ts", newest, text("explain.now.newest"), rules="")


def _person_figures() -> Iterator[Figure]:
    inside, yesterday = formula.total("persons", "persons"), formula.total("persons", "yesterday")
    more = formula.divide(formula.subtract(inside, yesterday), yesterday)
    change = formula.rounded(formula.multiply(formula.const(100), more))
    yield Figure(item("persons"), inside, text("explain.now.persons"), rules="KPI-8")
    yield Figure(item("persons", "value", "ts"), formula.highest("persons", "ts", COUNTED), text("explain.now.counted"))
    yield Figure(item("persons", "note", "args", "change"), change, text("explain.now.change"), "%", rules="KPI-8")


def _vehicle_figures() -> Iterator[Figure]:
    inside = formula.distinct("vehicles", "vehicle", ("says", "=", "inside"))
    loaded = formula.distinct("vehicles", "vehicle", ("says", "=", "load"), ("load", "=", "loaded"))
    yield Figure(item("vehicles"), inside, text("explain.now.vehicles"), rules="")
    yield Figure(item("vehicles", "note", "args", "n"), loaded, text("explain.now.loaded"), rules="")
    newest = formula.highest("vehicles", "ts", PLACED)
    yield Figure(item("vehicles", "value", "ts"), newest, text("explain.now.located"), rules="")


def _work_figures() -> Iterator[Figure]:
    hot = formula.count("works", ("work_type", "=", HOT_WORK))
    yield Figure(item("works"), formula.count("works"), text("explain.now.works"), rules="")
    yield Figure(item("works", "note", "args", "n"), hot, text("explain.now.hot"), rules="")


def _commitment_figures() -> Iterator[Figure]:
    filed, due = formula.distinct("commitments", "owner", FILED), formula.count("enterprises", DUE)
    kept = formula.count("enterprises", DUE, ("id", "in", formula.each("commitments", "owner")))
    missing, whole = formula.subtract(due, filed), (kept, due)
    newest = formula.highest("commitments", "ts", FILED)
    for at, counted, said in (
        (item("commitments"), filed, "filed"),
        (item("commitments", "of"), due, "due"),
        (item("commitments", "note", "args", "n"), missing, "missing"),
        (item("commitments", "value", "ts"), newest, "filed_at"),
    ):
        yield Figure(at, counted, text(f"explain.now.{said}"), coverage=whole, rules="SB-2")


def _gas_figures() -> Iterator[Figure]:
    gas = (OPEN, ("is_gas", "=", True))
    handling = formula.count("alarms", *gas, ("handling", "=", "handling"))
    yield Figure(item("gas"), formula.count("alarms", *gas), text("explain.now.gas"), rules="R-GAS-3")
    yield Figure(item("gas", "note", "args", "n"), handling, text("explain.now.handling"), rules="")


PANEL = Panel(
    key="now",
    reads=ALARM_TABLES
    | VEHICLE_TABLES
    | {"area_presence", "person_pass_record"}
    | {"special_work_plan", "special_work_ticket", "safety_commitment", "enterprise"},
    queries={
        "alarms": RECENT,
        "persons": "overview/persons",
        "vehicles": "overview/vehicles",
        "works": "overview/works",
        "heard": "overview/heard",
        "commitments": "overview/commitments",
    },
    draw=draw,
    lists={
        **{
            each: ListOf("alarms/open", OPEN_ALARM_COLUMNS, ("alarms", "id"), {"only": each}) for each in (*RANK, "gas")
        },
        "persons": ListOf(
            "overview/persons",
            (
                ("owner", "text", None),
                ("counted", "code", None),
                ("count", "number", None),
                ("yesterday", "number", None),
                ("collected_at", "time", None),
            ),
            ("enterprises", "owner"),
        ),
        "vehicles": ListOf(
            "overview/vehicles",
            (
                ("plate_no", "text", None),
                ("vehicle_type", "code", None),
                ("load", "code", None),
                ("cargo", "medium", None),
                ("destination", "text", None),
                ("place", "text", None),
                ("located_at", "time", None),
                ("passed_at", "time", None),
            ),
            ("vehicles", "id"),
        ),
        "works": ListOf(
            "overview/works",
            (
                ("work_type", "code", None),
                ("work_level", "text", None),
                ("risk_grade", "code", None),
                ("owner", "text", None),
                ("work_content", "text", None),
                ("place", "text", None),
                ("started_at", "time", None),
                ("plan_end_at", "time", None),
                ("worker_count", "number", None),
                ("guardian", "text", None),
            ),
            ("enterprises", "owner"),
        ),
        "commitments": ListOf(
            "overview/commitments",
            (
                ("owner", "text", None),
                ("count", "number", None),
                ("committed_at", "time", None),
                ("committer", "text", None),
                ("risk_grade", "code", None),
            ),
            ("enterprises", "owner"),
        ),
    },
    rule="KPI-8, SB-2, R-LV-1",
    origin=Origin(
        {
            "alarms": ALARMS,
            "persons": PERSONS,
            "vehicles": VEHICLES,
            "works": WORKS,
            "commitments": COMMITMENTS,
            "enterprises": ENTERPRISES,
        },
        figures,
    ),
)
