# SPDX-License-Identifier: GPL-2.0-or-later
"""The size of GDAL's block cache: small, except for rows of tiles that are cut from strips.

A tile of a striped raster reads all strips that it touches. Unless the cache holds them until the
last tile of the row, each strip is read and decompressed again for every tile.
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
    """Return an environment whose cache holds a number of rows of each striped raster.

    GDAL_CACHEMAX of the user is not changed.
    """
    if os.environ.get("GDAL_CACHEMAX") != str(LEAST >> 20):
        return rasterio.Env()
    return rasterio.Env(GDAL_CACHEMAX=max(LEAST, bytes_for_rows(rasters)))


def bytes_for_rows(rasters: Sequence[tuple[DatasetReader | WarpedVRT, int]]) -> int:
    """Return the bytes of a number of rows of each raster; tiled rasters count 0."""
    return sum(_strips(*each) for each in rasters)


def _strips(raster: DatasetReader | WarpedVRT, rows: int) -> int:
    """Return the bytes of `rows` rows of all bands; 0 for a tiled raster."""
    height, width = raster.block_shapes[0]
    if width < raster.width and raster.driver != "VRT":  # which may be made of strips
        return 0
    itemsize = max(np.dtype(name).itemsize for name in raster.dtypes)
    return (rows + 2 * height) * raster.width * raster.count * itemsize
