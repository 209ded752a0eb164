# SPDX-License-Identifier: GPL-2.0-or-later
"""GeoTIFFs to be written: layout, check of the disk space, check for completeness, overviews."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.io import DatasetReader

from core.errors import OutputError
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.georeference import Georeference
from core.raster.metadata import Metadata
from core.raster.window import Window

log = logging.getLogger(__name__)

#: Pixels (height x width) above which files get overviews and statistics by default.
LARGE = 4096 * 4096
SMALLEST_OVERVIEW = 256  # px
OVERVIEW_FACTOR = 4 / 3  # size of a file with overviews over that of one without


@dataclass(frozen=True)
class Layout:
    """Size, type, georeference and metadata of a GeoTIFF, with one band per entry of the metadata.

    Parameters
    ----------
    inputs : names of rasters that it must not replace.
    nodata : value to declare, if any.
    georeference : of the grid, with its RPCs and ground control points.
    """

    inputs: tuple[str, ...]
    height: int
    width: int
    dtype: np.dtype
    nodata: float | None
    crs: CRS | None
    transform: Affine
    metadata: Metadata
    georeference: Georeference | None = None

    def part(self, window: Window) -> Layout:
        """Return the layout of a file for a window of this one."""
        to_part = Affine.translation(window.col, window.row)
        return replace(
            self,
            height=window.height,
            width=window.width,
            transform=self.transform * to_part,
            georeference=self.georeference and self.georeference.of_part(to_part),
        )


def check_complete(made: Path, target: Path, levels: int = 0) -> None:
    """Raise OutputError, naming `target`, unless every block lies within the file `made`.

    GDAL reports no error if the disk fills while its threads compress or while it adds overviews:
    the file is closed, and blocks are missing. The `levels` of overviews must have all blocks; the
    image itself may be sparse.
    """
    size = made.stat().st_size
    try:
        with quietly(), rasterio.open(made) as written:
            _check_blocks(written, written, None, size, target)
            for level in range(levels):
                with rasterio.open(made, overview_level=level) as coarse:
                    _check_blocks(written, coarse, level, size, target)
    except GDAL_ERRORS as error:
        raise no_space(target) from error


def _check_blocks(
    written: DatasetReader, raster: DatasetReader, level: int | None, size: int, target: Path
) -> None:
    """Raise OutputError unless the blocks of a raster, or of its overview, end within `size`."""
    per_band = written.profile.get("interleave") == "band"
    for band in range(1, (written.count if per_band else 1) + 1):
        for (row, col), _ in raster.block_windows(band):
            offset, length = (
                written.get_tag_item(f"BLOCK_{what}_{col}_{row}", "TIFF", band, ovr=level)
                for what in ("OFFSET", "SIZE")
            )
            sparse = not (offset and length)
            lost = level is not None if sparse else int(offset) + int(length) > size
            if lost:
                raise no_space(target)


def on_grid(dataset: DatasetReader, transform: Affine | None) -> bool:
    """Return whether a dataset has this geotransform; None for none."""
    return dataset.transform.almost_equals(transform or Affine.identity())


def check_space(target: Path, needed: int, least: float | None = None) -> None:
    """Raise OutputError if the disk has less than `least` bytes free, warn if less than `needed`.

    `least` is half of `needed` by default, as for a compressed file.
    """
    free = shutil.disk_usage(target.parent).free
    if free < (needed / 2 if least is None else least):
        raise OutputError(
            "too-little-space", needed=_size(needed), folder=target.parent, free=_size(free)
        )
    if free < needed:
        _warn_once_of_space(target.parent)


@cache
def _warn_once_of_space(folder: Path) -> None:
    """Log the warning once: space is checked before the work, and again when a file is made."""
    log.warning("%s may be too small for the result.", folder)


def _size(count: int) -> str:
    """Format a number of bytes."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def no_space(target: Path) -> OutputError:
    """Return the error of a full disk."""
    return OutputError("disk-full", target=target)


def build_overviews(path: Path) -> int:
    """Add averaged overviews to a finished GeoTIFF; return their number.

    In one thread: with more, GDAL may hang on rasters of several bands.
    """
    with (
        rasterio.Env(GDAL_NUM_THREADS="1", ZLEVEL_OVERVIEW="1"),
        quietly(),
        rasterio.open(path, "r+") as dataset,
    ):
        factors = [2]
        while max(dataset.shape) > SMALLEST_OVERVIEW * factors[-1]:
            factors.append(2 * factors[-1])
        dataset.build_overviews(factors, Resampling.average)
    return len(factors)
