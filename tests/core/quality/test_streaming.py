# SPDX-License-Identifier: GPL-2.0-or-later
"""Accumulators: tiles of any size add up to the indices of whole images by their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import whole_image
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import noisy
from scipy import ndimage

from core.quality.streaming import block_tiles
from core.quality.with_reference import WithReference
from core.raster.window import Window

pytestmark = pytest.mark.numerical


@settings(max_examples=25)
@given(
    st.integers(3, 170), st.integers(3, 170), st.integers(1, 5), st.sampled_from([32, 64, 96, 512]),
    st.integers(0, 99), st.booleans(),
)  # fmt: skip
def test_tiles_add_up_to_whole_image(
    height: int, width: int, bands: int, tile_size: int, seed: int, holes: bool
) -> None:
    rng = np.random.default_rng(seed)
    reference = rng.uniform(0, 2000, (bands, height, width))
    reference = ndimage.gaussian_filter(reference, (0, 2, 2))
    fused, valid = noisy(reference, seed), np.ones((height, width), bool)
    if holes:
        row, col = rng.integers(0, height), rng.integers(0, width)
        valid[row : row + 9, col : col + 40] = False
        if not valid.any():
            valid[:] = True
    whole = Window(0, 0, height, width)
    indices = WithReference(bands, 4, 2047)
    for tile in block_tiles(whole, tile_size):
        images = (tile.cut(i, tile.outer, whole) for i in (reference, fused * valid, valid))
        indices.update(indices.measure(tile, *images))
    expected = whole_image.with_reference(reference, fused, 4, 2047, valid)
    assert indices.compute() == pytest.approx(expected, rel=1e-11, nan_ok=True)
    mse = ((reference - fused)[:, valid] ** 2).mean(axis=1)
    assert indices.psnr_bands() == pytest.approx(10 * np.log10(2047**2 / mse), rel=1e-11)
