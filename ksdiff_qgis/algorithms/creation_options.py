# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL creation options of a result: read, and tried before anything runs."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator, Mapping

from osgeo import gdal

from ..language import tr

# Size and value of the image that options are tried on: two tiles; no codec turns 100 into 0.
_SIZE, _TILE, _VALUE = (512, 256), 256, 100
# The worker's defaults.
_USUAL = {
    "TILED": "YES",
    "BLOCKXSIZE": str(_TILE),
    "BLOCKYSIZE": str(_TILE),
    "PHOTOMETRIC": "MINISBLACK",
    "ALPHA": "NO",
    "COMPRESS": "DEFLATE",
}


def parse(text: str) -> dict[str, str]:
    """Parse `NAME=VALUE|NAME=VALUE`; QGIS 3.40 and newer separate by spaces.

    Raises ValueError: a part without a name or without `=`.
    """
    parts = text.split("|") if "|" in text else text.split()
    options = {}
    for part in (each.strip() for each in parts):
        name, equals, value = part.partition("=")
        if part and not (equals and name.strip()):
            raise ValueError(part)
        if part:
            options[name.strip().upper()] = value.strip()
    return options


def problem(options: Mapping[str, str], kind: int, bands: int, cog: bool) -> str:
    """Return why GDAL cannot write an image with these options; empty if it can.

    Write a small image and read it again: GDAL does not list which options exclude one another,
    and some, such as JPEG of 16 bits, fail only when pixels are written.
    """
    driver = gdal.GetDriverByName("COG" if cog else "GTiff")
    if not options or driver is None or not _is_known(options.get("COMPRESS", ""), driver):
        return ""  # the worker's GDAL may have the codec
    target = f"/vsimem/ksdiff-{uuid.uuid4().hex}.tif"
    used = dict(options) if cog else {**_USUAL, **options}
    with _failures() as failures:
        image = gdal.GetDriverByName("MEM").Create("", *_SIZE, bands, kind)
        for band in range(1, bands + 1):
            image.GetRasterBand(band).Fill(_VALUE)
        listed = [f"{name}={value}" for name, value in used.items()]
        driver.CreateCopy(target, image, options=listed)  # and closed
        lost = not failures and _is_lost(target)
        gdal.Unlink(target)
    if not failures and not lost:
        return ""
    reason = (
        re.sub(r"^\W*/vsimem/\S+?\.tif: ", "", failures[0]) if failures else tr("values are lost")
    )
    given = " ".join(f"{name}={value}" for name, value in options.items())
    return tr("GDAL cannot write {} bands of the type {} with the creation options {}: {}").format(
        bands, gdal.GetDataTypeName(kind), given, reason
    )


def _is_known(codec: str, driver: gdal.Driver) -> bool:
    """Return whether this GDAL has a codec."""
    listed = driver.GetMetadataItem("DMD_CREATIONOPTIONLIST") or ""
    return not codec or f">{codec.upper()}<" in listed


def _is_lost(path: str) -> bool:
    """Return whether an image cannot be read, or is empty."""
    read = gdal.Open(path)
    if read is None:
        return True
    return read.GetRasterBand(1).ComputeRasterMinMax(False)[1] <= 0


@contextlib.contextmanager
def _failures() -> Iterator[list[str]]:
    """Collect what GDAL reports as failed, instead of raising or showing it."""
    found: list[str] = []

    def keep(level: int, _number: int, message: str) -> None:
        if level >= gdal.CE_Failure:
            found.append(message)

    raises = gdal.GetUseExceptions()
    gdal.DontUseExceptions()
    gdal.PushErrorHandler(keep)
    try:
        yield found
    finally:
        gdal.PopErrorHandler()
        if raises:
            gdal.UseExceptions()
