"""What lies in a box, and texts packed once, against the plain way of saying it."""

from __future__ import annotations

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.packed import Words
from services.places import Spread

degree = st.one_of(st.integers(-3, 3).map(float), st.just(float("nan")))  # few values: many places are one
side = st.one_of(st.integers(-4, 4).map(float), st.floats(-4, 4))


@given(st.lists(st.tuples(degree, degree)), st.tuples(side, side, side, side))
def test_a_box_holds_what_lies_between_its_edges(
    places: list[tuple[float, float]], box: tuple[float, float, float, float]
) -> None:
    lon, lat = np.array(places, float).reshape(-1, 2).T
    west, south, east, north = box
    plain = [n for n, (x, y) in enumerate(places) if west <= x <= east and south <= y <= north]
    assert Spread(lon, lat).within(box).tolist() == plain


@given(st.lists(st.one_of(st.none(), st.text()), min_size=1), st.data())
def test_texts_come_out_as_they_went_in(texts: list[str | None], data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(texts) - 1)))
    assert orjson.loads(Words(texts).of(np.array(places, np.intp))) == [texts[each] for each in places]
