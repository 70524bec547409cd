"""Thinning keeps its promise at every sample, whatever the signal, and leaves most of a quiet one out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.thinning import HOLD, LINE, refill, thin

sizes = st.lists(st.integers(1, 40), min_size=1, max_size=6)


def signals(seed: int, size: list[int], jump: float) -> tuple[np.ndarray, np.ndarray]:
    """Uneven times and wandering values; beyond a signal's size its last sample is repeated."""
    chance = np.random.default_rng(seed)
    ts = np.cumsum(chance.integers(1, 3_000_000, (len(size), max(size))), axis=1)
    value = np.cumsum(chance.normal(0, 1, ts.shape), axis=1) + jump * (chance.random(ts.shape) < 0.05)
    last = np.minimum(np.arange(max(size)), np.array(size)[:, None] - 1)
    rows = np.arange(len(size))[:, None]
    return ts[rows, last], np.round(value[rows, last], 2)


def back(kind: int, ts: np.ndarray, keep: np.ndarray, value: np.ndarray, size: list[int]) -> np.ndarray:
    """The signals laid end to end, made again from what was kept."""
    there = np.arange(ts.shape[1]) < np.array(size)[:, None]
    return refill(kind, ts[there], np.flatnonzero(keep[there]), value[there][keep[there]])


@pytest.mark.parametrize("kind", [LINE, HOLD])
@given(seed=st.integers(0, 10**6), size=sizes, width=st.floats(0.01, 20), jump=st.sampled_from([0.0, 1e3, 1e9]))
def test_no_sample_is_further_away_than_promised(kind, seed, size, width, jump):
    ts, value = signals(seed, size, jump)
    kept = thin(kind, ts, value, np.array(size), np.full(len(size), width))
    there = np.arange(ts.shape[1]) < np.array(size)[:, None]
    assert np.abs(back(kind, ts, kept.keep, kept.value, size) - value[there]).max() <= width


@pytest.mark.parametrize("kind", [LINE, HOLD])
def test_a_quiet_signal_needs_its_ends_only(kind):
    ts = np.arange(60)[None, :] * 1_000_000
    kept = thin(kind, ts, np.full((1, 60), 4.2), np.array([60]), np.array([0.1]))
    assert kept.keep.sum() == (2 if kind == LINE else 1)


def test_a_ramp_is_one_line_and_a_step_is_kept():
    ts = np.arange(60)[None, :] * 1_000_000
    ramp = thin(LINE, ts, 0.5 * np.arange(60.0)[None, :], np.array([60]), np.array([0.1]))
    assert ramp.keep.sum() == 2
    step = thin(LINE, ts, np.where(np.arange(60) < 30, 1.0, 9.0)[None, :], np.array([60]), np.array([0.1]))
    assert step.keep[0, [29, 30]].all()
    assert step.keep.sum() == 4


def test_the_clamped_door_keeps_what_the_plain_one_breaks():
    """Samples that the plain swinging door ends on lie outside of the doors of their own segment."""
    value = np.array([[0.0, 1.0, -0.9, 1.05, -2.0, 3.0, 0.0]])
    ts = np.arange(7)[None, :] * 1_000_000
    kept = thin(LINE, ts, value, np.array([7]), np.array([1.1]))
    assert np.abs(back(LINE, ts, kept.keep, kept.value, [7]) - value[0]).max() <= 1.1
    assert kept.keep.sum() < 7
