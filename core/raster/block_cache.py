# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL's cache of blocks: small, unless a row of tiles is cut from strips as wide as the scene.

A tile of a striped raster reads all strips that it touches. Where the cache does not hold them
until the last tile of the row, each is read and decompressed once for every tile.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import rasterio
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT

LEAST = 64 << 20  # bytes


def for_rows(rasters: Sequence[tuple[DatasetReader | WarpedVRT, int]]) -> rasterio.Env:
    """Return the context in which so many rows of each raster are kept, where they are strips.

    What the user sets (GDAL_CACHEMAX) stays.
    """
    if os.environ.get("GDAL_CACHEMAX") != str(LEAST >> 20):
        return rasterio.Env()
    return rasterio.Env(GDAL_CACHEMAX=max(LEAST, bytes_for_rows(rasters)))


def bytes_for_rows(rasters: Sequence[tuple[DatasetReader | WarpedVRT, int]]) -> int:
    """Return the bytes of so many rows of each raster, where they are strips."""
    return sum(_strips(*each) for each in rasters)


def _strips(raster: DatasetReader | WarpedVRT, rows: int) -> int:
    """Return the bytes of `rows` rows of all bands; 0 of a tiled raster."""
    height, width = raster.block_shapes[0]
    virtual = raster.driver == "VRT"  # may be made of strips
    if width < raster.width and not virtual:
        return 0
    itemsize = max(np.dtype(name).itemsize for name in raster.dtypes)
    return (rows + 2 * height) * raster.width * raster.count * itemsize
