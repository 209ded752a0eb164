# SPDX-License-Identifier: GPL-2.0-or-later
"""GeoTIFF creation options and completeness check."""

from __future__ import annotations

import functools
import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from core.errors import OutputError
from core.raster.gdal import GDAL_ERRORS
from core.raster.georeference import Georeference
from core.raster.metadata import Metadata

log = logging.getLogger(__name__)

BLOCK_SIZES = (256, 128, 64, 32, 16)
# Keywords of rasterio.open that are the scene's to decide, not creation options of the driver.
RESERVED = {"driver", "width", "height", "count", "dtype", "crs", "transform", "nodata", "mode"}


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


@functools.lru_cache(maxsize=1)
def has_zstd() -> bool:
    """Whether this GDAL writes ZSTD, which some builds leave out."""
    with quietly(), MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=16, height=16, count=1, dtype="uint8", compress="ZSTD"
        ) as probe:
            probe.write(np.zeros((1, 16, 16), np.uint8))
        with memory.open() as probe:
            return str(probe.profile.get("compress", "")).lower() == "zstd"


def creation_options(dtype: np.dtype, tile: int, user: Mapping[str, str]) -> dict[str, Any]:
    """Options of the GTiff driver; the user's win."""
    block = next((size for size in BLOCK_SIZES if tile % size == 0), BLOCK_SIZES[0])
    options: dict[str, Any] = {
        "TILED": "YES",
        "BLOCKXSIZE": block,
        "BLOCKYSIZE": block,
        "BIGTIFF": "IF_SAFER",
        "NUM_THREADS": "ALL_CPUS",
        # Four 8-bit bands would otherwise be taken for RGB and alpha.
        "PHOTOMETRIC": "MINISBLACK",
        "ALPHA": "NO",
        **_codec("ZSTD_LEVEL"),
        "PREDICTOR": 3 if dtype.kind == "f" else 2,
    }
    chosen = {key.upper(): value for key, value in user.items()}
    bad = sorted(key for key in chosen if key.lower() in RESERVED)
    if bad:
        raise OutputError("creation-option-invalid", options=", ".join(bad))
    if "COMPRESS" in chosen:
        for key in ("COMPRESS", "ZSTD_LEVEL", "PREDICTOR"):
            options.pop(key, None)
    if chosen.get("TILED", "YES").upper() in ("NO", "FALSE", "OFF"):
        options.pop("BLOCKXSIZE")
        options.pop("BLOCKYSIZE")
    return {**options, **chosen}


def _codec(level: str) -> dict[str, Any]:
    """Return the codec; `level` is the driver's name for that of ZSTD."""
    return {"COMPRESS": "ZSTD", level: 1} if has_zstd() else {"COMPRESS": "DEFLATE"}


def cog_options(dtype: np.dtype, user: Mapping[str, str]) -> dict[str, Any]:
    """Options of the COG driver; the user's win."""
    options = {**_codec("LEVEL"), "PREDICTOR": "YES", "BIGTIFF": "IF_SAFER"}
    options["NUM_THREADS"] = "ALL_CPUS"
    chosen = {key.upper(): value for key, value in user.items()}
    if "COMPRESS" in chosen:
        options = {key: options[key] for key in ("BIGTIFF", "NUM_THREADS")}
    return {**options, **chosen}


def check_complete(made: Path, target: Path) -> None:
    """Raise OutputError, naming ``target``, unless every block lies within the file ``made``.

    GDAL reports no error when the disk fills while its threads compress: the file closes in
    peace, and blocks are missing.
    """
    size = made.stat().st_size
    try:
        with quietly(), rasterio.open(made) as written:
            per_band = written.profile.get("interleave") == "band"
            for band in range(1, (written.count if per_band else 1) + 1):
                for (row, col), _ in written.block_windows(band):
                    offset = written.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", band)
                    length = written.get_tag_item(f"BLOCK_SIZE_{col}_{row}", "TIFF", band)
                    if offset and length and int(offset) + int(length) > size:
                        raise no_space(target)
    except GDAL_ERRORS as error:
        raise no_space(target) from error


def check_space(target: Path, needed: int) -> None:
    """Refuse what cannot fit even when compressed to half, warn of what may not."""
    free = shutil.disk_usage(target.parent).free
    if free < needed / 2:
        raise OutputError(
            "too-little-space", needed=_size(needed), folder=target.parent, free=_size(free)
        )
    if free < needed:
        log.warning("%s may be too small for the result.", target.parent)


def _size(count: int) -> str:
    """Format a number of bytes."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.1f} MiB"


@contextmanager
def quietly() -> Iterator[None]:
    """No word about a raster that lies nowhere on Earth: that is the user's choice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def no_space(target: Path) -> OutputError:
    """Return the error of a full disk."""
    return OutputError("disk-full", target=target)
