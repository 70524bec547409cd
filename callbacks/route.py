"""The address decides which screen stands in the body; the scripts then take its empty places over."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output
from dash.development.base_component import Component

from callbacks._deps import Deps
from dashboards._frame import closed_body, no_screen_body, screen_body
from twin.ids import SHELL, Role, cid


def body_of(deps: Deps, path: str | None) -> Component:
    """The body that belongs to a path."""
    found = deps.house.at(path or "/")
    if found is None:
        return no_screen_body()
    return screen_body(found) if deps.viewer().may(found.right) else closed_body()


def register(app: Dash, deps: Deps) -> None:
    """Wire the address to the body, and the body to the scripts."""
    body = cid(Role.BODY, SHELL, "screen")

    @app.callback(Output(body, "children"), Input(cid(Role.LOCATION, SHELL, "address"), "pathname"))
    def show(path: str | None) -> Component:
        return body_of(deps, path)

    config = Input(cid(Role.STORE, SHELL, "config"), "data")
    app.clientside_callback(ClientsideFunction("parktwin", "configured"), config)
    app.clientside_callback(ClientsideFunction("parktwin", "mounted"), Input(body, "children"))
