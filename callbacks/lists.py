"""Figure to list: the open store names the figure, the list store gets the rows behind it."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from callbacks._deps import Deps
from services.lists import as_table, find_list, list_rows
from twin.content import Content
from twin.errors import TwinError
from twin.ids import SHELL, Role, cid
from twin.moment import parse_moment


def list_of(deps: Deps, asked: dict[str, Any]) -> Content:
    """The list behind a figure as a table, or an error in the one shape."""
    try:
        key = deps.builder.key_for(deps.viewer(), asked["screen"], asked.get("params") or {})
        wanted = find_list(deps.builder, key, asked["panel"], asked["item"])
        at = parse_moment(asked["at"]) if asked.get("at") else deps.store.tick()
        return as_table(
            list_rows(deps.builder, deps.store.reader(key.scope), key, wanted, at), wanted, deps.builder.archive
        )
    except TwinError as error:
        return error.as_json()


def register(app: Dash, deps: Deps) -> None:
    """Wire the open store to the list store, and that to the scripts."""
    rows = cid(Role.STORE, SHELL, "list")

    @app.callback(Output(rows, "data"), Input(cid(Role.STORE, SHELL, "open"), "data"), prevent_initial_call=True)
    def show(asked: dict[str, Any] | None) -> dict[str, Any] | None:
        return {"asked": asked, "content": list_of(deps, asked)} if asked else None

    app.clientside_callback(ClientsideFunction("parktwin", "listed"), Input(rows, "data"), prevent_initial_call=True)
