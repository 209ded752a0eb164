# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters in and out: windows, reading, nodata and GeoTIFFs; no knowledge of PAN and MS."""
