# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL, of which no window asks anything."""

gdal = None
