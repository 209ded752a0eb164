# SPDX-License-Identifier: GPL-2.0-or-later
"""Creation options of GeoTIFFs: defaults that give way to the user's, and a trial of both.

GDAL drops an option that it does not know with no more than a warning, and some that it knows make
a file of other values than were written. So a few pixels are written with them before any work.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.io import MemoryFile
from rasterio.windows import Window

from core.errors import OutputError, reason_of
from core.raster.gdal import GDAL_ERRORS
from core.raster.geotiff import on_grid, quietly
from core.raster.pixels import limits

log = logging.getLogger(__name__)

BLOCK_SIZES = (256, 128, 64, 32, 16)
# Keywords of rasterio.open that are the scene's to decide, not creation options of the driver.
RESERVED = {"driver", "width", "height", "count", "dtype", "crs", "transform", "nodata", "mode"}
#: Programs of ten years ago read DEFLATE; at level 1 it is smaller than ZSTD and nearly as fast.
CODEC = {"COMPRESS": "DEFLATE"}
THREADS = str(min(4, os.cpu_count() or 1))
TRIAL = 256  # px, width and height of what is written in a trial
RISE = 32  # px over which it rises from the least value to the greatest
LOSSY = 0.05  # of the range of values: how far, in RMS, a lossy codec may be off in a trial


def creation_options(dtype: np.dtype, tile: int, user: Mapping[str, str]) -> dict[str, Any]:
    """Options of the GTiff driver; the user's win."""
    block = next((size for size in BLOCK_SIZES if tile % size == 0), BLOCK_SIZES[0])
    options: dict[str, Any] = {
        "TILED": "YES",
        "BLOCKXSIZE": block,
        "BLOCKYSIZE": block,
        "BIGTIFF": "IF_SAFER",
        "NUM_THREADS": THREADS,
        # Four 8-bit bands would otherwise be taken for RGB and alpha.
        "PHOTOMETRIC": "MINISBLACK",
        "ALPHA": "NO",
        **CODEC,
        "ZLEVEL": 1,
        "PREDICTOR": 3 if dtype.kind == "f" else 2,
    }
    chosen = _chosen(user)
    if "ZSTD_LEVEL" in chosen:
        chosen.setdefault("COMPRESS", "ZSTD")
    _give_way(options, chosen)
    if chosen.get("TILED", "YES").upper() in ("NO", "FALSE", "OFF"):
        options.pop("BLOCKXSIZE")
        options.pop("BLOCKYSIZE")
    return {**options, **chosen}


def cog_options(dtype: np.dtype, user: Mapping[str, str]) -> dict[str, Any]:
    """Options of the COG driver; the user's win.

    One thread: the driver makes overviews too, in which GDAL may hang with more.
    """
    options = {**CODEC, "LEVEL": 1, "PREDICTOR": "YES", "BIGTIFF": "IF_SAFER"}
    options["NUM_THREADS"] = "1"
    chosen = _chosen(user)
    _give_way(options, chosen)
    return {**options, **chosen}


def _chosen(user: Mapping[str, str]) -> dict[str, str]:
    """Return the user's options by names in capitals; raise OutputError for what is no option."""
    bad = sorted(key for key in user if key.lower() in RESERVED)
    if bad:
        raise OutputError("creation-option-invalid", options=", ".join(map(str.upper, bad)))
    return {key.upper(): value for key, value in user.items()}


def _give_way(options: dict[str, Any], chosen: Mapping[str, str]) -> None:
    """Remove the defaults that do not go with what was chosen."""
    if "COMPRESS" in chosen:
        for key in ("COMPRESS", "ZLEVEL", "LEVEL", "PREDICTOR"):
            options.pop(key, None)
    if chosen.get("NBITS", "8") not in ("8", "16", "32", "64"):  # those that predictors work on
        options.pop("PREDICTOR", None)


def packed_bits(dtype: np.dtype, user: Mapping[str, str]) -> int | None:
    """Return to how many bits a pixel is packed; None for all that the type has."""
    text = _chosen(user).get("NBITS", "")
    if dtype.kind != "u" or not text.isdecimal():
        return None
    return int(text) if 0 < int(text) < 8 * dtype.itemsize else None


def try_options(
    folder: Path,
    profile: Mapping[str, Any],
    user: Mapping[str, str],
    cog: Mapping[str, Any] | None,
    span: tuple[float, float],
) -> None:
    """Write a few pixels as the file will be written, and read them back.

    Parameters
    ----------
    folder : where the file will lie.
    profile : of the file, its size too: what is not written takes no space.
    user : the options that the user chose.
    cog : options of the COG driver, if a COG is made of the file.
    span : least and greatest value, of floats.

    Raises OutputError where the driver refuses or drops an option, or loses the values.
    """
    dtype, name = np.dtype(profile["dtype"]), "COG" if cog else "GTiff"
    options = ", ".join(f"{key}={value}" for key, value in _chosen(user).items())
    profile = {**profile, "NUM_THREADS": "1"}  # what fails in a thread of GDAL's gives no reason
    try:
        with quietly(), complaints() as said:
            made = _write_ends(folder / "trial.tif", profile, _ramp(profile, user, span))
            if cog:
                small = {**profile, "width": TRIAL, "height": TRIAL}
                plain = _write_ends(folder / "small.tif", small, _ramp(small, user, span))
                made = folder / "trial-cog.tif"
                rasterio.shutil.copy(plain, made, driver="COG", **{**cog, "NUM_THREADS": "1"})
            with rasterio.open(made) as written:
                expected = found = _ramp(written.profile, user, span)
                if on_grid(written, profile["transform"]):  # not for tiling schemes
                    found = written.read(window=Window(0, 0, *expected.shape[:0:-1]))
    except GDAL_ERRORS as error:
        reason = _without_name(reason_of(error))
        raise OutputError(
            "creation-options-refused", driver=name, options=options, reason=reason
        ) from error
    for text in said:
        if "clipped to fit" not in text and not _belongs_to_other_driver(text, user, cog):
            reason = _without_name(text)
            raise OutputError(
                "creation-options-refused", driver=name, options=options, reason=reason
            )
    rms = np.sqrt(np.mean((found.astype(np.float64) - expected) ** 2))
    if not rms <= LOSSY * (float(expected.max()) - float(expected.min())):
        raise OutputError("creation-options-lose-values", options=options, dtype=dtype)


def _without_name(reason: str) -> str:
    """Return GDAL's reason without the name of the trial's file and without a full stop."""
    return re.sub(r"^trial[\w-]*\.tif(, band \d+)?: ", "", reason).rstrip(".")


def _ramp(
    profile: Mapping[str, Any], user: Mapping[str, str], span: tuple[float, float]
) -> np.ndarray:
    """Return ramps over all values that can be written, (C, h, w), as large as the file allows."""
    dtype = np.dtype(profile["dtype"])
    height, width = min(TRIAL, profile["height"]), min(TRIAL, profile["width"])
    low, high = span if dtype.kind == "f" else limits(dtype, packed_bits(dtype, user))
    rows, cols = np.arange(height)[:, None], np.arange(width)
    ramp = np.abs((rows + cols) % (2 * RISE) / RISE - 1.0)  # up and down again
    values = (low * (1 - ramp) + high * ramp).astype(dtype)
    return np.broadcast_to(values, (profile["count"], height, width))


def _write_ends(path: Path, profile: Mapping[str, Any], pixels: np.ndarray) -> Path:
    """Write pixels at the end of the file and then, as tiles need no order, at its beginning."""
    _, height, width = pixels.shape
    with rasterio.open(path, "w", **{**profile, "SPARSE_OK": "TRUE"}) as dataset:
        for col, row in ((profile["width"] - width, profile["height"] - height), (0, 0)):
            dataset.write(pixels, window=Window(col, row, width, height))
    return path


def _belongs_to_other_driver(
    text: str, user: Mapping[str, str], cog: Mapping[str, Any] | None
) -> bool:
    """Whether GDAL complained of an option of plain GeoTIFFs, which a COG can do without."""
    found = re.search(r"COG does not support creation option (\w+)", text)
    if not cog or not found:
        return False
    name = found[1].upper()
    shape = {"width": 16, "height": 16, "count": 1, "dtype": "uint8"}
    with quietly(), complaints() as said, MemoryFile() as memory, suppress(*GDAL_ERRORS):
        memory.open(driver="GTiff", **shape, **{name: _chosen(user).get(name, "")}).close()
    if any("does not support creation option" in other for other in said):
        return False
    log.warning("The creation option %s is of GTiff, not of COG: it is not used.", name)
    return True


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collect GDAL's warnings, which rasterio logs, in place of logging them."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, listener = logging.getLogger("rasterio._env"), Listener(logging.WARNING)
    before = logger.propagate, logger.level
    logger.addHandler(listener)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.propagate = before[0]
        logger.setLevel(before[1])
