# SPDX-License-Identifier: GPL-2.0-or-later
"""The tile plan covers every pixel once and never reads outside."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.raster.tile_plan import plan
from core.raster.window import Window, scattered

SIZES = st.integers(1, 300)


@given(SIZES, SIZES, st.integers(5, 400), st.integers(0, 90), st.integers(1, 33))
def test_plan(height: int, width: int, tile: int, halo: int, align: int) -> None:
    scene = Window(0, 0, height, width)
    written = np.zeros(scene.shape, int)
    position = np.arange(height * width).reshape(scene.shape)
    tiles = plan(scene, tile, halo, align)
    for item in tiles:
        written[item.inner.slices] += 1
        assert item.outer.inside(scene)
        assert item.inner.grow(halo, scene).inside(item.outer)
        assert item.outer.row % align == 0
        assert item.outer.col % align == 0
        assert item.outer.row_end % align == 0 or item.outer.row_end == height
        assert item.outer.col_end % align == 0 or item.outer.col_end == width
        # No more is read than halo and alignment ask for.
        assert item.outer.inside(item.inner.grow(halo + align - 1, scene))
        read = position[item.outer.slices]
        np.testing.assert_array_equal(read[item.crop], position[item.inner.slices])
    assert (written == 1).all()
    origins = [(item.inner.row, item.inner.col) for item in tiles]
    assert origins == sorted(origins)


@pytest.mark.parametrize(
    "bad", [(0, 9, 4, 1, 1), (9, 0, 4, 1, 1), (9, 9, 0, 1, 1), (9, 9, 4, -1, 1), (9, 9, 4, 1, 0)]
)
def test_plan_refuses_nonsense(bad: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError):
        plan(Window(0, 0, *bad[:2]), *bad[2:])


@given(SIZES, SIZES, st.integers(1, 120), st.integers(1, 25), st.integers(0, 99), st.integers(1, 9))
def test_scattered(height: int, width: int, size: int, count: int, seed: int, align: int) -> None:
    scene = Window(0, 0, height, width)
    windows = scattered(height, width, size, count, seed, align)
    assert 1 <= len(windows) <= count
    for window in windows:
        assert window.inside(scene)
        assert window.shape == (min(size, height), min(size, width))
        assert window.row % align == 0
        assert window.col % align == 0
    for one, other in combinations(windows, 2):
        assert 0 in one.intersect(other).shape
    assert windows == scattered(height, width, size, count, seed, align)


def test_scattered_fills_the_room_there_is() -> None:
    assert len(scattered(1000, 1000, 100, 100, seed=0)) == 100
    assert len(scattered(1000, 1000, 100, 101, seed=0)) == 100
    assert len(scattered(250, 999, 100, 50, seed=0)) == 18
    assert scattered(64, 50, 100, 9, seed=3) == [Window(0, 0, 64, 50)]


def test_scattered_is_spread_and_depends_on_the_seed() -> None:
    windows = scattered(4000, 2000, 64, 32, seed=1)
    quarters = {(window.row // 1000, window.col // 1000) for window in windows}
    assert len(quarters) == 8
    assert windows != scattered(4000, 2000, 64, 32, seed=2)


def test_scattered_refuses_nonsense() -> None:
    with pytest.raises(ValueError):
        scattered(100, 100, 0, 4, seed=0)


WINDOWS = st.builds(
    Window, st.integers(-20, 20), st.integers(-20, 20), st.integers(0, 20), st.integers(0, 20)
)


@given(WINDOWS, WINDOWS)
def test_intersection_is_that_of_the_pixels(one: Window, other: Window) -> None:
    def pixels(window: Window) -> set[tuple[int, int]]:
        rows = range(window.row, window.row_end)
        return {(r, c) for r in rows for c in range(window.col, window.col_end)}

    assert pixels(one.intersect(other)) == pixels(one) & pixels(other)
    if pixels(one):
        assert one.inside(other) == (pixels(one) <= pixels(other))


def test_window_grows_within_bounds_and_shifts() -> None:
    bounds = Window(0, 0, 100, 50)
    assert Window(10, 5, 20, 44).grow(8, bounds) == Window(2, 0, 36, 50)
    assert Window(10, 5, 20, 44).shift(-10, 3) == Window(0, 8, 20, 44)
