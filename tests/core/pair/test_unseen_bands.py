# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands that PAN hardly explains are found, and get as much detail as was chosen."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from logged import told
from raising import raises_code
from raster_files import read
from scenes import GRID, landscape, write
from scipy.ndimage import gaussian_filter

from core.fusion.tiled import sharpen
from core.methods.classical import Gsa
from core.methods.interface import Settings
from core.pair.scene import Scene
from core.pair.unseen_bands import detail_correlation, detail_shares
from core.raster.writer import Output


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A pair whose third band has nothing to do with PAN."""
    made = landscape(256, 256)
    ms = made.ms.copy()
    own = np.random.default_rng(9).normal(0, 1, ms.shape[1:])
    ms[2] = 600 + 200 * gaussian_filter(own, 1)
    coarse = GRID * Affine.scale(4)
    names = ("green", "red", "thermal")
    return (
        write(tmp_path / "pan.tif", made.pan[None].astype(np.float32)),
        write(tmp_path / "ms.tif", ms.astype(np.float32), coarse, names=names),
    )


def test_the_band_is_found_and_told(
    files: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "core")
    with Scene.open(*files) as scene:
        found = detail_correlation(scene)
        assert found[:2].min() > 0.6
        assert abs(found[2]) < 0.2
        assert detail_shares(scene, "fit") is None
        ((names, _),) = told(caplog, "core.pair.unseen_bands", logging.INFO)
        assert names.startswith("thermal (")
        np.testing.assert_array_equal(detail_shares(scene, "interpolate"), [1, 1, 0])
        np.testing.assert_array_equal(detail_shares(scene, "gentle"), [1, 1, 0.5])
        with raises_code("unseen-bands-unknown"):
            detail_shares(scene, "guess")
    assert {names for names, _ in told(caplog, "core.pair.unseen_bands")} == {names}


def test_a_band_without_a_name_is_told_by_its_number_in_ms(
    files: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    with rasterio.open(files[1], "r+") as ms:
        ms.descriptions = (None,) * 3
    with Scene.open(*files, ms_bands=[3]) as scene:
        detail_shares(scene, "interpolate")
    ((names, _),) = told(caplog, "core.pair.unseen_bands")
    assert "3" in names.partition("(")[0]


def test_a_band_keeps_its_share_of_the_detail(files: tuple[Path, Path], tmp_path: Path) -> None:
    images = []
    with Scene.open(*files) as scene:
        settings = Settings(scene.ratio, (0.3,) * scene.bands)
        lms = scene.read(scene.whole).lms
        for number, shares in enumerate((None, [1.0, 1.0, 0.5], [1.0, 1.0, 0.0])):
            out = Output(tmp_path / f"{number}.tif")
            kept = None if shares is None else np.array(shares)
            images.append(read(sharpen(scene, Gsa(settings), out, shares=kept, tile=100).path))
    whole, half, none = images
    np.testing.assert_array_equal(half[:2], whole[:2])
    np.testing.assert_array_equal(none[:2], whole[:2])
    np.testing.assert_allclose(none[2], lms[2], rtol=1e-6)
    np.testing.assert_allclose(half[2], (whole[2] + lms[2]) / 2, rtol=1e-4)


def test_a_scene_without_contrast_has_no_such_bands(tmp_path: Path) -> None:
    pan = write(tmp_path / "pan.tif", np.full((1, 128, 128), 100, np.uint16))
    ms = write(tmp_path / "ms.tif", np.full((3, 32, 32), 200, np.uint16), GRID * Affine.scale(4))
    with Scene.open(pan, ms) as scene:
        assert detail_shares(scene, "interpolate") is None
