# SPDX-License-Identifier: GPL-2.0-or-later
"""A result with much less data than its inputs promise is a warning, with the share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from fakes import Plain
from logged import told
from rasterio.warp import transform as transform_points
from scenes import GRID, write

from core.fusion.tiled import sharpen
from core.pair.scene import Scene
from core.raster import warp
from core.raster.writer import Output

Said = Callable[..., tuple[list[Any], list[Any]]]
PAN = np.full((1, 128, 160), 100, np.uint16)


@pytest.fixture
def said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Said:
    """Return a function that sharpens a pair: the facts told as information, and as a warning."""

    def sharpened(ms: Path, pan: Path | None = None, bands: str = "any") -> Any:
        caplog.clear()
        opened = Scene.open(pan or write(tmp_path / "pan.tif", PAN), ms, nodata_bands=bands)
        with caplog.at_level(logging.INFO, "core"), opened as scene:
            sharpen(scene, Plain(), Output(tmp_path / "out.tif"))
        levels = (logging.INFO, logging.WARNING)
        return tuple(told(caplog, "core.fusion.coverage", level) for level in levels)

    return sharpened


@pytest.mark.parametrize(
    ("missing_cols", "informed", "warned"),
    [
        (0, [], []),
        (12, [(12 * 32 * 16, pytest.approx(30))], []),
        (26, [], [pytest.approx((35, 100, 35), abs=5)]),
    ],
)
def test_share_of_missing_ms(
    said: Said, tmp_path: Path, missing_cols: int, informed: Any, warned: Any
) -> None:
    ms = np.full((2, 32, 40), 200, np.uint16)
    ms[:, :, :missing_cols] = 0
    coarse = write(tmp_path / "ms.tif", ms, GRID * Affine.scale(4.0), nodata=0)
    assert said(coarse) == (informed, warned)


def test_what_one_band_lacks_is_no_loss_of_the_result(said: Said, tmp_path: Path) -> None:
    ms = np.arange(2 * 32 * 40).reshape(2, 32, 40).astype(np.uint16) + 200
    ms[1, :, :26] = 0
    coarse = write(tmp_path / "ms.tif", ms, GRID * Affine.scale(4.0), nodata=0)
    assert said(coarse, bands="each") == ([], [])


def test_pan_that_reaches_beyond_ms_is_no_loss(said: Said, tmp_path: Path) -> None:
    ms = np.full((2, 16, 12), 200, np.uint16)
    informed, warned = said(write(tmp_path / "ms.tif", ms, GRID * Affine.scale(4.0)))
    assert len(informed) == 1 and not warned


def test_what_a_warp_loses_is_a_warning(
    said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (x,), (y,) = transform_points("EPSG:4326", "EPSG:32760", [180.0], [-17.0])
    metres = Affine(1, 0, round(x) - 80, 0, -1, round(y) + 64)
    degrees = Affine(4e-5, 0, 180 - 120e-5, 0, -4e-5, -17 + 90e-5)
    pan = write(tmp_path / "pan.tif", PAN, metres, "EPSG:32760")
    ms = write(tmp_path / "ms.tif", np.full((2, 45, 60), 200, np.uint16), degrees, "EPSG:4326")
    assert said(ms, pan) == ([], [])
    monkeypatch.setattr(warp, "goes_past_180", lambda *raster: False)
    assert len(said(ms, pan)[1]) == 1
