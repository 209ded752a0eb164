# SPDX-License-Identifier: GPL-2.0-or-later
"""Bands, extents, pixel grids and CRS of input layers, checked before anything runs.

The functions ending in `_problem` return a message, empty if all is well. They look only at what
QGIS has already read; the worker checks again, and more.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsRasterLayer,
    QgsRectangle,
)

from .. import compat, paths
from ..language import tr
from .sources import file_crs, is_plain_grid, same_file

_MIN_RATIO: float = paths.pairing_rule()["least_ratio"]  # of MS to PAN pixel size
HALF_WAY = 180.0  # degrees around the Earth
# Tolerances for two grids to be the same: of the pixel size, and of the position in pixels.
_SIZE_TOLERANCE, _POSITION_TOLERANCE = 0.01, 0.1


# --- bands ---


def data_bands(layer: QgsRasterLayer) -> list[int]:
    """Return the bands of a layer other than alpha, 1-based."""
    provider = layer.dataProvider()
    alpha = compat.alpha_band()
    bands = range(1, layer.bandCount() + 1)
    return [band for band in bands if provider.colorInterpretation(band) != alpha]


def bands_problem(layer: QgsRasterLayer, chosen: Sequence[int], role: str) -> str:
    """Check that chosen bands (1-based) exist and none is chosen twice."""
    count = layer.bandCount()
    missing = [band for band in chosen if not 1 <= band <= count]
    if missing:
        return tr("{} '{}' has no band {}, only {}.").format(role, layer.name(), missing[0], count)
    if len(set(chosen)) != len(chosen):
        return tr("A band of {} '{}' was chosen twice.").format(role, layer.name())
    return ""


def pan_band_problem(pan: QgsRasterLayer, chosen: Sequence[int]) -> str:
    """Check that a band is chosen if PAN has several other than alpha."""
    count = len(data_bands(pan))
    if not chosen and count > 1:
        return tr(
            "'{}' has {} bands: choose the panchromatic one (advanced parameter 'Band of PAN'), "
            "or another layer as PAN."
        ).format(pan.name(), count)
    return ""


def band_counts(layer: QgsRasterLayer, chosen: Sequence[int] = ()) -> set[int]:
    """Return how many bands a layer may have for the worker.

    If none is chosen, only their values tell whether a band called alpha is a mask.
    """
    return {len(chosen)} if chosen else {len(data_bands(layer)), layer.bandCount()}


def band_count_problem(layer: QgsRasterLayer, wanted: set[int]) -> str:
    """Check that a layer has as many bands as MS.

    Several numbers may be possible; none: that of MS is not known.
    """
    if not wanted or band_counts(layer) & wanted:
        return ""
    count = len(data_bands(layer))
    has = tr("1 band") if count == 1 else tr("{} bands").format(count)
    return tr(
        "'{}' has {}, but {} of MS are compared with it: choose the matching ones in 'Bands of MS'."
    ).format(layer.name(), has, min(wanted))


# --- PAN and MS ---


def same_file_problem(pan_source: str, ms_sources: Sequence[str]) -> str:
    """Check that PAN is not a file of MS: within a file, all bands have the same pixel size."""
    if not any(same_file(pan_source, each) for each in ms_sources):
        return ""
    return tr("PAN and MS are the same file. Choose the finer, panchromatic image as PAN.")


def pair_problem(pan: QgsRasterLayer, ms: QgsRasterLayer) -> str:
    """Check that PAN is finer than MS and both overlap.

    Without georeference their corners are taken to agree.
    """
    if _has_no_georeference(pan) and _has_no_georeference(ms) and pan.width() > ms.width():
        return ""
    extents = _extents_in(ms, pan.crs())
    if not extents:
        return ""
    extent = next((each for each in extents if each.intersects(pan.extent())), None)
    if extent is None:
        message = tr("'{}' and '{}' do not overlap.").format(pan.name(), ms.name())
        return f"{message} {_crs_hint(pan, ms)}".strip()
    fine, coarse = pixel_size(pan.extent(), pan), pixel_size(extent, ms)
    if fine <= 0 or coarse <= 0 or coarse / fine >= _MIN_RATIO:
        return ""
    if coarse < fine:
        return tr(
            "PAN and MS are swapped: '{}' has smaller pixels than '{}'. Exchange them."
        ).format(ms.name(), pan.name())
    return tr("The pixels of PAN '{}' are not finer than those of MS '{}'.").format(
        pan.name(), ms.name()
    )


def swapped_problem(pan: QgsRasterLayer, ms: QgsRasterLayer) -> str:
    """Check that MS has not the smaller pixels; this comes before the check of PAN's bands."""
    extents = _extents_in(ms, pan.crs())
    if extents and pixel_size(extents[0], ms) < pixel_size(pan.extent(), pan):
        return pair_problem(pan, ms)
    return ""


def _crs_hint(pan: QgsRasterLayer, ms: QgsRasterLayer) -> str:
    """Return a hint if the images have different CRSs; empty otherwise."""
    if pan.crs() == ms.crs():
        return ""
    ids = [crs_name(layer.crs()) for layer in (pan, ms)]
    return tr("PAN is in {}, MS in {}: one of them may be declared wrongly.").format(*ids)


# --- CRS ---


def crs_problem(layers: Sequence[QgsRasterLayer]) -> str:
    """Check that the CRS in which QGIS shows each layer can be passed to the worker."""
    for layer, stored in _shown_elsewhere(layers):
        if not layer.crs().isValid() or not is_plain_grid(layer):
            return tr(
                "QGIS shows '{}' in {}, but its file has {}, and KSDiff reads the file: assign the "
                "right CRS to the file (Raster > Projections > Assign Projection), or correct that "
                "of the layer."
            ).format(layer.name(), crs_name(layer.crs()), crs_name(stored))
    return ""


def crs_for_worker(
    layers: Sequence[QgsRasterLayer],
) -> list[QgsCoordinateReferenceSystem | None]:
    """Return the CRS in which the worker has to read each layer; None: that of its file.

    If one is shown elsewhere, a file without a CRS is no longer taken to be in that of the others.
    """
    if not _shown_elsewhere(layers):
        return [None] * len(layers)
    known = [(layer.crs(), file_crs(layer)) for layer in layers]
    return [shown if shown.isValid() and shown != stored else None for shown, stored in known]


def _shown_elsewhere(
    layers: Sequence[QgsRasterLayer],
) -> list[tuple[QgsRasterLayer, QgsCoordinateReferenceSystem]]:
    """Return the layers that QGIS does not show where their files lie, with the files' CRS.

    A file without a CRS is taken to be in that of the others, as in the worker.
    """
    if all(map(_has_no_georeference, layers)):
        return []
    stored = [file_crs(layer) for layer in layers]
    candidates = [*stored, *(layer.crs() for layer in layers)]
    common = next((crs for crs in candidates if crs.isValid()), QgsCoordinateReferenceSystem())
    return [
        (layer, crs)
        for layer, crs in zip(layers, stored)
        if (crs.isValid() or layer.crs().isValid())
        and not _same_place(layer, crs if crs.isValid() else common)
    ]


def crs_warning(layers: Sequence[QgsRasterLayer]) -> str:
    """Return a warning if only QGIS knows the CRS, so that the output files lack it."""
    if _shown_elsewhere(layers):
        return ""  # the worker gets the CRS
    if any(_has_no_georeference(layer) or file_crs(layer).isValid() for layer in layers):
        return ""
    known = next((layer.crs() for layer in layers if layer.crs().isValid()), None)
    if known is None:
        return ""
    return tr(
        "The files have no CRS, so the output files will have none: set it to {} for each result "
        "(layer menu > Layer CRS)."
    ).format(crs_name(known))


def _same_place(layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> bool:
    """Return whether a layer's coordinates mean the same place in another CRS."""
    if not (layer.crs().isValid() and crs.isValid()):
        return False
    here, there = layer.extent(), extent_in(layer, crs)
    if there is None:
        return False
    x = (there.xMinimum() - here.xMinimum(), there.xMaximum() - here.xMaximum())
    y = (there.yMinimum() - here.yMinimum(), there.yMaximum() - here.yMaximum())
    return (
        max(map(abs, x)) * layer.width() <= _POSITION_TOLERANCE * here.width()
        and max(map(abs, y)) * layer.height() <= _POSITION_TOLERANCE * here.height()
    )


def crs_name(crs: QgsCoordinateReferenceSystem) -> str:
    """Return the code of a CRS, or words for a sentence."""
    if not crs.isValid():
        return tr("no CRS")
    return crs.authid() or tr("a CRS without a code")


def _has_no_georeference(layer: QgsRasterLayer) -> bool:
    """Return whether the file has none: QGIS then takes a pixel as one unit of any CRS."""
    place = QgsRectangle(0, -layer.height(), layer.width(), 0)
    return layer.extent() == place and not file_crs(layer).isValid()


# --- grids and extents ---


def grid_problem(layer: QgsRasterLayer, other: QgsRasterLayer) -> str:
    """Check that the pixels of a layer are all pixels of another one."""
    if layer.crs() != other.crs():
        return ""  # may be two spellings of one CRS: left to the worker
    part, whole = layer.extent(), other.extent()
    step_x, step_y = whole.width() / other.width(), whole.height() / other.height()
    sizes = part.width() / layer.width() / step_x, part.height() / layer.height() / step_y
    col = (part.xMinimum() - whole.xMinimum()) / step_x
    row = (whole.yMaximum() - part.yMaximum()) / step_y
    problem = ""
    if any(abs(size - 1) > _SIZE_TOLERANCE for size in sizes):
        problem = tr("its pixels are {:.4g} x {:.4g} of the other's.").format(*sizes)
    elif any(abs(place - round(place)) > _POSITION_TOLERANCE for place in (col, row)):
        problem = tr("it is shifted by a part of a pixel.")
    elif (
        min(round(col), round(row)) < 0
        or round(col) + layer.width() > other.width()
        or round(row) + layer.height() > other.height()
    ):
        problem = tr("it reaches beyond the other.")
    where = tr("'{}' is not on the pixel grid of '{}': ").format(layer.name(), other.name())
    return where + problem if problem else ""


def pixel_size(extent: QgsRectangle, layer: QgsRasterLayer) -> float:
    """Return the geometric mean of a layer's pixel width and height, in the units of `extent`."""
    pixels = layer.width() * layer.height()
    return (extent.width() * extent.height() / pixels) ** 0.5 if pixels else 0.0


def _extents_in(layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> list[QgsRectangle]:
    """Return a layer's extent in another CRS, with longitudes counted in all ways.

    Rasters at the date line have them from -180, from 0, or on beyond 180 degrees.
    """
    there = extent_in(layer, crs)
    turns = (0.0, 360.0, -360.0) if crs.isGeographic() else (0.0,)
    found = [] if there is None else [_turned(there, turn) for turn in turns]
    if layer.crs().isGeographic() and layer.crs() != crs:
        before = (extent_in(layer, crs, turn) for turn in (360.0, -360.0))
        found += [each for each in before if each is not None]
    return found


def _turned(extent: QgsRectangle, degrees: float) -> QgsRectangle:
    """Return an extent in degrees, moved along the longitude."""
    return QgsRectangle(
        extent.xMinimum() + degrees,
        extent.yMinimum(),
        extent.xMaximum() + degrees,
        extent.yMaximum(),
    )


def extent_in(
    layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem, turn: float = 0.0
) -> QgsRectangle | None:
    """Return a layer's extent in another CRS; None if it cannot be transformed.

    `turn` is added to its longitudes.
    """
    if layer.crs() == crs or not layer.crs().isValid() or not crs.isValid():
        return layer.extent()
    transform = QgsCoordinateTransform(layer.crs(), crs, QgsCoordinateTransformContext())
    extent = _turned(layer.extent(), turn)
    try:
        there = transform.transformBoundingBox(extent)
        # Across the date line versions of QGIS differ: all around the Earth, or the other way.
        if crs.isGeographic() and there.width() > HALF_WAY:
            return _across_the_date_line(transform, extent)
    except QgsCsException:
        return None
    return there


def _across_the_date_line(transform: QgsCoordinateTransform, extent: QgsRectangle) -> QgsRectangle:
    """Return an extent in degrees, its longitudes counted on beyond 180 degrees.

    Raises QgsCsException.
    """
    corners = [
        transform.transform(x, y)
        for x in (extent.xMinimum(), extent.xMaximum())
        for y in (extent.yMinimum(), extent.yMaximum())
    ]
    x = [corner.x() + 360.0 * (corner.x() < 0) for corner in corners]
    y = [corner.y() for corner in corners]
    return QgsRectangle(min(x), min(y), max(x), max(y))
