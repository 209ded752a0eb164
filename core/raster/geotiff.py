# SPDX-License-Identifier: GPL-2.0-or-later
"""What a GeoTIFF is to be, whether there is room for it, and whether all of it was written."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader

from core.errors import OutputError
from core.raster.gdal import GDAL_ERRORS
from core.raster.georeference import Georeference
from core.raster.metadata import Metadata
from core.raster.window import Window

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Layout:
    """Size, type, position and metadata of a GeoTIFF; it has as many bands as they tell of.

    `nodata` is the value to declare, if any; `inputs` name rasters that it must not replace;
    `georeference` has the RPCs and ground control points of the grid, if there are any.
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
        """Return the layout of a file with a window of this one."""
        to_part = Affine.translation(window.col, window.row)
        return replace(
            self,
            height=window.height,
            width=window.width,
            transform=self.transform * to_part,
            georeference=self.georeference and self.georeference.of_part(to_part),
        )


def check_complete(made: Path, target: Path, levels: int = 0) -> None:
    """Raise OutputError, naming ``target``, unless every block lies within the file ``made``.

    GDAL reports no error when the disk fills while its threads compress, or while it adds
    overviews: the file closes in peace, and blocks are missing. Of the `levels` of overviews that
    there must be, no block may be left out.
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
            lost = level is not None
            if offset and length:
                lost = int(offset) + int(length) > size
            if lost:
                raise no_space(target)


def on_grid(dataset: DatasetReader, transform: Affine | None) -> bool:
    """Whether a dataset has this grid; None is no grid on the ground."""
    return dataset.transform.almost_equals(transform or Affine.identity())


def check_space(target: Path, needed: int, least: float | None = None) -> None:
    """Refuse what cannot fit even when compressed to `least`, the half; warn of what may not."""
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


@contextmanager
def quietly() -> Iterator[None]:
    """No word about a raster that lies nowhere on Earth: that is the user's choice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def no_space(target: Path) -> OutputError:
    """Return the error of a full disk."""
    return OutputError("disk-full", target=target)
