# SPDX-License-Identifier: GPL-2.0-or-later
"""What GDAL says through rasterio is in words."""

from __future__ import annotations

import logging

import pytest
from rasterio.io import MemoryFile

from core.raster import gdal


def test_warning_of_gdal_has_no_class_of_rasterio_in_it(caplog: pytest.LogCaptureFixture) -> None:
    assert issubclass(OSError, gdal.GDAL_ERRORS)
    shape = {"driver": "GTiff", "width": 1, "height": 1, "count": 1, "dtype": "uint8"}
    with caplog.at_level(logging.WARNING), MemoryFile() as memory:
        memory.open(**shape, compres="LZW").close()
    assert "COMPRES" in caplog.text and "CPLE_" not in caplog.text
