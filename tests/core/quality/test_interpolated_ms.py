# SPDX-License-Identifier: GPL-2.0-or-later
"""LMS and low-pass PAN by window: the toolbox's where pixels nest, else by the georeference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scenes import Images

from core.pair.scene import Scene
from core.quality.interpolated_ms import interpolated_ms

pytestmark = pytest.mark.numerical


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
