# SPDX-License-Identifier: GPL-2.0-or-later
"""Which bands of a raster are data, and what a band tagged alpha is by its values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from raising import raises_code
from scenes import write

from core.raster.reader import open_raster
from core.raster.source import Source, choose_pan_band, data_bands
from core.raster.window import Window

SHAPE = 60, 80
WHOLE = Window(0, 0, *SHAPE)


def opaque(dtype: str, value: float) -> NDArray[np.generic]:
    """A mask with a hole of a quarter."""
    mask = np.full(SHAPE, value, dtype)
    mask[:30, :40] = 0
    return mask


def feathered(top: int) -> NDArray[np.generic]:
    """A mask whose hole has a soft edge, five pixels wide."""
    ramp = np.clip((np.arange(80) - 20) / 5, 0, 1) * top
    return np.broadcast_to(np.rint(ramp), SHAPE).astype(np.uint8)


def near_infrared(dtype: str) -> NDArray[np.generic]:
    """Values of a band of an image, some of them 0."""
    band = np.random.default_rng(3).integers(1, 250, SHAPE)
    band[:20, :20] = 0
    return band.astype(dtype)


MASKS = {
    "8 bit": opaque("uint8", 255),
    "16 bit": opaque("uint16", 65535),
    "255 in 16 bit": opaque("uint16", 255),
    "float": opaque("float32", 1),
    "opaque everywhere": np.full(SHAPE, 255, np.uint8),
    "soft edge": feathered(255),
    "soft edge up to 254": feathered(254),
}


@pytest.mark.parametrize("kind", MASKS)
def test_alpha_with_two_values_is_a_mask(tmp_path: Path, kind: str) -> None:
    alpha = MASKS[kind]
    path = write(
        tmp_path / "ms.tif", np.stack([np.full(SHAPE, 7, alpha.dtype)] * 3 + [alpha]), alpha=True
    )
    with open_raster(path, "MS") as dataset:
        assert data_bands(dataset) == [1, 2, 3]
        _, valid = Source(dataset, [1, 2, 3], None).read(WHOLE)
    np.testing.assert_array_equal(np.ones(SHAPE, bool) if valid is None else valid, alpha > 0)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_near_infrared_tagged_alpha_is_data_and_no_mask(tmp_path: Path, dtype: str) -> None:
    bands = np.stack([near_infrared(dtype) + 1] * 3 + [near_infrared(dtype)]).astype(dtype)
    with open_raster(write(tmp_path / "ms.tif", bands, alpha=True), "MS") as dataset:
        assert data_bands(dataset) == [1, 2, 3, 4]
        for chosen in ([1, 2, 3, 4], [1, 2]):
            values, valid = Source(dataset, chosen, None).read(WHOLE)
            assert valid is None
            np.testing.assert_array_equal(values, bands[[band - 1 for band in chosen]])


def test_a_mask_that_is_named_is_data(tmp_path: Path) -> None:
    bands = np.stack([near_infrared("uint8") + 1, opaque("uint8", 255)])
    with open_raster(write(tmp_path / "ms.tif", bands, alpha=True), "MS") as dataset:
        values, valid = Source(dataset, [1, 2], None).read(WHOLE)
    assert valid is None
    np.testing.assert_array_equal(values, bands)


@pytest.mark.parametrize("second", [opaque("uint8", 255), near_infrared("uint8")])
def test_gray_of_pan_needs_no_number(tmp_path: Path, second: NDArray[np.generic]) -> None:
    path = write(tmp_path / "pan.tif", np.stack([near_infrared("uint8"), second]), alpha=True)
    with open_raster(path, "PAN") as dataset:
        assert choose_pan_band(dataset, None) == [1]
        assert choose_pan_band(dataset, 2) == [2]
        with raises_code("no-such-band", bands="1, 2"):
            choose_pan_band(dataset, 3)
