"""Who is told of an alarm, when and how often: by level, kind, source and owner (AL-6, R-PU-1 … R-PU-6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.routing import routes_of
from twin import formula
from twin.content import Content, Text, requests, text
from twin.lineage import Figure, Inputs, Origin, path, setting
from twin.notify_settings import Route
from twin.screen import Look, Panel, Rows

NUMBERS = (("delay_s", "s"), ("times", None), ("every_s", "s"))


def draw(_rows: Rows, look: Look) -> Content:
    """Every route, as the park or the rules have it."""
    routes = _routes(look)
    return requests([_line(each) for each in routes], len(routes), empty="")


def _routes(look: Look) -> Sequence[Route]:
    return routes_of(look.park.settings.notify.routes)


def _line(route: Route) -> dict[str, Any]:
    return {
        "key": route.id,
        "title": [text(f"post.{each}") for each in route.posts],
        "sub": route.id,
        "by": [*(_some("level", route.levels)), *route.kinds, *route.sources, *route.enterprises, *route.zones],
        "right": _when(route),
        "right_sub": [*_often(route), *(text(f"channel.{each}") for each in route.channels)],
        "acts": [],
    }  # fmt: skip


def _some(name: str, said: Sequence[str]) -> list[Text]:
    return [text(f"routes.{name}", each=each) for each in said] or [text(f"routes.{name}.all")]


def _when(route: Route) -> Text:
    return text(f"routes.{route.when}", delay=route.delay_s) if route.delay_s else text(f"routes.{route.when}.now")


def _often(route: Route) -> list[Text]:
    return [text("routes.often", n=route.times, every=route.every_s)] if route.times > 1 else []


def _settings(look: Look) -> list[dict[str, Any]]:
    own = "park.toml" if look.park.settings.notify.routes else "parktwin"
    rows = [
        setting(f"routes.{each.id}.{name}", getattr(each, name), unit, own)
        for each in _routes(look)
        for name, unit in NUMBERS
    ]
    return [*rows, setting("routes", len(_routes(look)), None, own)]


def figures(_rows: Rows, look: Look) -> Iterator[Figure]:
    """Delays and repetitions."""
    yield Figure("total", formula.one("settings", "value", "routes"), text("explain.setting"))
    for each in _routes(look):
        at = path("rows", each.id)
        for place, name in (("right/args/delay", "delay_s"), ("right_sub/0/args/n", "times"),
                            ("right_sub/0/args/every", "every_s")):  # fmt: skip
            if (name == "delay_s" and each.delay_s) or (name != "delay_s" and each.times > 1):
                told = formula.one("settings", "value", f"routes.{each.id}.{name}")
                yield Figure(f"{at}/{place}", told, text("explain.setting"), dict(NUMBERS)[name])


PANEL = Panel(
    key="routes",
    reads=frozenset(),
    queries={},
    draw=draw,
    rule="R-PU-1, R-PU-2, R-PU-5",
    origin=Origin({"settings": Inputs(columns=(("value", "number", None),), made=_settings)}, figures),
)
