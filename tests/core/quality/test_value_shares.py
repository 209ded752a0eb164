# SPDX-License-Identifier: GPL-2.0-or-later
"""Shares of negative, clipped and missing values of a fused file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from scenes import GRID, Images, landscape, write

from core.quality.assess import assess

SIZE = 128 * 128


@pytest.fixture
def scene() -> Images:
    images = landscape(128, 128, 2)
    return replace(images, ms=images.ms + 100, reference=images.reference + 100)


@pytest.mark.parametrize("tile", [32, 512])
def test_values_at_the_ends_of_the_type(tile: int, scene: Images, tmp_path: Path) -> None:
    fused = scene.reference.copy()
    fused[0, :10, :8], fused[1, 70:75, 30:50] = 0, 65535
    found = assess(scene.written(tmp_path, fused, "uint16"), tile=tile).shares
    assert found.negative == (0, 0)
    assert found.clipped_low == pytest.approx((80 / SIZE, 0))
    assert found.clipped_high == pytest.approx((0, 100 / SIZE))
    assert found.nodata == 0


def test_floats_have_no_ends(scene: Images, tmp_path: Path) -> None:
    fused = scene.reference.copy()
    fused[1, 3, 4:9], fused[0, 60] = -0.5, 1e9
    found = assess(scene.written(tmp_path, fused)).shares
    assert found.negative == pytest.approx((0, 5 / SIZE))
    assert found.clipped_low == found.clipped_high == (0, 0)


@pytest.mark.parametrize("tile", [32, 512])
def test_missing_is_what_pan_and_ms_have(tile: int, scene: Images, tmp_path: Path) -> None:
    request = scene.written(tmp_path, scene.reference)
    fused = scene.reference.copy()
    fused[:, :, :16] = -1
    ms = scene.ms.copy()
    ms[:, :, :2] = np.nan  # the left half of that
    write(Path(request.fused), fused, nodata=-1)
    write(Path(request.ms), ms, GRID * Affine.scale(4))
    found = assess(request, tile=tile)
    assert found.shares.nodata == pytest.approx(8 / 120)
    assert found.shares.negative == (0, 0)


def test_shift_between_pan_and_ms_is_found(tmp_path: Path) -> None:
    images = landscape(512, 512)
    moved = replace(images, pan=np.roll(images.pan, (-2, 3), axis=(0, 1)))
    assert assess(moved.written(tmp_path, images.reference)).ms_shift == pytest.approx(
        (2, -3), abs=0.15
    )
