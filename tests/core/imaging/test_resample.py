# SPDX-License-Identifier: GPL-2.0-or-later
"""Interpolation against functions whose true values are known, and filling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.resample import (
    MAX_FREQUENCY,
    RADIUS,
    fill,
    interpolate,
    interpolation_matrix,
    reach,
)

pytestmark = pytest.mark.numerical

SIZE = 96
INNER = np.arange(RADIUS, SIZE - RADIUS - 1, 1 / 7.3)  # fractional positions away from the edges


@pytest.mark.parametrize("frequency", [0.01, 0.05, 0.1, 0.2, 0.3, 0.35, MAX_FREQUENCY])
def test_sines_are_right_to_a_thousandth(frequency: float) -> None:
    samples = np.arange(SIZE)
    matrix = interpolation_matrix(INNER, SIZE)
    for phase in np.linspace(0, np.pi, 7):
        found = matrix @ np.sin(2 * np.pi * frequency * samples + phase)
        truth = np.sin(2 * np.pi * frequency * INNER + phase)
        assert np.abs(found - truth).max() < 1e-3


def test_the_promise_on_frequency_is_not_modest() -> None:
    """Clearly above the stated frequency the error does exceed a thousandth."""
    frequency = MAX_FREQUENCY + 0.02
    found = interpolation_matrix(INNER, SIZE) @ np.sin(2 * np.pi * frequency * np.arange(SIZE))
    assert np.abs(found - np.sin(2 * np.pi * frequency * INNER)).max() > 1e-3


@given(st.floats(-1.0, 96.0))
def test_slopes_are_exact_up_to_and_beyond_the_edge(position: float) -> None:
    row = interpolation_matrix([position], SIZE)[0]
    assert row.sum() == pytest.approx(1.0, abs=1e-12)
    assert row @ np.arange(SIZE) == pytest.approx(position, abs=1e-9)


def test_far_outside_the_value_stays() -> None:
    rows = interpolation_matrix([-50.0, -1.0, 20.0, 70.0], 20)
    np.testing.assert_array_equal(rows[0], rows[1])
    np.testing.assert_array_equal(rows[2], rows[3])


@pytest.mark.parametrize("size", [1, 2, 5])
def test_images_smaller_than_the_kernel(size: int) -> None:
    matrix = interpolation_matrix(np.linspace(-0.5, size - 0.5, 9), size)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
    np.testing.assert_allclose(matrix @ np.full(size, 7.0), 7.0)


def test_interpolate_is_the_matrix_on_both_axes() -> None:
    ms = np.random.default_rng(0).uniform(0, 2047, (3, 60, 45))
    rows, cols = np.arange(300) / 4 - 0.375, np.arange(200) / 1.994 - 0.3
    down, across = interpolation_matrix(rows, 60), interpolation_matrix(cols, 45)
    expected = np.einsum("ri,bij,cj->brc", down, ms, across)
    found = interpolate(ms, rows, cols)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-3)


@given(
    st.integers(0, 250), st.integers(1, 250), st.integers(0, 250), st.integers(1, 250),
    st.sampled_from([2.0, 3.97, 4.0, 6.0]),
)  # fmt: skip
def test_interpolated_pixels_are_the_same_bits_in_any_window(
    row: int, height: int, col: int, width: int, ratio: float
) -> None:
    """The window needs its own part of MS alone, and BLAS has no say in the order of its sums."""
    ms = np.random.default_rng(0).uniform(0, 2047, (2, 90, 90)).astype(np.float32)
    positions = (np.arange(300) - 1.5) / ratio
    rows, cols = positions[row : row + height], positions[col : col + width]
    top, bottom = reach(rows, 90)
    left, right = reach(cols, 90)
    part = interpolate(ms[:, top:bottom, left:right], rows - top, cols - left)
    whole = interpolate(ms, positions, positions)
    np.testing.assert_array_equal(part, whole[:, row : row + height, col : col + width])


def test_interpolate_refuses_a_single_band_without_its_axis() -> None:
    with pytest.raises(ValueError):
        interpolate(np.zeros((4, 4)), [0.0], [0.0])


@given(st.floats(-1, 60), st.floats(0, 30))
def test_reach_is_what_the_weights_need(begin: float, length: float) -> None:
    positions = np.linspace(begin, begin + length, 17)
    lo, hi = reach(positions, 60)
    used = interpolation_matrix(positions, 60).any(axis=0)
    assert not used[:lo].any()
    assert not used[hi:].any()


def test_fill_continues_a_constant_and_keeps_what_is_known() -> None:
    known = np.ones((40, 50), bool)
    known[10:30, 20:45] = False
    values = np.where(known, 7.0, np.nan).astype(np.float32)[None]
    fill(values, known, radius=20)
    np.testing.assert_array_equal(values, 7.0)


def test_fill_stops_at_its_radius_and_copes_with_nothing_known() -> None:
    known = np.zeros((9, 9), bool)
    values = np.full((2, 9, 9), 5.0, np.float32)
    fill(values, known, radius=3)
    np.testing.assert_array_equal(values, 0.0)
    known[4, 4] = True
    values[:, 4, 4] = (1.0, 2.0)
    fill(values, known, radius=3)
    expected = np.zeros((9, 9))
    expected[1:8, 1:8] = 1.0
    np.testing.assert_array_equal(values, np.stack([expected, 2 * expected]))


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.97))
def test_fill_does_not_depend_on_the_window(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    known = rng.uniform(size=(48, 48)) >= share
    whole = rng.uniform(0, 1000, (1, 48, 48)).astype(np.float32)
    part = whole[:, 7:41, 9:43].copy()
    fill(whole, known, radius=6)
    fill(part, known[7:41, 9:43], radius=6)
    np.testing.assert_array_equal(part[:, 6:-6, 6:-6], whole[:, 13:35, 15:37])
