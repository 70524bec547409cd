"""Ids of components: one way to make them here, and one in ``assets/js/cid.js``. No id is written by hand."""

from __future__ import annotations

from enum import StrEnum

SHELL = "shell"  # what belongs to the page and not to one screen


class Role(StrEnum):
    """What a component is for."""

    LOCATION = "location"
    STORE = "store"
    BODY = "body"
    PLACE = "place"  # an empty container that only the scripts draw into
    PANEL = "panel"  # the container of one panel
    TEXT = "text"  # its name is a key of the catalogue, its children the phrase
    HINT = "hint"  # its name is a key of the catalogue, its title the phrase
    MAP = "map"


def cid(role: Role, screen: str, name: str) -> dict[str, str]:
    """The id of a component."""
    return {"role": str(role), "screen": screen, "name": name}
