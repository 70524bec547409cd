"""Click to detail: whoever was clicked writes ``{layer, id, at}`` into the pick store; the answer is its detail."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from callbacks._deps import Deps
from services.frames import at_moment
from twin.content import Content
from twin.errors import TwinError
from twin.ids import SHELL, Role, cid
from twin.moment import parse_moment


def detail_of(deps: Deps, picked: dict[str, Any]) -> Content:
    """What there is to say about the picked thing at its moment, or an error in the one shape."""
    try:
        key = deps.builder.key_for(deps.viewer(), "detail", {"layer": picked["layer"], "id": picked["id"]})
        at = picked.get("at")
        if at:
            frame = at_moment(deps.store.reader(key.scope), deps.builder, key, parse_moment(at), deps.build)
        else:
            frame = deps.frames.snapshot(key).result()
        return frame["panels"]["detail"]
    except TwinError as error:
        return error.as_json()


def register(app: Dash, deps: Deps) -> None:
    """Wire the pick store to the detail store, and that to the scripts."""
    detail = cid(Role.STORE, SHELL, "detail")

    @app.callback(Output(detail, "data"), Input(cid(Role.STORE, SHELL, "pick"), "data"), prevent_initial_call=True)
    def show(picked: dict[str, Any] | None) -> dict[str, Any] | None:
        return {"picked": picked, "content": detail_of(deps, picked)} if picked else None

    draw = ClientsideFunction("parktwin", "detailed")
    app.clientside_callback(draw, Input(detail, "data"), prevent_initial_call=True)
