# SPDX-License-Identifier: GPL-2.0-or-later
"""What GDAL and PROJ raise through rasterio, which is not all a `RasterioError`."""

from __future__ import annotations

import logging
import re

from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.errors import CRSError, RasterioError, RPCError

#: To be caught where rasterio works on files; `core.errors.reason_of` finds GDAL's own reason.
GDAL_ERRORS = (RasterioError, CPLE_BaseError, CRSError, RPCError, OSError)


def forget_error() -> None:
    """Have GDAL forget an error that was dealt with; rasterio would raise it at its next call."""
    CRS.from_epsg(4326)


class _InWords(logging.Filter):
    """Take the class that rasterio gives a warning of GDAL out of its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, in words."""
        record.msg, record.args = re.sub(r"^CPLE_\w+ in ", "", record.getMessage()), ()
        return True


logging.getLogger("rasterio._env").addFilter(_InWords())
