# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures: bands shown, stretch, colour scales, and PNG files read back by GDAL."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rasterio.io import MemoryFile

from core.raster.gdal import quietly
from core.report import palettes


def decoded(content: bytes) -> np.ndarray:
    """Bands `(C, H, W)` of a PNG, or indices of its palette `(1, H, W)`."""
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
def test_bands_for_red_green_and_blue(names: tuple, shown: tuple) -> None:
    assert palettes.rgb_bands(names) == shown


@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))),
    st.integers(1, 3),
)
def test_png_of_colours_is_lossless(picture: np.ndarray, times: int) -> None:
    enlarged = palettes.enlarge(picture, times)
    assert enlarged.shape[:2] == tuple(times * n for n in picture.shape[:2])
    back = decoded(palettes.png(enlarged)).transpose(1, 2, 0)
    assert np.array_equal(back, enlarged)
    assert np.array_equal(back[::times, ::times], picture)


@pytest.mark.parametrize("palette", [None, palettes.SEQUENTIAL])
def test_png_of_indices_is_lossless(palette: np.ndarray | None) -> None:
    indices = np.random.default_rng(0).integers(0, 256, (5, 7)).astype(np.uint8)
    content = palettes.png(indices, palette)
    assert np.array_equal(decoded(content)[0], indices)
    if palette is not None:
        with quietly(), MemoryFile(content) as memory, memory.open() as picture:
            table = picture.colormap(1)
        assert [table[n][:3] for n in range(256)] == [tuple(row) for row in palette.tolist()]


def test_stretch_between_limits_of_another_image() -> None:
    other = np.linspace(100, 200, 101).repeat(3).reshape(101, 3).T[:, None]
    limits = palettes.stretch_limits(other)
    assert limits.tolist() == [[102] * 3, [198] * 3]
    image = np.array([50.0, 102, 150, 198, 900, np.nan])[None, None].repeat(3, axis=0)
    picture = palettes.stretch(image, limits)[0, :, 0]
    assert picture.tolist() == [0, 0, 128, 255, 255, 255]


def test_one_band_is_grey_and_missing_data_white() -> None:
    for image, span in ((np.full((1, 2, 3), np.nan), 0), (np.arange(6.0).reshape(1, 2, 3), 255)):
        picture = palettes.stretch(image, palettes.stretch_limits(image))
        assert picture.shape == (2, 3, 3) and picture.max() == 255
        assert (picture[..., 0] == picture[..., 2]).all() and np.ptp(picture) == span


def test_palette_indices_between_limits() -> None:
    values = np.array([[-1, 0, 5, 10, 99, np.nan, np.inf]])
    indices = palettes.palette_indices(values, 0, 10)[0].tolist()
    assert indices == [0, 0, 127, 254, 254, palettes.MISSING, palettes.MISSING]
    assert palettes.palette_indices(np.array([[3.0]]), 3, 3).tolist() == [[0]]


@pytest.mark.parametrize("palette", [palettes.SEQUENTIAL, palettes.DENSITY])
def test_lightness_is_monotonic(palette: np.ndarray) -> None:
    """So that the scale can be read in grey, on paper and by the colour-blind."""
    lightness = palette[: palettes.MISSING].astype(float) @ [0.2126, 0.7152, 0.0722]
    steps = np.diff(lightness)
    assert (steps >= -0.5).all() or (steps <= 0.5).all()
    assert np.ptp(lightness) > 180


def test_diverging_palette_is_lightest_in_the_middle() -> None:
    lightness = palettes.DIVERGING[: palettes.MISSING].astype(float).sum(axis=1)
    middle = (palettes.MISSING - 1) // 2
    assert (np.diff(lightness[: middle + 1]) >= -1).all()
    assert (np.diff(lightness[middle:]) <= 1).all()
    assert lightness[middle] == lightness.max() > 730
