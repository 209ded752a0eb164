# SPDX-License-Identifier: GPL-2.0-or-later
"""Cheap checks of a pair before anything runs; each returns a message, empty when all is well.

They look only at what QGIS has already read. The worker checks again, and more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsRasterLayer,
    QgsRectangle,
)

from .. import compat
from ..language import tr
from .sources import file_crs, files, same_file

# The worker refuses a PAN that is not clearly finer than MS.
_SMALLEST_RATIO = 1.2
# How far two grids may be apart, of a pixel, and still be the same.
_SAME_SIZE, _SAME_PLACE = 0.01, 0.1

# How test files of PanCollection are named.
_SAMPLES = (".h5", ".mat")
# What a field of the request writes, and how such files are named.
_RASTER = ("a GeoTIFF", (".tif", ".tiff"))
_KINDS = {
    "report": ("an HTML page", (".html", ".htm")),
    "csv": ("a CSV table", (".csv",)),
    "json": ("a JSON file", (".json",)),
}


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
    """PAN is finer than MS, and both overlap; without georeference their corners agree."""
    if _bare(pan) and _bare(ms) and pan.width() > ms.width():
        return ""
    extent = extent_in(ms, pan.crs())
    if extent is None:
        return ""
    if not extent.intersects(pan.extent()):
        said = tr("'{}' and '{}' do not overlap.").format(pan.name(), ms.name())
        return f"{said} {_two_crs(pan, ms)}".strip()
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


def assigned(layers: Sequence[QgsRasterLayer]) -> str:
    """QGIS has each layer in the CRS that its file says: the worker goes by the files.

    A file that says none is taken to be in the CRS of the others, as the worker does it.
    """
    if all(map(_bare, layers)):
        return ""  # they lie nowhere, whatever QGIS takes their pixels for
    said = [file_crs(layer) for layer in layers]
    candidates = [*said, *(layer.crs() for layer in layers)]
    common = next((crs for crs in candidates if crs.isValid()), QgsCoordinateReferenceSystem())
    for layer, crs in zip(layers, said):
        if not (crs.isValid() or layer.crs().isValid()):
            continue
        if not _lies_the_same(layer, crs if crs.isValid() else common):
            return tr(
                "QGIS has '{}' in {}, its file says {}, and KSDiff goes by the files: assign the "
                "right CRS to the file (Raster > Projections > Assign Projection), or correct that "
                "of the layer."
            ).format(layer.name(), _code(layer.crs()), _code(crs))
    return ""


def _lies_the_same(layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> bool:
    """Whether a layer's numbers are the same place in another CRS, to a part of a pixel."""
    if not (layer.crs().isValid() and crs.isValid()):
        return False
    here, there = layer.extent(), extent_in(layer, crs)
    if there is None:
        return False
    x = (there.xMinimum() - here.xMinimum(), there.xMaximum() - here.xMaximum())
    y = (there.yMinimum() - here.yMinimum(), there.yMaximum() - here.yMaximum())
    return (
        max(map(abs, x)) * layer.width() <= _SAME_PLACE * here.width()
        and max(map(abs, y)) * layer.height() <= _SAME_PLACE * here.height()
    )


def unplaced(layers: Sequence[QgsRasterLayer]) -> str:
    """Only QGIS knows where the layers lie: what is written will not say it."""
    if any(_bare(layer) or file_crs(layer).isValid() for layer in layers):
        return ""
    known = next((layer.crs() for layer in layers if layer.crs().isValid()), None)
    if known is None:
        return ""
    return tr(
        "The files have no CRS, and what is written will have none: set it to {} for each result "
        "(layer menu > Layer CRS)."
    ).format(_code(known))


def _code(crs: QgsCoordinateReferenceSystem) -> str:
    if not crs.isValid():
        return tr("no CRS")
    return crs.authid() or tr("a CRS without a code")


def _bare(layer: QgsRasterLayer) -> bool:
    """Without georeference: QGIS shows a pixel of it as one unit, of whatever CRS it likes."""
    place = QgsRectangle(0, -layer.height(), layer.width(), 0)
    return layer.extent() == place and not file_crs(layer).isValid()


def _two_crs(pan: QgsRasterLayer, ms: QgsRasterLayer) -> str:
    """A hint where the images have different CRSs; empty where they share one."""
    if pan.crs() == ms.crs():
        return ""
    ids = [_code(layer.crs()) for layer in (pan, ms)]
    return tr("PAN is in {}, MS in {}: one of them may be declared wrongly.").format(*ids)


def on_grid(layer: QgsRasterLayer, other: QgsRasterLayer) -> str:
    """The pixels of a layer are pixels of another one, all of them."""
    if layer.crs() != other.crs():
        return ""  # two ways to write one CRS differ, too: the worker looks closer
    part, whole = layer.extent(), other.extent()
    step_x, step_y = whole.width() / other.width(), whole.height() / other.height()
    sizes = part.width() / layer.width() / step_x, part.height() / layer.height() / step_y
    col = (part.xMinimum() - whole.xMinimum()) / step_x
    row = (whole.yMaximum() - part.yMaximum()) / step_y
    problem = ""
    if any(abs(size - 1) > _SAME_SIZE for size in sizes):
        problem = tr("its pixels are {:.4g} x {:.4g} of the other's.").format(*sizes)
    elif any(abs(place - round(place)) > _SAME_PLACE for place in (col, row)):
        problem = tr("its pixels lie beside the other's.")
    elif (
        min(round(col), round(row)) < 0
        or round(col) + layer.width() > other.width()
        or round(row) + layer.height() > other.height()
    ):
        problem = tr("it reaches beyond the other.")
    said = tr("'{}' does not lie on the pixel grid of '{}': ").format(layer.name(), other.name())
    return said + problem if problem else ""


def data_bands(layer: QgsRasterLayer) -> list[int]:
    """The bands of a layer that are not alpha."""
    provider = layer.dataProvider()
    alpha = compat.alpha_band()
    bands = range(1, layer.bandCount() + 1)
    return [band for band in bands if provider.colorInterpretation(band) != alpha]


def band_count(layer: QgsRasterLayer, wanted: int) -> str:
    """A layer has as many bands as were sharpened."""
    count = len(data_bands(layer))
    if count == wanted:
        return ""
    has = tr("1 band") if count == 1 else tr("{} bands").format(count)
    return tr("'{}' has {}, to be compared with {} of MS: choose these by 'Bands of MS'.").format(
        layer.name(), has, wanted
    )


def outputs(targets: Mapping[str, str], inputs: Sequence[str]) -> str:
    """The files to write, by the request's field: each can be, and none is another or an input."""
    taken = list(inputs)
    for field, path in targets.items():
        message = output(path, *_KINDS.get(field, _RASTER), inputs=taken)
        if message:
            return message
        taken.append(path)
    return ""


def output(path: str, kind: str, endings: Sequence[str], inputs: Sequence[str]) -> str:
    """A file to write can be: named for its kind, in a folder, and none of the inputs."""
    if any(same_file(path, one) for one in inputs):
        return tr("The output must not be one of the inputs or other outputs: {}").format(path)
    if Path(path).suffix.lower() not in endings:
        return tr("The output is {}: name it {}, not {}").format(kind, endings[0], Path(path).name)
    if not Path(path).resolve().parent.is_dir():
        return tr("The folder of the output does not exist: {}").format(Path(path).parent)
    # What does not exist yet is no part of an input, and of what is written only images are.
    for one in inputs if (kind, endings) == _RASTER and Path(path).exists() else ():
        if any(same_file(path, name) for name in files(one)):
            return tr("The output must not be a file that an input is read from: {} ({})").format(
                path, one
            )
    return ""


def model_file(path: str) -> str:
    """The user's own model was named and is there."""
    if not path:
        return tr("The model 'custom' needs a model file (advanced parameter).")
    if not Path(path).is_file():
        return tr("The model file does not exist: {}").format(path)
    return ""


def scenes(path: str) -> str:
    """A folder that is there, or a test file of PanCollection."""
    data = Path(path)
    if data.is_dir() or (data.is_file() and data.suffix.lower() in _SAMPLES):
        return ""
    if data.is_file():
        return tr("The scenes are a folder, or a file named {}, not {}").format(
            tr(" or ").join(_SAMPLES), data.name
        )
    return tr("The folder does not exist: {}").format(path)


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
