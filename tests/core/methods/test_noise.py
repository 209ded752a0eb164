# SPDX-License-Identifier: GPL-2.0-or-later
"""Noise depends on seed, band and place, on nothing else, and looks Gaussian from everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from core.methods.noise import normal
from core.raster.window import Window

pytestmark = pytest.mark.numerical

PLACES = st.integers(0, 50) | st.integers(0, 10**7)


@st.composite
def two_windows(draw: st.DrawFn) -> tuple[Window, Window]:
    """Two that mostly overlap, anywhere."""
    row, col = draw(PLACES), draw(PLACES)
    near, size = st.integers(0, 9), st.integers(1, 30)
    first, second = (
        Window(row + draw(near), col + draw(near), draw(size), draw(size)) for _ in range(2)
    )
    return first, second


@settings(max_examples=50)
@given(two_windows(), st.integers(0, 2**31 - 1), st.integers(1, 3))
def test_windows_agree_where_they_overlap(
    windows: tuple[Window, Window], seed: int, bands: int
) -> None:
    shared = windows[0].intersect(windows[1])
    seen = []
    for window in windows:
        noise = normal(seed, bands + (window is windows[1]), window)
        seen.append(noise[(slice(bands), *shared.shift(-window.row, -window.col).slices)])
    np.testing.assert_array_equal(*seen)


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return normal(7, 3, Window(1000, 4001, 400, 400)).astype(float)


def test_it_is_standard_normal(noise: np.ndarray) -> None:
    for band in noise:
        # Of 160000 numbers, six standard errors each.
        assert abs(band.mean()) < 6 / 400
        assert abs(band.var() - 1) < 6 * np.sqrt(2) / 400
        assert kstest(band.ravel(), "norm").pvalue > 1e-4
    assert np.abs(noise).max() < 7


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return abs(float(np.corrcoef(one.ravel(), other.ravel())[0, 1]))


@pytest.mark.parametrize("step", [*range(1, 9), 64])
def test_neighbours_know_nothing_of_each_other(noise: np.ndarray, step: int) -> None:
    assert correlation(noise[:, step:], noise[:, :-step]) < 0.015
    assert correlation(noise[..., step:], noise[..., :-step]) < 0.015
    assert correlation(noise[:, step:, step:], noise[:, :-step, :-step]) < 0.015


def test_neither_do_bands_and_seeds(noise: np.ndarray) -> None:
    assert correlation(noise[0], noise[1]) < 0.015
    assert correlation(noise[1], noise[2]) < 0.015
    for seed in (0, 8, 7 + 2**40):
        other = normal(seed, 3, Window(1000, 4001, 400, 400))
        assert correlation(noise, other) < 0.015


def test_it_is_the_same_on_every_machine() -> None:
    found = normal(3, 2, Window(5, 6, 2, 3))
    assert found.dtype == np.float32
    expected = [
        [[-0.32547551, -0.18529432, 0.09864736], [0.66485256, 0.66420424, 2.20726228]],
        [[0.19249097, -0.92975581, -0.71472514], [-1.7154187, 2.12446403, 0.19717824]],
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    far = normal(2**31 - 1, 1, Window(10**6, 123456, 1, 4))
    np.testing.assert_allclose(
        far, [[[-0.07826135, 0.84214848, -0.4824968, -0.12684353]]], rtol=1e-6
    )


def test_any_whole_number_is_a_seed_and_any_window_has_a_shape() -> None:
    assert normal(-1, 4, Window(0, 0, 2, 5)).shape == (4, 2, 5)
    assert normal(0, 1, Window(3, 3, 0, 2)).shape == (1, 0, 2)
    with pytest.raises(ValueError):
        normal(0, 1, Window(-1, 0, 2, 2))
