# SPDX-License-Identifier: GPL-2.0-or-later
"""LMS and low-pass PAN by window: the toolbox's where pixels nest, else by the georeference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scenes import Images, landscape

from core.imaging.filters import interp23tap
from core.imaging.resample import imresize
from core.pair.scene import Scene
from core.quality.interpolated_ms import interpolated_ms, nested_ratio
from core.raster.window import Window

pytestmark = pytest.mark.numerical

WINDOWS = (Window(0, 0, 180, 212), Window(0, 96, 33, 116), Window(147, 3, 33, 40))


@pytest.mark.parametrize("offset", [(0.0, 0.0), (0.5, 0.5)])
def test_nested_pair_is_interpolated_by_23_taps(
    offset: tuple[float, float], tmp_path: Path
) -> None:
    """With MS where products have it, and where benchmarks have it."""
    images = replace(landscape(180, 212), offset=offset)
    request = images.written(tmp_path, images.reference)
    lms = interp23tap(images.ms, 4)
    low = interp23tap(imresize(images.pan, 1 / 4)[None], 4)[0]
    with Scene.open(request.pan, request.ms) as scene:
        assert nested_ratio(scene) == 4
        interpolated = interpolated_ms(scene)
        assert interpolated.interpolation == "23-tap"
        for window in WINDOWS:
            part = interpolated.read(window)
            rows, cols = window.slices
            np.testing.assert_allclose(part.lms, lms[:, rows, cols], rtol=1e-13)
            np.testing.assert_allclose(part.low, low[rows, cols], rtol=1e-13)
            np.testing.assert_array_equal(part.pan, images.pan[rows, cols])
            assert part.valid.all()


@pytest.mark.parametrize(
    ("ratio", "offset"), [(4.0, (0.25, 0.0)), (4.0, (2.0, 0.0)), (3.0, (0, 0)), (3.97, (0, 0))]
)
def test_other_pair_is_interpolated_by_georeference(
    ratio: float, offset: tuple[float, float], tmp_path: Path
) -> None:
    images = replace(landscape(180, 212), ratio=ratio, offset=offset)
    request = images.written(tmp_path, images.reference)
    with Scene.open(request.pan, request.ms) as scene:
        assert nested_ratio(scene) is None
        interpolated = interpolated_ms(scene)
        assert interpolated.interpolation == "georeferenced"
        whole, part = interpolated.read(scene.whole), interpolated.read(Window(40, 60, 50, 70))
        np.testing.assert_allclose(part.low, whole.low[40:90, 60:130], rtol=1e-6)
        np.testing.assert_allclose(part.lms, whole.lms[:, 40:90, 60:130], rtol=1e-6)
        np.testing.assert_array_equal(whole.lms, scene.read(scene.whole).lms)


@pytest.mark.parametrize(("count", "ratio", "moved"), [(32, 3.0, 0.0), (24, 4.0, 0.5)])
def test_low_pass_pan_lies_where_ms_does(
    count: int, ratio: float, moved: float, tmp_path: Path
) -> None:
    """A plane is its own low-pass, wherever the MS pixels lie; 23 taps move it by half a pixel."""
    plane = 100 + np.add.outer(3.0 * np.arange(96), 2.0 * np.arange(96))
    inside = np.s_[40:56, 40:56]
    ms = np.ones((2, count, count))
    request = Images(plane, ms, ms, ratio).written(tmp_path, np.ones((2, 96, 96)))
    with Scene.open(request.pan, request.ms) as scene:
        low = interpolated_ms(scene).read(scene.whole).low
    np.testing.assert_allclose(low[inside], plane[inside] - 5 * moved, rtol=1e-4)
