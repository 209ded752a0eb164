# SPDX-License-Identifier: GPL-2.0-or-later
"""PAN moved by a fraction of a pixel: known waves, at both resolutions, whatever the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from scenes import GRID, write

from core.imaging.arrays import FloatArray
from core.pair.reduced import MovedPan
from core.pair.scene import Scene
from core.raster.window import Window

pytestmark = pytest.mark.numerical

SIZE = 96
INSIDE = Window(12, 12, SIZE - 24, SIZE - 24)


def waves(rows: float = 0.0, cols: float = 0.0) -> FloatArray:
    """A plane with waves of 0.2 and 0.3 cycles a pixel, moved further down and right."""
    row, col = np.mgrid[:SIZE, :SIZE] - np.array([rows, cols])[:, None, None]
    return np.asarray(500 + row + 90 * np.sin(0.4 * np.pi * row) + 70 * np.cos(0.6 * np.pi * col))


def scene_of(folder: Path, pan: FloatArray) -> Scene:
    """With an MS that has nothing to do with it."""
    ms = np.random.default_rng(0).normal(300, 9, (3, SIZE // 4, SIZE // 4))
    paths = write(folder / "pan.tif", pan[None].astype(np.float32)), folder / "ms.tif"
    write(paths[1], ms.astype(np.float32), GRID * Affine.scale(4))
    return Scene.open(*paths)


@pytest.mark.parametrize("by", [(0.3, -0.45), (1.0, 2.0)])
def test_it_lies_where_it_was_moved_to(tmp_path: Path, by: tuple[float, float]) -> None:
    with scene_of(tmp_path, waves()) as scene:
        moved = MovedPan(scene, by)
        found, wanted = moved.read(INSIDE), waves(*by)[INSIDE.slices]
        np.testing.assert_allclose(found.pan, wanted, atol=0.3)
        np.testing.assert_array_equal(found.lms, scene.read(INSIDE).lms)
        part = Window(20, 41, 17, 23)
        again = moved.read(INSIDE).cut(part).pan
        np.testing.assert_array_equal(moved.read(part).pan, again)


def test_at_reduced_resolution_too(tmp_path: Path) -> None:
    by = 0.75, -1.25
    (tmp_path / "other").mkdir()
    with scene_of(tmp_path, waves()) as scene, scene_of(tmp_path / "other", waves(*by)) as drawn:
        for gain in (None, 0.35):
            found = MovedPan(scene, by).read_reduced(Window(4, 4, 16, 16), gain)
            wanted = drawn.read_reduced(found.window, gain)
            np.testing.assert_allclose(found.pan, wanted.pan, atol=0.5)
