# SPDX-License-Identifier: GPL-2.0-or-later
"""A PAN and a multispectral raster brought onto one grid, read window by window."""

from __future__ import annotations

from core.grid import interpolate, interpolation_matrix

__all__ = ["interpolate", "interpolation_matrix"]
