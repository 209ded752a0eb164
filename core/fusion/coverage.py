# SPDX-License-Identifier: GPL-2.0-or-later
"""Check how much of the ground common to PAN and MS has data in a result."""

from __future__ import annotations

import logging

import numpy as np

from core.errors import InputError
from core.imaging.arrays import FloatArray, Mask
from core.pair.scene import Scene
from core.raster.gdal import GDAL_ERRORS
from core.raster.source import Source
from core.raster.window import Window

_POINTS = 16  # along each axis of the result, where both images are probed
_LOST = 0.1  # share of the result that may lack data besides the inputs: edges are rounded
_HALF = 0.5  # share of the common ground that must have data in any case

log = logging.getLogger(__name__)


def log_missing(scene: Scene, missing: int) -> None:
    """Log how many pixels of a result have no data; warn of many more than in its inputs."""
    whole = scene.height * scene.width
    if not missing:
        return
    found = 1.0 - missing / whole
    try:
        common, with_data = _common_ground(scene) if found < 1.0 - _LOST else (0.0, 0.0)
    except (*GDAL_ERRORS, InputError):
        common = with_data = 0.0
    if found < max(with_data - _LOST, _HALF * common):
        log.warning(
            "Only %.0f %% of the result has data; PAN and MS have %.0f %% of it in common, and "
            "%.0f %% with data in both. Check their nodata values, masks and georeference.",
            100 * found, 100 * common, 100 * with_data,
        )  # fmt: skip
    else:
        log.info("%d pixels have no data, %.1f %% of the result.", missing, 100 * missing / whole)


def _common_ground(scene: Scene) -> tuple[float, float]:
    """Return the shares of the result that lie on PAN and MS, and that have data in both.

    The rasters are probed as delivered, before any warp, which may have lost data.
    """
    rows, cols = (np.linspace(0.5, size - 0.5, _POINTS) for size in scene.whole.shape)
    cols, rows = (axis.ravel() for axis in np.meshgrid(cols, rows))
    inside, valid = np.ones(cols.size, bool), np.ones(cols.size, bool)
    places = scene.on_rasters(cols, rows)
    for source, raster, at in zip(scene.sources, scene.rasters, places, strict=True):
        opened = source if source.dataset is raster else source.on(raster)
        within, with_data = _probed(opened, at)
        inside &= within
        valid &= with_data
    return float(inside.mean()), float(valid.mean())


def _probed(source: Source, at: FloatArray) -> tuple[Mask, Mask]:
    """Return which columns and rows `(2, n)` lie on a raster, and which have data there, `(n,)`."""
    size = np.array([[source.dataset.width], [source.dataset.height]])
    inside: Mask = np.all(np.isfinite(at) & (at >= 0) & (at < size), axis=0)
    valid: Mask = inside.copy()
    for number in np.flatnonzero(inside):
        col, row = np.floor(at[:, number]).astype(int)
        valid[number] = source.read(Window(int(row), int(col), 1, 1))[1] is None
    return inside, valid
