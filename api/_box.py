"""A box of the map in the query."""

from __future__ import annotations

from api._contract import words
from services.places import Box
from twin.errors import BadInput

_DEGREES = r"-?[0-9]{1,3}(\.[0-9]+)?"
BBOX = words(
    "bbox",
    "west,south,east,north in degrees of WGS 84: only what lies within",
    pattern=f"^{_DEGREES}(,{_DEGREES}){{3}}$",
)


def asked_box() -> Box | None:
    """West, south, east, north; None where the query names none.

    Raises:
        BadInput: not four numbers in order.
    """
    said = BBOX.asked()
    if said is None:
        return None
    try:
        west, south, east, north = (float(each) for each in said.split(","))
    except ValueError as error:
        raise BadInput(f"bbox: '{said[:60]}' is not west,south,east,north", "bbox") from error
    if not (west <= east and south <= north):
        raise BadInput(f"bbox: '{said[:60]}' is not west,south,east,north", "bbox")
    return west, south, east, north
