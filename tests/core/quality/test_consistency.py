# SPDX-License-Identifier: GPL-2.0-or-later
"""Reprojection to MS: known degradations, any tiles in any order, holes, reduced resolution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scenes import Images, landscape, noisy

from core.imaging.arrays import FloatArray
from core.pair.reduced import ReducedScene
from core.pair.scene import Scene
from core.quality.consistency import Consistency
from core.quality.streaming import block_tiles
from core.raster.tile_plan import Tile
from core.raster.window import Window

pytestmark = pytest.mark.numerical


@contextmanager
def opened(images: Images, folder: Path) -> Iterator[Scene]:
    request = images.written(folder, images.reference)
    with Scene.open(request.pan, request.ms) as scene:
        yield scene


def compared(
    scene: Scene, fused: FloatArray, gains: tuple[float, ...], tiles: list[Tile] | None = None
) -> Consistency:
    found = Consistency(scene, gains)
    valid = np.isfinite(fused).all(axis=0)
    for tile in tiles or [Tile(scene.whole, scene.whole)]:
        part = (slice(None), *tile.outer.slices)
        found.update(found.measure(tile, np.nan_to_num(fused)[part], valid[part[1:]]))
    return found


@pytest.mark.parametrize("gain", [0.2, 0.35])
@pytest.mark.parametrize("part", [0.5, 1.0])
def test_wave_comes_down_by_the_mtf(gain: float, part: float, tmp_path: Path) -> None:
    """A wave of amplitude 100 keeps the gain at MS' Nyquist frequency, its 4th root at half."""
    amplitude = 100 * gain ** (part**2)
    ratio, centre = 4, 1.5
    phase = np.pi * part / ratio * (np.arange(256) - centre)
    fused = 1000 + 100 * np.cos(phase) * np.ones((2, 256, 1))
    flat = np.full((2, 64, 64), 1000.0)
    with opened(Images(fused[0], flat, fused), tmp_path) as scene:
        found = Consistency(scene, (gain, gain))
        inside = Tile(Window(64, 64, 128, 128), scene.whole)
        found.update(found.measure(inside, fused, np.ones((256, 256), bool)))
        first = found.band_statistics()[0]
    mean_square = 1.0 if part == 1 else 0.5  # cos(pi n) is never less than 1
    assert first.rmse == pytest.approx(amplitude * math.sqrt(mean_square), rel=1e-3)
    assert first.rmse_percent == pytest.approx(first.rmse / 10, rel=1e-9)
    assert first.bias == pytest.approx(0, abs=1e-6)


def test_offset_of_one_band_is_its_bias(tmp_path: Path) -> None:
    flat = np.full((3, 32, 32), 500.0) + 100 * np.arange(3)[:, None, None]
    fused = np.repeat(np.repeat(flat, 4, axis=1), 4, axis=2)
    fused[1] += 30
    with opened(Images(fused[0], flat, fused), tmp_path) as scene:
        found = compared(scene, fused, (0.3,) * 3)
    rows = found.band_statistics()
    assert [row.bias for row in rows] == pytest.approx([0, 30, 0], abs=1e-9)
    assert [row.rmse for row in rows] == pytest.approx([0, 30, 0], abs=1e-9)
    assert [row.bias_percent for row in rows] == pytest.approx([0, 5, 0], abs=1e-9)
    assert found.compute()["ERGAS"] == pytest.approx(100 / 4 * 0.05 / math.sqrt(3))
    assert found.compute()["bias_percent"] == pytest.approx(5)


@pytest.mark.parametrize("ratio", [4.0, 3.97])
def test_result_does_not_depend_on_tiles_or_their_order(ratio: float, tmp_path: Path) -> None:
    images = replace(landscape(360, 424), ratio=ratio)
    fused = noisy(images.reference)
    fused[:, 100:103, 200:260] = np.nan
    gains = (0.2, 0.3, 0.35)
    with opened(images, tmp_path) as scene:
        whole = compared(scene, fused, gains)
        assert whole.errors.q2n.count > 4
        for size in (32, 96, 256):
            tiles = block_tiles(scene.whole, size)
            found = compared(scene, fused, gains, tiles[::-1])
            assert found.compute() == pytest.approx(whole.compute(), rel=1e-9)
            for row, other in zip(found.band_statistics(), whole.band_statistics(), strict=True):
                assert vars(row) == pytest.approx(vars(other), rel=1e-9)


def test_ms_pixels_over_holes_do_not_count(tmp_path: Path) -> None:
    """Whatever the hole holds: the image is right everywhere else."""
    images = landscape(256, 256)
    holed = images.reference.copy()
    holed[:, 80:116, 60:64] = np.nan
    with opened(images, tmp_path) as scene:
        right = compared(scene, images.reference, (0.3,) * 3)
        found = Consistency(scene, (0.3,) * 3)
        valid = np.isfinite(holed[0])
        filled = np.where(valid, holed, images.reference)
        found.update(found.measure(Tile(scene.whole, scene.whole), filled, valid))
    lost = right.errors.moments.count - found.errors.moments.count
    assert 9 <= lost <= 11 * 3
    assert found.errors.q2n.count == right.errors.q2n.count - 1
    assert found.compute() == pytest.approx(right.compute(), rel=0.05)


def test_windows_of_a_reduced_scene(tmp_path: Path) -> None:
    """A window alone tells of the MS pixels whose filter it holds."""
    images = landscape(640, 640)
    gains = (0.3,) * 3
    with opened(images, tmp_path) as scene:
        windows = [Window(0, 0, 96, 96), Window(64, 32, 64, 64)]
        reduced = ReducedScene(scene, gains, parts=windows)
        whole = noisy(images.ms)
        found, expected = Consistency(reduced, gains, block=8), Consistency(reduced, gains, block=8)
        tiles = [
            Tile(Window.between(0, 0, 96 - found.reach, 96 - found.reach), reduced.whole),
            Tile(windows[1].grow(-found.reach, reduced.whole), reduced.whole),
        ]
        for tile in tiles:
            expected.update(expected.measure(tile, whole, np.ones(reduced.whole.shape, bool)))
        for window in windows:
            patch = reduced.read(window)
            found.add(whole[(slice(None), *window.slices)], patch)
    assert found.errors.q2n.count > 0
    assert found.errors.moments.count == expected.errors.moments.count > 400
    assert found.compute() == pytest.approx(expected.compute(), rel=1e-9)


def test_missing_pixels_are_those_of_lms(tmp_path: Path) -> None:
    images = landscape(256, 256)
    with opened(images, tmp_path) as scene:
        patch = scene.read(scene.whole)
        valid = patch.valid.copy()
        valid[40:80, 40:80] = False
        patch = replace(patch, valid=valid)
        broken = np.where(valid, images.reference, np.nan)
        found, lms = Consistency(scene, (0.3,) * 3), np.where(valid, images.reference, patch.lms)
        found.add(broken, patch)
        expected = Consistency(scene, (0.3,) * 3)
        expected.add(lms, patch)
    assert found.compute() == expected.compute()
