# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster that GDAL makes of a description, which keeps the name of its file."""

from __future__ import annotations

from rasterio.io import DatasetReader


class DescribedRaster(DatasetReader):
    """A raster of a VRT's text, under the name of the file that it is made of."""

    def __init__(self, description: str, name: str) -> None:
        super().__init__(description)
        self._name = name

    @property
    def name(self) -> str:
        """Name of the file behind the description."""
        return self._name
