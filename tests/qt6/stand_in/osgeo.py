# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL, which no window calls while it is built."""

from qgis.anything import named

gdal = named("gdal")
ogr = named("ogr")
