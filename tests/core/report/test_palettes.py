# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels to look at: bands shown, stretch, colour scales, PNG files read back by GDAL."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rasterio.io import MemoryFile

from core.raster.geotiff import quietly
from core.report import palettes


def decoded(content: bytes) -> np.ndarray:
    """A PNG's bands (C, H, W), or the numbers of its palette (1, H, W)."""
    with quietly(), MemoryFile(content) as memory, memory.open() as picture:
        return picture.read()


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("blue", "green", "red", "nir1"), (2, 1, 0)),
        (("Red", "Green", "Blue "), (0, 1, 2)),
        (("B", "G", "R", "N"), (2, 1, 0)),
        (("Band Red", "red edge", "Green-band", "Coastal Blue", "Blue"), (0, 2, 4)),
        ((None,) * 4, (2, 1, 0)),
        ((None,) * 3, (0, 1, 2)),
        ((None,) * 8, (4, 2, 1)),
        ((None,) * 16, (2, 1, 0)),
        (("nir", "red"), (0, 0, 0)),
        (("pan",), (0, 0, 0)),
    ],
)
def test_bands_shown_follow_the_names(names: tuple, shown: tuple) -> None:
    assert palettes.rgb_bands(names) == shown


@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))),
    st.integers(1, 3),
)
def test_a_picture_comes_back_as_it_was(picture: np.ndarray, times: int) -> None:
    zoomed = palettes.enlarge(picture, times)
    assert zoomed.shape[:2] == tuple(times * n for n in picture.shape[:2])
    back = decoded(palettes.png(zoomed))
    assert np.array_equal(back[:, ::times, ::times], picture.transpose(2, 0, 1))
    assert np.array_equal(back.transpose(1, 2, 0), zoomed)


@pytest.mark.parametrize("palette", [None, palettes.SEQUENTIAL])
def test_one_number_a_pixel_comes_back_too(palette: np.ndarray | None) -> None:
    numbers = np.random.default_rng(0).integers(0, 256, (5, 7)).astype(np.uint8)
    content = palettes.png(numbers, palette)
    assert np.array_equal(decoded(content)[0], numbers)
    if palette is not None:
        with quietly(), MemoryFile(content) as memory, memory.open() as picture:
            table = picture.colormap(1)
        assert [table[n][:3] for n in range(256)] == [tuple(row) for row in palette.tolist()]


def test_the_stretch_is_that_of_the_judge_and_no_data_is_white() -> None:
    judge = np.linspace(100, 200, 101).repeat(3).reshape(101, 3).T[:, None]
    low, high = palettes.stretch_limits(judge)
    assert low.tolist() == [102] * 3 and high.tolist() == [198] * 3
    image = np.array([50.0, 102, 150, 198, 900, np.nan])[None, None].repeat(3, axis=0)
    image[1, 0, 0] = 60
    picture = palettes.stretch(image, np.stack([low, high]))[0, :, 0]
    assert picture.tolist() == [0, 0, round(255 * 0.5**palettes.GAMMA), 255, 255, 255]


def test_one_band_is_grey_and_nothing_is_white() -> None:
    image = np.full((1, 2, 3), np.nan)
    picture = palettes.stretch(image, palettes.stretch_limits(image))
    assert picture.shape == (2, 3, 3) and (picture == 255).all()
    ramp = np.arange(6.0).reshape(1, 2, 3)
    picture = palettes.stretch(ramp, palettes.stretch_limits(ramp))
    assert (picture[..., 0] == picture[..., 2]).all() and np.ptp(picture) == 255


def test_numbers_are_graded_between_the_ends() -> None:
    values = np.array([[-1, 0, 5, 10, 99, np.nan, np.inf]])
    graded = palettes.palette_indices(values, 0, 10)[0].tolist()
    assert graded == [0, 0, 127, 254, 254, palettes.MISSING, palettes.MISSING]
    assert palettes.palette_indices(np.array([[3.0]]), 3, 3).tolist() == [[0]]


@pytest.mark.parametrize("palette", [palettes.SEQUENTIAL, palettes.DENSITY])
def test_lightness_grows_or_falls_all_the_way(palette: np.ndarray) -> None:
    """So that the scale can be read in grey, on paper and by the colour-blind."""
    lightness = palette[: palettes.MISSING].astype(float) @ [0.2126, 0.7152, 0.0722]
    steps = np.diff(lightness)
    assert (steps >= -0.5).all() or (steps <= 0.5).all()
    assert np.ptp(lightness) > 180


def test_the_diverging_scale_is_whitest_in_the_middle() -> None:
    lightness = palettes.DIVERGING[: palettes.MISSING].astype(float).sum(axis=1)
    middle = (palettes.MISSING - 1) // 2
    assert (np.diff(lightness[: middle + 1]) >= -1).all()
    assert (np.diff(lightness[middle:]) <= 1).all()
    assert lightness[middle] == lightness.max() > 730
