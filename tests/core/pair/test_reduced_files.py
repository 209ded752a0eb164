# SPDX-License-Identifier: GPL-2.0-or-later
"""Wald's protocol on files: registration, phase, holes, and large or unfit pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from raising import raises_code
from scenes import write

from core.imaging.degrade import reduce_ms
from core.pair.reduced_files import ReducedPair, files_in, write_reduced
from core.pair.scene import Scene
from core.requests.scenes import Extent
from core.sensors import sensor

pytestmark = pytest.mark.numerical


def reduce(
    pan: Path,
    ms: Path,
    folder: Path,
    ratio: int | None = None,
    gains: Sequence[float] | None = None,
    extent: Extent | None = None,
) -> ReducedPair:
    """The files of a reduced pair."""
    with Scene.open(pan, ms, extent=extent, same_grid=True) as scene:
        return write_reduced(scene, files_in(folder), ratio, gains)


def test_pair_on_one_grid_keeps_pan(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    pan = rng.integers(1, 2047, (1, 64, 64)).astype(np.uint16)
    gt = rng.integers(1, 2047, (4, 64, 64)).astype(np.uint16)
    grid = Affine(1, 0, 0, 0, -1, 0)
    paths = write(tmp_path / "p.tif", pan, grid), write(tmp_path / "g.tif", gt, grid)
    with raises_code("pan-hardly-finer"):
        reduce(*paths, tmp_path)
    gains = sensor("QB").gains([None] * 4)
    pair = reduce(*paths, tmp_path, 4, gains)
    with rasterio.open(pair.pan) as a, rasterio.open(pair.gt) as b, rasterio.open(pair.ms) as c:
        np.testing.assert_array_equal(a.read(), pan)
        np.testing.assert_array_equal(b.read(), gt)
        np.testing.assert_allclose(c.read(), reduce_ms(gt, gains, 4), rtol=1e-6)
        assert c.transform.almost_equals(Affine(4, 0, 0.5, 0, -4, -0.5))


def test_of_a_large_pair_the_middle_is_reduced(tmp_path: Path) -> None:
    """What lies outside the middle changes nothing, and the middle stays where it was."""
    rng = np.random.default_rng(6)
    images = rng.integers(1, 2047, (1, 512, 384)), rng.integers(1, 2047, (2, 128, 96))
    grids = Affine(1, 0, 70, 0, -1, 9), Affine(4, 0, 70, 0, -4, 9)
    paths = []
    for name, image, grid in zip(("p.tif", "m.tif"), images, grids, strict=True):
        paths.append(write(tmp_path / name, image.astype(np.uint16), grid))
    read = []
    for name, extent in (("whole", None), ("middle", (134.0, -375.0, 390.0, -119.0))):
        folder = tmp_path / name
        folder.mkdir()
        pair = reduce(*paths, folder, extent=extent)
        with rasterio.open(pair.gt) as gt, rasterio.open(pair.pan) as pan:
            assert gt.transform == pan.transform
            read.append((gt.read(), pan.read(), gt.transform))
    (truth, small, grid), (middle_truth, middle, middle_grid) = read
    assert truth.shape == (2, 128, 96)
    assert middle_truth.shape == (2, 64, 64)
    part = np.s_[:, 32:96, 16:80]
    np.testing.assert_array_equal(middle_truth, truth[part])
    np.testing.assert_allclose(middle, small[part], rtol=1e-6)
    assert middle_grid.almost_equals(grid * Affine.translation(16, 32))


def test_alpha_is_no_band_but_a_mask(tmp_path: Path) -> None:
    ms = np.full((4, 32, 32), 200, np.uint8)
    ms[3] = 255
    ms[3, :10] = 0
    pan = write(tmp_path / "p.tif", np.full((1, 128, 128), 90, np.uint8), Affine(1, 0, 0, 0, -1, 0))
    more = {"photometric": "RGB", "alpha": "YES"}
    path = write(tmp_path / "m.tif", ms, Affine(4, 0, 0, 0, -4, 0), **more)
    with rasterio.open(reduce(pan, path, tmp_path).gt) as gt:
        truth = gt.read()
    assert truth.shape == (3, 32, 32)
    assert np.isnan(truth[:, :10]).all() and (truth[:, 10:] == 200).all()


def test_pairs_that_cannot_be_reduced(tmp_path: Path) -> None:
    ones = np.ones((1, 32, 32), np.uint16)
    pan = write(tmp_path / "p.tif", ones, Affine(1, 0, 0, 0, -1, 0))
    far = write(tmp_path / "f.tif", ones, Affine(4, 0, 9000, 0, -4, 0))
    other = write(tmp_path / "o.tif", ones, Affine(4, 0, 0, 0, -4, 0), "EPSG:32632")
    with raises_code("no-overlap"):
        reduce(pan, far, tmp_path)
    with raises_code("no-overlap"):
        reduce(pan, other, tmp_path)
    small = write(tmp_path / "s.tif", ones[:, :6, :6], Affine(4, 0, 0, 0, -4, 0))
    with raises_code("overlap-too-small-to-reduce"):
        reduce(pan, small, tmp_path)
    empty = write(tmp_path / "e.tif", ones, Affine(2, 0, 0, 0, -2, 0), nodata=1)
    with raises_code("no-data-to-reduce"):
        reduce(pan, empty, tmp_path)
    upside_down = write(tmp_path / "u.tif", ones, Affine(2, 0, 0, 0, 2, -64))
    with raises_code("opposite-directions"):
        reduce(pan, upside_down, tmp_path)
