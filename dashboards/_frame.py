"""Turns any screen into a page: one shell for all of them, and one body of plates per screen.

Dash owns what stands here and never renders inside the places and panels; the scripts in ``assets/js``
fill those. The shell is the same for every screen, so the map and the connection outlive a change of screen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import dash_leaflet as dl
from dash import dcc, html
from dash.development.base_component import Component

from layers._deck import deck_layers
from layers._leaflet import map_layers
from twin.content import both
from twin.ids import SHELL, Role, cid
from twin.labels import LANGUAGES
from twin.moment import Moment, iso
from twin.person import Person
from twin.roles import Right
from twin.screen import Layer, Screen, Slot, title_key
from twin.settings import MapSettings

PAGE = (Path(__file__).parent / "_page.html").read_text("utf-8")
_ASSETS = Path(__file__).parents[1] / "assets"
_LAZY = {"plotly": "vendor/plotly-cartesian.min.js", "deck": "vendor/deck.js", "symbols": "icons/symbols.svg"}
_LATER = ("deck", "history", "tools")  # folders of ``assets/later``: their scripts come when first wanted, in any order
_TOOLS = ("search", "layers", "tools", "views", "space", "zoom_in", "zoom_out", "home")
_PLATES = ("search", "layers", "tools", "views", "inside", "detail", "history", "drawer")
_PLACES = ("wind", "scale", "hover", *_PLATES, "notice", "wait")
_LIVE: dict[str, Any] = {"aria-live": "polite"}
Wrap = Callable[..., Component]
_SIDES = ("left", "main", "right", "map")


@dataclass(frozen=True)
class Shell:
    """What the page has to know about the park and the house, handed in by who wires the application."""

    name_zh: str
    name_en: str
    zone: str
    bounds: tuple[float, float, float, float]  # west, south, east, north
    map: MapSettings
    screens: Sequence[Screen]
    layers: Mapping[str, Layer]
    static_url: Callable[[str], str]
    locale_url: Callable[[str], str]
    build: str
    me: Person  # who looks: of buttons the page shows those that they may press
    viewer: Person | None = None  # who is signed in; None while login is off, and the page says so
    csrf: str = ""  # name of the cookie that holds the page's token
    idle_s: float = 1800.0  # a session that nobody is at ends after so long
    last_visit: Moment | None = None  # when whoever is signed in was last here, before this session


@cache
def asset_url(path: str) -> str:
    """Address of a file that is fetched when first wanted; it carries the content's hash, so it is kept for ever."""
    file = _ASSETS / path
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.exists() else "missing"
    return f"/assets/{path}?v={version}"


def _later_urls(folder: str) -> list[str]:
    """Addresses of the scripts of a folder of ``assets/later``."""
    return [asset_url(f"later/{folder}/{each.name}") for each in sorted((_ASSETS / "later" / folder).glob("*.js"))]


def _said(key: str, wrap: Wrap = html.Span, **more: Any) -> Component:
    """A phrase of the catalogue; the language callback fills it."""
    return wrap(id=cid(Role.TEXT, more.pop("screen", SHELL), key), **more)


def _place(name: str, wrap: Wrap = html.Div, **more: Any) -> Component:
    """An empty container for the scripts."""
    return wrap(id=cid(Role.PLACE, SHELL, name), className=f"place-{name}", **more)


def _data(**said: str) -> dict[str, Any]:
    """Attributes that the scripts read."""
    return {f"data-{name}": each for name, each in said.items()}


def _store(name: str, data: Any = None) -> Component:
    return dcc.Store(id=cid(Role.STORE, SHELL, name), data=data)


def _button(name: str, kind: str, child: Component) -> Component:
    """A button of the shell; the scripts hear of it from the page itself, so what it does is done at once."""
    named = {"className": f"{kind} {kind}-{name}", **_data(press=name)}
    return html.Button(child, type="button", disable_n_clicks=True, **named)


def _tool(name: str) -> Component:
    hint = html.Span(id=cid(Role.HINT, SHELL, f"ui.tool.{name}"), className="icon", role="img", **_data(icon=name))
    return _button(name, "tool", hint)


def _word_button(name: str) -> Component:
    return _button(name, "word", _said(f"ui.{name}"))


def _config(shell: Shell) -> dict[str, Any]:
    """All that the scripts need to begin with."""
    return {
        "park": {"name": both(shell.name_zh, shell.name_en), "zone": shell.zone, "bounds": list(shell.bounds)},
        "view": {"center": list(shell.map.center) if shell.map.center else None, "zoom": shell.map.zoom},
        "screens": [_screen_config(each) for each in shell.screens],
        "layers": map_layers(shell.layers.values(), shell.static_url),
        "deck": deck_layers(shell.layers.values()),
        "locale": {lang: shell.locale_url(lang) for lang in LANGUAGES},
        "assets": {name: asset_url(path) for name, path in _LAZY.items()},
        "later": {name: _later_urls(name) for name in _LATER},
        "build": shell.build,
        "login": shell.viewer is not None,
        "me": {"id": shell.me.id, "rights": sorted(shell.me.rights)},
        "csrf": shell.csrf,
        "idle_s": shell.idle_s,
        "last_visit": iso(shell.last_visit) if shell.last_visit else None,
    }


def _screen_config(screen: Screen) -> dict[str, Any]:
    return {
        "key": screen.key,
        "path": screen.path,
        "title": {"key": title_key("screen", screen.key)},
        "params": list(screen.params),
        "layers": list(screen.layers),
        "turns": screen.right == Right.view,  # a kiosk shows it too, when its turn comes
    }


def _top(shell: Shell) -> Component:
    name = html.H1(id=cid(Role.PLACE, SHELL, "park"), className="place-park")
    where = html.Div([name, _place("title", html.Span)], className="where")
    who = [_who(shell.viewer)] if shell.viewer else []
    times = html.Div([_place("freshness"), _place("clock"), *who], className="times")
    return html.Header([where, _place("headline", role="status", **_LIVE), times], className="top")


def _who(viewer: Person) -> Component:
    """Who is signed in (their name leads to another password), as what, and the way out."""
    name = html.A(viewer.name, href="/login/password", className="who-name")
    return html.Div(
        [name, _said(f"role.{viewer.role}", className="who-role"), _word_button("sign_out")], className="who"
    )


def _bottom(shell: Shell) -> Component:
    links = html.Nav(_place("screens"), className="screens")
    spoken = [_button(name, "word", _place(name, html.Span)) for name in ("lang", "sound")]
    words = [spoken[0], *(_word_button(name) for name in ("wall", "kiosk")), spoken[1]]
    corner = html.Div(words, className="corner corner-words")
    notice = [_said("ui.login_off", className="notice")] if shell.viewer is None else []
    return html.Footer(
        [
            html.Div(_place("pages-left"), className="corner corner-left"),
            links,
            html.Div(_place("pages-right"), className="corner corner-right"),
            corner,
            _place("timebar"),
            html.Div(notice, className="corner corner-notice"),
        ],
        className="bottom",
    )


def _map(shell: Shell) -> Component:
    west, south, east, north = shell.bounds
    view = shell.map
    tiles = [dl.TileLayer(url=view.tiles, attribution=view.attribution)] if view.tiles else []
    return dl.MapContainer(
        tiles,
        id=cid(Role.MAP, SHELL, "map"),
        center=[(south + north) / 2, (west + east) / 2],
        zoom=view.zoom or 13,
        className="map",
        zoomControl=False,
        attributionControl=bool(view.attribution),
        trackViewport=False,
        preferCanvas=True,
        zoomSnap=0,
        zoomDelta=0.5,
        maxZoom=19,
        minZoom=9,
    )


def shell_layout(shell: Shell) -> Component:
    """The whole page, with an empty body that the address fills."""
    return html.Div(
        [
            dcc.Location(id=cid(Role.LOCATION, SHELL, "address"), refresh=False),
            _store("config", _config(shell)),
            *(_store(name) for name in ("lang", "pick", "detail", "open", "list")),
            _map(shell),
            _place("space"),
            html.Div(className="fade"),
            _top(shell),
            html.Div([_tool(name) for name in _TOOLS], className="tools", role="toolbar"),
            html.Main(id=cid(Role.BODY, SHELL, "screen"), className="body"),
            *(_place(name) for name in _PLACES),
            _bottom(shell),
        ],
        className="pt",
    )


def _plate(screen: Screen, slot: Slot) -> Component:
    """One panel's plate: its name, a quiet remark, and the empty panel."""
    head = html.Header(
        [_said(title_key("panel", slot.panel), html.H2, screen=screen.key), html.Small(className="remark")],
        className="plate-head",
    )
    panel = html.Div(id=cid(Role.PANEL, screen.key, slot.panel), className="panel")
    grow = {"flexGrow": slot.grow} if slot.grow else {}
    return html.Section(
        [head, panel],
        className=f"plate plate-{slot.panel}" + (" grows" if slot.grow else ""),
        style=grow,
        **_data(panel=slot.panel),
    )


def _page(screen: Screen, name: str, slots: Sequence[Slot], first: bool) -> Component:
    shown = "page" if first else "page away"
    return html.Div([_plate(screen, each) for each in slots], className=shown, **_data(page=name))


def _column(screen: Screen, side: str) -> Component | None:
    slots = [each for each in screen.slots if each.side == side]
    if not slots:
        return None
    names = list(dict.fromkeys(each.page for each in slots))
    pages = [
        _page(screen, name, [each for each in slots if each.page == name], number == 0)
        for number, name in enumerate(names)
    ]
    return html.Aside(pages, className=f"column {side}", **_data(side=side))


def screen_body(screen: Screen) -> Component:
    """The plates of one screen; ``data-screen`` tells the scripts which one it is."""
    columns = [_column(screen, side) for side in _SIDES]
    return html.Div(
        [each for each in columns if each], className=f"screen screen-{screen.key}", **_data(screen=screen.key)
    )


def no_screen_body() -> Component:
    """What stands at an address that no screen has."""
    return _nothing("ui.no_screen")


def closed_body() -> Component:
    """What stands at the address of a screen that is not the viewer's to see."""
    return _nothing("ui.no_right")


def _nothing(said: str) -> Component:
    return html.Div(_said(said, html.P), className="screen nowhere", **_data(screen=""))
