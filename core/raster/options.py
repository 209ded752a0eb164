# SPDX-License-Identifier: GPL-2.0-or-later
"""Creation options of GeoTIFFs: defaults, the user's, and a trial of them.

GDAL ignores unknown options with a warning, and with some known ones a file holds other values than
were written. So a few pixels are written and read back before any work.
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
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.geotiff import on_grid
from core.raster.pixels import limits

log = logging.getLogger(__name__)

BLOCK_SIZES = (256, 128, 64, 32, 16)
# Keywords of rasterio.open that the scene sets, which are no creation options.
RESERVED = {"driver", "width", "height", "count", "dtype", "crs", "transform", "nodata", "mode"}
#: Old programs read DEFLATE too; at level 1 it is smaller than ZSTD and nearly as fast.
CODEC = {"COMPRESS": "DEFLATE"}
THREADS = str(min(4, os.cpu_count() or 1))
TRIAL = 256  # px, width and height of the pixels that a trial writes
RISE = 32  # px over which they rise from the least value to the greatest
LOSSY = 0.05  # RMS error that a lossy codec may have in a trial, over the range of values


def creation_options(dtype: np.dtype, tile: int, user: Mapping[str, str]) -> dict[str, Any]:
    """Return options of the GTiff driver: defaults, overridden by the user's."""
    block = next((size for size in BLOCK_SIZES if tile % size == 0), BLOCK_SIZES[0])
    options: dict[str, Any] = {
        "TILED": "YES",
        "BLOCKXSIZE": block,
        "BLOCKYSIZE": block,
        "BIGTIFF": "IF_SAFER",
        "NUM_THREADS": THREADS,
        # By default GDAL tags four 8-bit bands as RGB and alpha.
        "PHOTOMETRIC": "MINISBLACK",
        "ALPHA": "NO",
        **CODEC,
        "ZLEVEL": 1,
        "PREDICTOR": 3 if dtype.kind == "f" else 2,
    }
    chosen = _chosen(user)
    if "ZSTD_LEVEL" in chosen:
        chosen.setdefault("COMPRESS", "ZSTD")
    _remove_replaced(options, chosen)
    if chosen.get("TILED", "YES").upper() in ("NO", "FALSE", "OFF"):
        options.pop("BLOCKXSIZE")
        options.pop("BLOCKYSIZE")
    return {**options, **chosen}


def cog_options(dtype: np.dtype, user: Mapping[str, str]) -> dict[str, Any]:
    """Return options of the COG driver: defaults, overridden by the user's.

    One thread: with more, GDAL may hang while it makes overviews.
    """
    options = {**CODEC, "LEVEL": 1, "PREDICTOR": "YES", "BIGTIFF": "IF_SAFER", "NUM_THREADS": "1"}
    chosen = _chosen(user)
    _remove_replaced(options, chosen)
    return {**options, **chosen}


def _chosen(user: Mapping[str, str]) -> dict[str, str]:
    """Return the user's options with names in capitals; raise OutputError for a reserved name."""
    bad = sorted(key for key in user if key.lower() in RESERVED)
    if bad:
        raise OutputError("creation-option-invalid", options=", ".join(map(str.upper, bad)))
    return {key.upper(): value for key, value in user.items()}


def _remove_replaced(options: dict[str, Any], chosen: Mapping[str, str]) -> None:
    """Remove the defaults that contradict the chosen options."""
    if "COMPRESS" in chosen:
        for key in ("COMPRESS", "ZLEVEL", "LEVEL", "PREDICTOR"):
            options.pop(key, None)
    if chosen.get("NBITS", "8") not in ("8", "16", "32", "64"):  # predictors need whole types
        options.pop("PREDICTOR", None)


def packed_bits(dtype: np.dtype, user: Mapping[str, str]) -> int | None:
    """Return the number of bits that pixels are packed to; None for all of the type."""
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
    """Write a few pixels with the options of the file, and read them back.

    Raises OutputError if the driver refuses or ignores an option, or the values are lost.

    Parameters
    ----------
    folder : where the file will be written.
    profile : of the file in its full size: pixels that are not written take no space.
    user : the user's options.
    cog : options of the COG driver, if the file is converted to a COG.
    span : least and greatest value, for float types.
    """
    dtype, name = np.dtype(profile["dtype"]), "COG" if cog else "GTiff"
    options = ", ".join(f"{key}={value}" for key, value in _chosen(user).items())
    profile = {**profile, "NUM_THREADS": "1"}  # errors in GDAL's threads have no reason
    try:
        with quietly(), gdal_warnings() as messages:
            made = _write_ends(folder / "trial.tif", profile, _ramp(profile, user, span))
            if cog:
                small = {**profile, "width": TRIAL, "height": TRIAL}
                plain = _write_ends(folder / "small.tif", small, _ramp(small, user, span))
                made = folder / "trial-cog.tif"
                rasterio.shutil.copy(plain, made, driver="COG", **{**cog, "NUM_THREADS": "1"})
            with rasterio.open(made) as written:
                expected = found = _ramp(written.profile, user, span)
                if on_grid(written, profile["transform"]):  # a tiling scheme resamples
                    found = written.read(window=Window(0, 0, *expected.shape[:0:-1]))
    except GDAL_ERRORS as error:
        raise _refused(name, options, reason_of(error)) from error
    for text in messages:
        if "clipped to fit" not in text and not _belongs_to_other_driver(text, user, cog):
            raise _refused(name, options, text)
    rms = np.sqrt(np.mean((found.astype(np.float64) - expected) ** 2))
    if not rms <= LOSSY * (float(expected.max()) - float(expected.min())):
        raise OutputError("creation-options-lose-values", options=options, dtype=dtype)


def _refused(driver: str, options: str, reason: str) -> OutputError:
    """Return the error for GDAL's reason, in which the name of the trial's file is left out."""
    reason = re.sub(r"^trial[\w-]*\.tif(, band \d+)?: ", "", reason).rstrip(".")
    return OutputError("creation-options-refused", driver=driver, options=options, reason=reason)


def _ramp(
    profile: Mapping[str, Any], user: Mapping[str, str], span: tuple[float, float]
) -> np.ndarray:
    """Return ramps `(C, h, w)` over all values that can be written, no larger than the file."""
    dtype = np.dtype(profile["dtype"])
    height, width = min(TRIAL, profile["height"]), min(TRIAL, profile["width"])
    low, high = span if dtype.kind == "f" else limits(dtype, packed_bits(dtype, user))
    rows, cols = np.arange(height)[:, None], np.arange(width)
    ramp = np.abs((rows + cols) % (2 * RISE) / RISE - 1.0)  # up and down again
    values = (low * (1 - ramp) + high * ramp).astype(dtype)
    return np.broadcast_to(values, (profile["count"], height, width))


def _write_ends(path: Path, profile: Mapping[str, Any], pixels: np.ndarray) -> Path:
    """Write pixels `(C, h, w)` at the end of the file and then at its beginning, out of order."""
    _, height, width = pixels.shape
    with rasterio.open(path, "w", **{**profile, "SPARSE_OK": "TRUE"}) as dataset:
        for col, row in ((profile["width"] - width, profile["height"] - height), (0, 0)):
            dataset.write(pixels, window=Window(col, row, width, height))
    return path


def _belongs_to_other_driver(
    text: str, user: Mapping[str, str], cog: Mapping[str, Any] | None
) -> bool:
    """Return whether GDAL's text is about an option of GTiff, which a COG does not need; log it."""
    found = re.search(r"COG does not support creation option (\w+)", text)
    if not cog or not found:
        return False
    name = found[1].upper()
    shape = {"width": 16, "height": 16, "count": 1, "dtype": "uint8"}
    with quietly(), gdal_warnings() as messages, MemoryFile() as memory, suppress(*GDAL_ERRORS):
        memory.open(driver="GTiff", **shape, **{name: _chosen(user).get(name, "")}).close()
    if any("does not support creation option" in other for other in messages):
        return False
    log.warning("The creation option %s is of GTiff, not of COG: it is not used.", name)
    return True


@contextmanager
def gdal_warnings() -> Iterator[list[str]]:
    """Collect the warnings of GDAL that rasterio would log."""
    messages: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    logger, listener = logging.getLogger("rasterio._env"), Listener(logging.WARNING)
    before = logger.propagate, logger.level
    logger.addHandler(listener)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield messages
    finally:
        logger.removeHandler(listener)
        logger.propagate = before[0]
        logger.setLevel(before[1])
