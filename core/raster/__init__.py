# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters in and out: windows, reading, nodata and GeoTIFFs; no knowledge of PAN and MS."""

import os

# In MB. By default GDAL keeps blocks in 5 % of the machine's memory, and a large scene fills that.
os.environ.setdefault("GDAL_CACHEMAX", "256")
