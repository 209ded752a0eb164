# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of a tile that a network computes one by one."""

from __future__ import annotations

import numpy as np
import pytest

from core.methods.scene_network import Parts
from core.raster.window import Window

PARTS = Parts(most=100, before=5, looks=20, align=4)
SCENE = Window(0, 0, 500, 402)


@pytest.mark.parametrize(
    ("window", "made"),
    [
        (SCENE, SCENE),
        (Window(0, 0, 300, 200), Window(0, 0, 275, 175)),
        (Window(100, 200, 240, 202), Window(125, 225, 190, 177)),
    ],
)
def test_parts_cover_what_has_a_halo_once(window: Window, made: Window) -> None:
    times = np.zeros(SCENE.shape, int)
    for part in PARTS.of(window, SCENE):
        times[part.inner.slices] += 1
        assert max(part.inner.shape) <= PARTS.most
        assert part.outer.grow(PARTS.before, SCENE).inside(window.grow(PARTS.align, SCENE))
        assert part.inner.grow(PARTS.looks, SCENE).inside(part.outer)
        assert part.outer.row % PARTS.align == part.outer.col % PARTS.align == 0
    expected = np.zeros(SCENE.shape, int)
    expected[made.slices] = 1
    np.testing.assert_array_equal(times, expected)


def test_a_small_window_is_one_part() -> None:
    assert len(PARTS.of(Window(0, 0, 100, 90), Window(0, 0, 100, 90))) == 1
