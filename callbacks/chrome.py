"""The shell's own buttons: one callback hands each click to the scripts by the button's name."""

from __future__ import annotations

from dash import ALL, ClientsideFunction, Dash, Input

from callbacks._deps import Deps
from twin.ids import SHELL, Role


def register(app: Dash, deps: Deps) -> None:
    """Wire the buttons."""
    buttons = {"role": str(Role.BUTTON), "screen": SHELL, "name": ALL}
    app.clientside_callback(ClientsideFunction("parktwin", "pressed"), Input(buttons, "n_clicks"))
