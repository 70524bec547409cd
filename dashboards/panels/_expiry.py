"""What the panels of the expiry board share: papers as they stand, which of them are looked at, and tiles of scenes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.panels._state import latest
from models.expiry import FOURTEEN, PaperState, counts, judged
from twin import formula
from twin.content import Content, figure, meta, text, value
from twin.formula import Where
from twin.lineage import Figure, Inputs, Origin, item
from twin.screen import ListOf, Look, Panel, Rows

PAPERS = "expiry/papers"
READS = frozenset(
    {
        "hidden_danger", "inspection_hidden_danger", "triple_entry_hidden_danger", "enterprise_certificate",
        "person_certificate", "person", "assessment_report", "inspection_task", "inspection_task_record", "drill_plan",
        "drill_record", "emergency_plan", "third_party", "third_party_certificate", "third_party_person",
        "third_party_person_certificate", "utility_instrument", "emergency_material", "park_safety_regulation",
        "park_assessment_report", "notice", "minute",
    }
)  # fmt: skip
COLUMNS = (
    ("scene", "code", None),
    ("paper", "text", None),
    ("owner", "text", None),
    ("owner_person", "text", None),
    ("deadline", "text", None),
    ("days_left", "number", None),
    ("paper_state", "code", None),
    ("reminded_at", "time", None),
    ("reminded_by", "text", None),
    ("source", "text", None),
)
DUE = (PaperState.OVERDUE, PaperState.SOON)
SHOWS = ("due", "overdue", "all")


def stands(papers: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Papers with their deadline, the days left and how they stand."""
    return judged(papers, look.at, look.zone, look.park.settings.expiry)


def listed(papers: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The same as a list shows it."""
    return stands(papers, look).with_columns(deadline=pl.col("deadline").cast(pl.String))


def looked_at(papers: pl.DataFrame, look: Look) -> pl.DataFrame:
    """Those of a scene, of a state and with some words in them, as the address asks."""
    found = stands(papers, look)
    if scene := look.params.get("group"):
        found = found.filter(pl.col("scene") == scene)
    show = look.params.get("show", SHOWS[0])
    if show != "all":
        found = found.filter(pl.col("paper_state").is_in(DUE if show == "due" else DUE[:1]))
    if words := look.params.get("words"):
        said = pl.concat_str(
            [pl.col(each).fill_null("") for each in ("paper", "owner", "owner_zh", "owner_en", "owner_person", "id")],
            separator=" ",
        )
        found = found.filter(said.str.to_lowercase().str.contains(words.lower(), literal=True))
    return found


OF_PAPERS = Inputs(PAPERS, COLUMNS, rows=listed)


def scenes_panel(key: str, scenes: Sequence[str]) -> Panel:
    """A panel of some scenes: a tile each, which opens the list of its papers."""

    def draw(rows: Rows, look: Look) -> Content:
        found = stands(rows["papers"], look)
        many = counts(found)
        mine = found.filter(pl.col("scene").is_in(list(scenes)))
        return figure([_tile(scene, many[scene]) for scene in scenes], meta=meta(latest(mine, "ts")))

    def figures(rows: Rows, look: Look) -> Iterator[Figure]:
        for scene in scenes:
            yield from _of_scene(scene)
        newest = formula.highest("papers", "ts", ("scene", "in", tuple(scenes)))
        yield Figure("meta/ts", newest, text("explain.expiry.newest"), rules="")

    lists = {scene: _list(scene) for scene in scenes}
    return Panel(key, READS, {"papers": PAPERS}, draw, lists, "AL-9", Origin({"papers": OF_PAPERS}, figures))


def _tile(scene: str, many: Mapping[str, int]) -> dict[str, Any]:
    over, soon = many[PaperState.OVERDUE], many[PaperState.SOON]
    level = {"level": "yellow"} if over else {}
    return {
        "key": scene,
        "label": text(f"scene.{scene}"),
        "value": value(over),
        "note": text("expiry.tile", soon=soon, fine=many[PaperState.FINE]),
        "list": scene,
        **level,
    }


def _of_scene(scene: str) -> Iterator[Figure]:
    """The counts of a tile."""
    of: Where = ("scene", "=", scene)
    rule = f"R-EX-{FOURTEEN.index(scene) + 1}" if scene in FOURTEEN else "R-EX-15"
    places = {"overdue": item(scene), **{name: item(scene, "note", "args", name) for name in ("soon", "fine")}}
    for state, place in places.items():
        told = formula.count("papers", of, ("paper_state", "=", state))
        yield Figure(place, told, text(f"explain.expiry.{state}"), rules=rule)


def _list(scene: str) -> ListOf:
    def of_scene(papers: pl.DataFrame, look: Look) -> pl.DataFrame:
        return listed(papers.filter(pl.col("scene") == scene), look)

    return ListOf(PAPERS, COLUMNS, rows=of_scene)
