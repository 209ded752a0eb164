# SPDX-License-Identifier: GPL-2.0-or-later
"""What GDAL and PROJ raise through rasterio, which is not all a `RasterioError`."""

from __future__ import annotations

from rasterio._err import CPLE_BaseError
from rasterio.errors import CRSError, RasterioError, RPCError

#: To be caught where rasterio works on files; `core.errors.reason_of` finds GDAL's own reason.
GDAL_ERRORS = (RasterioError, CPLE_BaseError, CRSError, RPCError, OSError)
