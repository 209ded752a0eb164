# SPDX-License-Identifier: GPL-2.0-or-later
"""From what QGIS holds to what the worker can open: plain strings."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingOutputLayerDefinition,
    QgsRasterLayer,
)

from ..language import tr
from ..runtime.errors import RunError

_EXPORT = "Save it as a GeoTIFF first (layer menu > Export > Save As)."


def source(layer: QgsRasterLayer) -> str:
    """The string by which the worker's GDAL opens a layer: a path, mostly.

    Raises
    ------
    RunError : another process cannot read this layer.
    """
    provider = layer.providerType()
    if provider != "gdal":
        raise RunError(
            tr("The layer '{}' comes from '{}' and is not a raster file.").format(
                layer.name(), provider
            ),
            tr(_EXPORT),
            "InputError",
        )
    text = layer.source()
    if "/vsimem/" in text.lower() or text.upper().startswith("MEM:"):
        raise RunError(
            tr("The layer '{}' lives in the memory of QGIS only.").format(layer.name()),
            tr(_EXPORT),
            "InputError",
        )
    if "authcfg=" in text or "|credential:" in text:
        raise RunError(
            tr("The layer '{}' needs credentials kept in QGIS.").format(layer.name()),
            tr(_EXPORT),
            "InputError",
        )
    # QGIS appends its own open options to a GDAL source after a bar.
    return full_path(text.split("|option:")[0])


def full_path(text: str) -> str:
    """A path as it is from any folder; the worker has its own. What is no file stays as it is."""
    return os.path.abspath(text) if os.path.exists(text) else text  # noqa: PTH100, PTH110


def same_file(first: str, second: str) -> bool:
    """Whether two sources are the same file, whatever way they are written."""
    if first == second:
        return True
    try:
        return Path(first).samefile(second)
    except OSError:
        return _canonical(first) == _canonical(second)


def files(text: str) -> set[str]:
    """A source, and all files that GDAL reads for it: side files, and what a VRT shows."""
    found: set[str] = set()
    waiting = {text}
    while waiting:
        name = waiting.pop()
        # Only a VRT names files that may name others again: those of a VRT in a VRT.
        if not found or _is_vrt(name):
            waiting |= _listed(name) - found - {name}
        found.add(name)
    return found


def file_crs(layer: QgsRasterLayer) -> QgsCoordinateReferenceSystem:
    """The CRS that a layer's file says, by which the worker goes; invalid where it says none."""
    known = layer.dataProvider().crs()
    if known == layer.crs():
        return known
    # Another one may have been assigned to the file since QGIS opened it.
    data = _opened(source(layer))
    return known if data is None else QgsCoordinateReferenceSystem.fromWkt(data.GetProjection())


def _listed(name: str) -> set[str]:
    data = _opened(name)
    return set(data.GetFileList() or ()) if data is not None else set()


def _opened(name: str) -> Any:
    """A source as GDAL has it; None where it cannot be opened."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # that nobody chose how GDAL fails
            return gdal.OpenEx(name, gdal.OF_RASTER)
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


def destination(value: Any) -> str:
    """The file a raster destination names; empty for a temporary one.

    `parameterAsOutputLayer` would also do, but it registers the layer to be loaded each time
    it is asked, so that checks must not use it.
    """
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink.staticValue()
    text = "" if value is None else str(value)
    return "" if text.upper() in ("", "TEMPORARY_OUTPUT") else text


def creation_options(text: str) -> dict[str, str]:
    """Parse `NAME=VALUE|NAME=VALUE`; QGIS 3.40 and newer separate by spaces.

    Raises
    ------
    ValueError : a part without a name or without `=`.
    """
    parts = text.split("|") if "|" in text else text.split()
    options = {}
    for part in (p.strip() for p in parts):
        name, equals, value = part.partition("=")
        if part and not (equals and name.strip()):
            raise ValueError(part)
        if part:
            options[name.strip().upper()] = value.strip()
    return options
