# SPDX-License-Identifier: GPL-2.0-or-later
"""NDVI and the like of the degraded image against MS: known errors, undefined pixels, tiles."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from scenes import GRID, landscape, noisy, write

from core.quality.assess import assess
from core.quality.two_band_indices import BandIndices, available, normalised_difference
from core.sensors import sensor

pytestmark = pytest.mark.numerical

NDVI = {"NDVI": (1, 0)}


def test_names_of_bands_tell_which_indices_there_are() -> None:
    names = ["coastal", "blue", "green", "yellow", "red", "rededge", "nir", "nir2"]
    assert available(names) == {"NDVI": (6, 4), "NDWI": (2, 6), "NDRE": (6, 5)}
    assert available(["red", "nir", "swir1"]) == {"NDVI": (1, 0), "NDMI": (1, 2)}
    assert available(["", ""]) == {}


def test_sensor_tells_the_names_of_unnamed_bands() -> None:
    quickbird = sensor("QuickBird")
    assert quickbird.bands_of([None] * 4) == ["blue", "green", "red", "nir"]
    assert quickbird.bands_of(["R", "NIR1", None]) == ["red", "nir", ""]
    assert sensor("generic").bands_of([None]) == [""]


def test_known_difference_of_an_index() -> None:
    """NDVI of 0.5 to 0.7 in MS, 0.1 more in the fused image; brightness does not matter."""
    ndvi = np.linspace(0.5, 0.7, 400).reshape(20, 20)
    ms = np.stack([1 - ndvi, 1 + ndvi]) * 300
    fused = np.stack([0.9 - ndvi, 1.1 + ndvi]) * np.linspace(100, 900, 20)
    found = BandIndices(NDVI)
    found.update(found.measure(np.concatenate([ms, fused]), np.ones((20, 20), bool)))
    (index,) = found.compute()
    assert (index.name, index.bands, index.pixels) == ("NDVI", (1, 0), 400)
    assert (index.mean, index.bias, index.rmse) == pytest.approx((0.6, 0.1, 0.1))
    assert index.correlation == pytest.approx(1)


def test_pixels_near_zero_or_invalid_do_not_count() -> None:
    images = np.full((4, 4, 4), 100.0)
    images[3] = 300
    images[:2, 0, 0] = 4  # 8 DN in MS
    images[2:, 1, 1] = (-200, 200)
    images[2:, 2, 2] = (-900, 300)
    valid = np.ones((4, 4), bool)
    valid[3] = False
    found = BandIndices(NDVI)
    found.update(found.measure(images, valid))
    (index,) = found.compute()
    assert (index.pixels, index.bias) == (9, pytest.approx(0.5))
    assert math.isnan(index.correlation)  # both are flat
    reflectance = normalised_difference(images[:2] / 1e4, (1, 0), 1e4)
    assert np.isnan(reflectance[0, 0]) and np.isfinite(reflectance).sum() == 15
    assert BandIndices(NDVI).compute()[0].pixels == 0


@pytest.mark.parametrize("reference", [True, False])
def test_assessment_holds_indices_whatever_the_tiles(reference: bool, tmp_path: Path) -> None:
    images = landscape(180, 212)
    fused = noisy(images.reference, amount=60)
    given = images.with_reference if reference else images.written
    request = given(tmp_path, fused)
    write(tmp_path / "ms.tif", images.ms, GRID * Affine.scale(4), names=("red", "green", "nir"))
    large, *others = (assess(request, tile=tile).indices for tile in (512, 32, 96))
    assert [index.name for index in large] == ["NDVI", "NDWI"]
    assert large[0].pixels == 45 * 53 and 0 < large[0].rmse < 0.1
    for found in others:
        for index, expected in zip(found, large, strict=True):
            assert (index.name, index.pixels) == (expected.name, expected.pixels)
            numbers = ("mean", "bias", "rmse", "correlation")
            values = ([getattr(each, n) for n in numbers] for each in (index, expected))
            assert next(values) == pytest.approx(next(values), rel=1e-9)
