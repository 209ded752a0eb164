# SPDX-License-Identifier: GPL-2.0-or-later
"""Raster layers of QGIS: their sources, geometry and pairing, and how results are shown."""
