# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a raster lies on Earth."""

from __future__ import annotations

from rasterio.crs import CRS

from core.raster.gdal import GDAL_ERRORS


def on_earth(crs: CRS | None) -> bool:
    """Whether coordinates of this CRS are places on Earth, as those of LOCAL_CS are not."""
    if not crs:
        return False
    try:
        return bool(crs.is_geographic or crs.is_projected)
    except GDAL_ERRORS:
        return False


def same_crs(one: CRS | None, other: CRS | None) -> bool:
    """Whether two CRS are the same; one that is missing or nowhere is taken to be the other."""
    if one is None or other is None or one == other or not (on_earth(one) and on_earth(other)):
        return True
    try:
        if one.to_epsg() is not None and one.to_epsg() == other.to_epsg():
            return True
        return bool(one.to_dict()) and one.to_dict() == other.to_dict()
    except GDAL_ERRORS:  # PROJ has no short form of every CRS
        return False
