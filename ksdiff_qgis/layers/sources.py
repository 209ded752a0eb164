# SPDX-License-Identifier: GPL-2.0-or-later
"""Data sources of raster layers, as strings that the worker's GDAL can open."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

from ..language import tr
from ..runtime.errors import RunError

_OPTION = "|option:"  # QGIS appends these to the source of a GDAL layer
_EXPORT = "Export it as a GeoTIFF first (layer menu > Export > Save As)."


def source(layer: QgsRasterLayer) -> str:
    """Return the string by which the worker's GDAL opens a layer, in most cases a path.

    Raises RunError: another process cannot read this layer.
    """
    provider = layer.providerType()
    if provider != "gdal":
        raise _unreadable(
            tr("The layer '{}' comes from '{}' and is not a raster file.").format(
                layer.name(), provider
            )
        )
    text = layer.source()
    if "/vsimem/" in text.lower() or text.upper().startswith("MEM:"):
        raise _unreadable(tr("The layer '{}' exists in memory only.").format(layer.name()))
    if "authcfg=" in text or "|credential:" in text:
        raise _unreadable(
            tr("The layer '{}' needs credentials stored in QGIS.").format(layer.name())
        )
    return full_path(text.split(_OPTION)[0])


def open_options(layer: QgsRasterLayer) -> list[str]:
    """Return the open options of GDAL, NAME=VALUE, that a layer was opened with."""
    return layer.source().split(_OPTION)[1:]


def open_source(layer: QgsRasterLayer) -> Any:
    """Open a layer's file with GDAL, as QGIS did; None if that fails.

    Raises RunError: another process cannot read this layer.
    """
    return _open(source(layer), open_options(layer))


def _unreadable(message: str) -> RunError:
    return RunError(message, tr(_EXPORT), "InputError")


def full_path(text: str) -> str:
    """Return the absolute path of a file; any other source string is returned unchanged."""
    return os.path.abspath(text) if os.path.exists(text) else text  # noqa: PTH100, PTH110


def same_file(first: str, second: str) -> bool:
    """Return whether two sources name the same file."""
    if first == second:
        return True
    try:
        return Path(first).samefile(second)
    except OSError:
        return _canonical(first) == _canonical(second)


def files(text: str) -> set[str]:
    """Return a source and all files that GDAL reads for it: side files, sources of a VRT."""
    found: set[str] = set()
    waiting = {text}
    while waiting:
        name = waiting.pop()
        # Only a VRT refers to files that may refer to further ones.
        if not found or _is_vrt(name):
            waiting |= _file_list(name) - found - {name}
        found.add(name)
    return found


def data_type(layer: QgsRasterLayer, bands: Sequence[int]) -> int:
    """Return GDAL's data type that has the values of all these bands in a layer's file."""
    data = open_source(layer)
    kind: int = gdal.GDT_Byte
    for band in bands if data is not None else ():
        kind = gdal.DataTypeUnion(kind, data.GetRasterBand(band).DataType)
    return kind


def is_plain_grid(layer: QgsRasterLayer) -> bool:
    """Return whether a layer's file is placed by its grid, not by control points or a camera model.

    QGIS warps those when it opens them.
    """
    data = open_source(layer)
    return data is not None and not data.GetGCPCount() and not data.GetMetadata("RPC")


def file_crs(layer: QgsRasterLayer) -> QgsCoordinateReferenceSystem:
    """Return the CRS stored in a layer's file, which the worker uses; invalid if there is none."""
    known = layer.dataProvider().crs()
    if known == layer.crs():
        return known
    # The file may have been assigned another CRS since QGIS opened it.
    data = _open(source(layer))
    return known if data is None else QgsCoordinateReferenceSystem.fromWkt(data.GetProjection())


def _file_list(name: str) -> set[str]:
    data = _open(name)
    return set(data.GetFileList() or ()) if data is not None else set()


def _open(name: str, options: Sequence[str] = ()) -> Any:
    """Open a source with GDAL; None if that fails."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # about GDAL's exception mode
            return gdal.OpenEx(name, gdal.OF_RASTER, open_options=list(options))
    except RuntimeError:
        return None


def _is_vrt(name: str) -> bool:
    try:
        with Path(name).open("rb") as file:
            return b"<VRTDataset" in file.read(1024)
    except OSError:
        return False


def _canonical(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))
