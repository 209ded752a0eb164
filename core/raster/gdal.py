# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors and warnings of GDAL and PROJ, as rasterio raises and logs them."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from rasterio import errors
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS

#: What rasterio may raise when it works on files; `core.errors.reason_of` finds GDAL's own reason.
GDAL_ERRORS = (errors.RasterioError, CPLE_BaseError, errors.CRSError, errors.RPCError, OSError)


def forget_error() -> None:
    """Clear GDAL's last error, which is handled; rasterio would raise it at its next call."""
    CRS.from_epsg(4326)


@contextmanager
def quietly() -> Iterator[None]:
    """Ignore warnings of rasters without georeference and of points that RPCs cannot place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.NotGeoreferencedWarning)
        warnings.simplefilter("ignore", errors.TransformWarning)
        yield


def _without_class(record: logging.LogRecord) -> bool:
    """Remove the class of an error that rasterio puts before a warning of GDAL."""
    record.msg, record.args = re.sub(r"^CPLE_\w+ in ", "", record.getMessage()), ()
    return True


logging.getLogger("rasterio._env").addFilter(_without_class)
