# SPDX-License-Identifier: GPL-2.0-or-later
"""Cheap checks of a pair before anything runs; each returns a message, empty when all is well.

They look only at what QGIS has already read. The worker checks again, and more.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsRasterLayer,
    QgsRectangle,
)

from .base import tr
from .sources import same_file

# The worker refuses a PAN that is not clearly finer than MS.
_SMALLEST_RATIO = 1.2


def bands(layer: QgsRasterLayer, chosen: Sequence[int], role: str) -> str:
    """Chosen bands exist, none twice."""
    count = layer.bandCount()
    missing = [band for band in chosen if not 1 <= band <= count]
    if missing:
        return tr("{} '{}' has no band {}: it has {}.").format(
            role, layer.name(), missing[0], count
        )
    if len(set(chosen)) != len(chosen):
        return tr("A band of {} '{}' was chosen twice.").format(role, layer.name())
    return ""


def pan_band(pan: QgsRasterLayer, chosen: int | None) -> str:
    """A PAN of several bands needs a choice."""
    if chosen is None and pan.bandCount() > 1:
        return tr(
            "'{}' has {} bands: choose the panchromatic one (advanced parameter 'Band of PAN'), "
            "or another layer as PAN."
        ).format(pan.name(), pan.bandCount())
    return ""


def different(pan_source: str, ms_source: str) -> str:
    """PAN and MS are two files: within one, all bands have pixels of the same size."""
    if not same_file(pan_source, ms_source):
        return ""
    return tr("PAN and MS are the same file. Choose the finer, panchromatic image as PAN.")


def geometry(pan: QgsRasterLayer, ms: QgsRasterLayer) -> str:
    """PAN is finer than MS, and both overlap."""
    extent = extent_in(ms, pan.crs())
    if extent is None:
        return ""
    if not extent.intersects(pan.extent()):
        return tr("'{}' and '{}' do not overlap.").format(pan.name(), ms.name())
    fine, coarse = pixel_size(pan.extent(), pan), pixel_size(extent, ms)
    if fine <= 0 or coarse <= 0 or coarse / fine >= _SMALLEST_RATIO:
        return ""
    hint = tr("They seem to be exchanged.") if coarse < fine else ""
    return (
        tr("The pixels of PAN '{}' are not finer than those of MS '{}'.").format(
            pan.name(), ms.name()
        )
        + " "
        + hint
    ).strip()


def output(path: str, inputs: Sequence[str]) -> str:
    """The output can be written and is none of the inputs."""
    if not path:
        return ""
    if any(same_file(path, one) for one in inputs):
        return tr("The output must not be one of the inputs: {}").format(path)
    if Path(path).suffix.lower() not in (".tif", ".tiff"):
        return tr("The output is a GeoTIFF: name it .tif, not {}").format(Path(path).name)
    if not Path(path).resolve().parent.is_dir():
        return tr("The folder of the output does not exist: {}").format(Path(path).parent)
    return ""


def model_file(path: str) -> str:
    """The user's own model was named and is there."""
    if not path:
        return tr("The model 'custom' needs a model file (advanced parameter).")
    if not Path(path).is_file():
        return tr("The model file does not exist: {}").format(path)
    return ""


def pixel_size(extent: QgsRectangle, layer: QgsRasterLayer) -> float:
    """Geometric mean of a layer's pixel width and height, in the units of `extent`."""
    pixels = layer.width() * layer.height()
    return (extent.width() * extent.height() / pixels) ** 0.5 if pixels else 0.0


def extent_in(layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> QgsRectangle | None:
    """A layer's extent in another CRS; None when that cannot be told."""
    if layer.crs() == crs or not layer.crs().isValid() or not crs.isValid():
        return layer.extent()
    transform = QgsCoordinateTransform(layer.crs(), crs, QgsCoordinateTransformContext())
    try:
        return transform.transformBoundingBox(layer.extent())
    except QgsCsException:
        return None
