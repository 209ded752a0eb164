# SPDX-License-Identifier: GPL-2.0-or-later
"""Differences between QGIS 3.22 and 4.x."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsRaster


def raster_options_widget() -> dict[str, Any]:
    """Return parameter metadata for the editor of raster creation options.

    QGIS 3.40 replaced the GDAL provider's Python widget by one of its own.
    """
    if Qgis.QGIS_VERSION_INT >= 33900:
        return {"widget_wrapper": {"widget_type": "rasteroptions"}}
    widget = "processing.algs.gdal.ui.RasterOptionsWidget.RasterOptionsWidgetWrapper"
    return {"widget_wrapper": {"class": widget}}


def raster_layer_type() -> Any:
    """Return the layer type "raster", which moved to `Qgis` in QGIS 3.30."""
    try:
        return Qgis.LayerType.Raster
    except AttributeError:
        return QgsMapLayer.LayerType.RasterLayer


def alpha_band() -> Any:
    """Return the colour interpretation "alpha", which moved to `Qgis` in QGIS 3.30."""
    try:
        return Qgis.RasterColorInterpretation.AlphaBand
    except AttributeError:
        return QgsRaster.ColorInterpretation.AlphaBand


def temporary_folder(context: QgsProcessingContext) -> Path:
    """Return the folder of temporary results; from QGIS 3.32 on, a run may have its own."""
    try:
        return Path(QgsProcessingUtils.tempFolder(context))
    except TypeError:
        return Path(QgsProcessingUtils.tempFolder())
