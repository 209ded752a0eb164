# SPDX-License-Identifier: GPL-2.0-or-later
"""VRTs, GDAL's XML descriptions of rasters: written by GDAL of a raster, then edited."""

from __future__ import annotations

from xml.etree import ElementTree as ET  # nosec B405

import rasterio.shutil
from affine import Affine
from rasterio.io import DatasetReader, MemoryFile
from rasterio.vrt import WarpedVRT


class NamedVrt(DatasetReader):
    """A raster opened from the text or name of a VRT, with the name of the file behind it."""

    def __init__(self, vrt: str, name: str) -> None:
        super().__init__(vrt)
        self._name = name

    @property
    def name(self) -> str:
        """Name of the file behind the VRT."""
        return self._name


def vrt_of(dataset: DatasetReader | WarpedVRT) -> ET.Element:
    """Return the VRT that GDAL writes of a raster."""
    with MemoryFile(ext=".vrt") as memory:
        rasterio.shutil.copy(dataset, memory.name, driver="VRT")
        return ET.fromstring(memory.read())  # nosec B314


def add(parent: ET.Element, tag: str, text: object) -> None:
    """Append an element with this text; nothing for None."""
    if text is not None:
        ET.SubElement(parent, tag).text = str(text)


def replace_text(root: ET.Element, tag: str, text: str) -> None:
    """Replace the text of the first element with this tag, if there is one."""
    for found in root.iter(tag):
        found.text = text
        return


def geotransform(transform: Affine) -> str:
    """Return the text of a `GeoTransform` element."""
    return ", ".join(repr(float(number)) for number in transform.to_gdal())
