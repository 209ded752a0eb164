# SPDX-License-Identifier: GPL-2.0-or-later
"""A result with much less data than its inputs promise is a warning, with the share."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from fakes import Plain
from rasterio.warp import transform as transform_points
from scenes import GRID, write

from core.fusion.tiled import sharpen
from core.pair.scene import Scene
from core.raster import warp
from core.raster.writer import Output


def said(
    folder: Path, pan: Path, ms: Path, caplog: pytest.LogCaptureFixture, bands: str = "any"
) -> str:
    """What is logged as a warning, or as information, of missing pixels."""
    caplog.clear()
    opened = Scene.open(pan, ms, nodata_bands=bands)
    with caplog.at_level(logging.INFO, "core"), opened as scene:
        sharpen(scene, Plain(), Output(folder / "out.tif"))
    found = [each for each in caplog.records if each.name == "core.fusion.coverage"]
    return "; ".join(f"{each.levelname} {each.getMessage()}" for each in found)


@pytest.mark.parametrize(
    ("missing_cols", "level"), [(0, ""), (12, "INFO"), (26, "WARNING Only 35 %")]
)
def test_share_of_missing_ms(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, missing_cols: int, level: str
) -> None:
    ms = np.full((2, 32, 40), 200, np.uint16)
    ms[:, :, :missing_cols] = 0
    pan = write(tmp_path / "pan.tif", np.full((1, 128, 160), 100, np.uint16))
    coarse = write(tmp_path / "ms.tif", ms, GRID * Affine.scale(4.0), nodata=0)
    text = said(tmp_path, pan, coarse, caplog)
    assert text.startswith(level) and bool(text) == bool(level)


def test_what_one_band_lacks_is_no_loss_of_the_result(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ms = np.arange(2 * 32 * 40).reshape(2, 32, 40).astype(np.uint16) + 200
    ms[1, :, :26] = 0
    pan = write(tmp_path / "pan.tif", np.full((1, 128, 160), 100, np.uint16))
    coarse = write(tmp_path / "ms.tif", ms, GRID * Affine.scale(4.0), nodata=0)
    assert said(tmp_path, pan, coarse, caplog, "each") == ""


def test_pan_that_reaches_beyond_ms_is_no_loss(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pan = write(tmp_path / "pan.tif", np.full((1, 128, 160), 100, np.uint16))
    ms = np.full((2, 16, 12), 200, np.uint16)
    coarse = write(tmp_path / "ms.tif", ms, GRID * Affine.scale(4.0))
    assert said(tmp_path, pan, coarse, caplog).startswith("INFO")


def test_what_a_warp_loses_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (x,), (y,) = transform_points("EPSG:4326", "EPSG:32760", [180.0], [-17.0])
    metres = Affine(1, 0, round(x) - 80, 0, -1, round(y) + 64)
    degrees = Affine(4e-5, 0, 180 - 120e-5, 0, -4e-5, -17 + 90e-5)
    pan = write(tmp_path / "pan.tif", np.full((1, 128, 160), 100, np.uint16), metres, "EPSG:32760")
    ms = write(tmp_path / "ms.tif", np.full((2, 45, 60), 200, np.uint16), degrees, "EPSG:4326")
    assert said(tmp_path, pan, ms, caplog) == ""
    monkeypatch.setattr(warp, "goes_past_180", lambda *raster: False)
    assert "with data in both" in said(tmp_path, pan, ms, caplog)
