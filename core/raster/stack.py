# SPDX-License-Identifier: GPL-2.0-or-later
"""Stack the bands of several rasters: a VRT in memory, which GDAL opens by its name.

The grid is that of the finest raster, where all have pixels. Coarser ones are interpolated
bicubically. Each band keeps its mask, its nodata value and its metadata.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as ET  # nosec B405
from xml.etree.ElementTree import Element, SubElement  # nosec B405

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader, MemoryFile

from core.errors import InputError
from core.gdal_names import call, is_path, path_in
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.georeference import same_crs
from core.raster.metadata import read_tags
from core.raster.reader import MADE_OF, file_names, open_raster
from core.raster.source import data_bands
from core.raster.vrt import geotransform, replace_text, vrt_of
from core.raster.window import Window

log = logging.getLogger(__name__)

_ALIKE = 0.05  # px of the finest raster: grids with smaller differences count as equal
_FINER = 0.99  # pixels count as finer below this ratio of sizes


@dataclass(frozen=True)
class Layer:
    """A raster of a stack, and metadata that its file does not have.

    Parameters
    ----------
    name : by which GDAL opens it.
    names : of its bands without alpha; may be empty.
    tags : of each of these bands, by domain; may be empty.
    first_tile : the file with its first pixel, whose grid is used if it has one.
    """

    name: str
    names: tuple[str, ...] = ()
    tags: tuple[Mapping[str, Mapping[str, str]], ...] = ()
    first_tile: str = ""


@contextmanager
def stacked(
    layers: Sequence[Layer],
    role: str,
    name: str,
    called: str,
    tags: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Iterator[str]:
    """Provide the name of a raster with the bands of all layers.

    Raises InputError if a layer cannot be opened, or if its grid does not fit the others.

    Parameters
    ----------
    role : "PAN" or "MS", for messages.
    name : of the raster; the sensor may be recognised by it.
    called : its name in messages.
    tags : of the whole raster, by domain.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(open_raster(_absolute(each.name), role)) for each in layers]
        finest = min(opened, key=lambda each: abs(each.transform.determinant))
        grids = [_grid(each, finest, role) for each in opened]
        window = _common(opened, grids, role)
        _log_interpolated(opened, grids, finest)
        root = vrt_of(finest)
        for element in root.findall("VRTRasterBand") + root.findall("MaskBand"):
            root.remove(element)
        _set_window(root, finest, window)
        if len(layers) == 1 and layers[0].first_tile:
            _use_grid_of(layers[0].first_tile, root, finest)
        made_of = {MADE_OF[1]: ", ".join(map(file_names, opened))}
        # GDAL's VRT has the tags of the default domain only.
        domains = {"IMAGERY": read_tags(finest, "IMAGERY"), **tags, MADE_OF[0]: made_of}
        for domain, texts in domains.items():
            _add_tags(root, domain, texts)
        for layer, dataset, grid in zip(layers, opened, grids, strict=True):
            _add_bands(root, layer, dataset, Affine.translation(-window.col, -window.row) * grid)
        _unify_types(root, opened)
        text = ET.tostring(root)
    with MemoryFile(text, filename=f"{name}.vrt") as file:
        call(file.name, called)
        yield file.name


def _absolute(name: str) -> str:
    return str(Path(name).absolute()) if is_path(name) else name


def _grid(dataset: DatasetReader, finest: DatasetReader, role: str) -> Affine:
    """Return the transform from pixels of a raster to pixels of the finest one.

    Raises InputError unless both grids are parallel, and equal or of different resolution.
    """

    def refused(why: str) -> InputError:
        return InputError(
            "bands-on-other-grids", role=role, path=dataset.name, other=finest.name, why=why
        )

    if not same_crs(dataset.crs, finest.crs):
        raise refused(f"their CRS are {dataset.crs} and {finest.crs}")
    bare = dataset.transform.is_identity, finest.transform.is_identity
    if any(bare) and (not all(bare) or dataset.shape != finest.shape):
        raise refused("not all are on a grid of the map, and their sizes differ")
    grid = ~finest.transform * dataset.transform
    if max(abs(grid.b), abs(grid.d)) * max(dataset.shape) > _ALIKE or min(grid.a, grid.e) <= 0:
        raise refused("one is rotated against the other")
    if min(grid.a, grid.e) > 1 / _FINER:
        return grid
    # Pixels of one size: nothing is interpolated.
    ends = [grid * end for end in ((0, 0), (dataset.width, dataset.height))]
    off = max(abs(at - round(at)) for end in ends for at in end)
    if min(grid.a, grid.e) < _FINER or off > _ALIKE or ends[1][0] - ends[0][0] < 1:
        raise refused("their pixels are of one size, and lie beside each other")
    return Affine.translation(round(grid.c), round(grid.f))


def _common(opened: Sequence[DatasetReader], grids: Sequence[Affine], role: str) -> Window:
    """Return the window of the finest raster where all have pixels."""
    corners = [
        (grid * (0, 0), grid * (d.width, d.height)) for d, grid in zip(opened, grids, strict=True)
    ]
    col, row = (math.ceil(max(first[i] for first, _ in corners) - 1e-6) for i in (0, 1))
    col_end, row_end = (math.floor(min(end[i] for _, end in corners) + 1e-6) for i in (0, 1))
    if col >= col_end or row >= row_end:
        raise InputError("bands-without-overlap", role=role, paths=_files(opened))
    return Window.between(row, col, row_end, col_end)


def _log_interpolated(
    opened: Sequence[DatasetReader], grids: Sequence[Affine], finest: DatasetReader
) -> None:
    """Log which rasters are interpolated."""
    coarser = [each for each, grid in zip(opened, grids, strict=True) if grid.a > 1 / _FINER]
    if coarser:
        size = f"{finest.transform.a:.6g} x {-finest.transform.e:.6g}"
        log.warning(
            "Interpolated bicubically to the pixels of the finest band (%s): %s.",
            size, _files(coarser),
        )  # fmt: skip


def _files(opened: Sequence[DatasetReader]) -> str:
    return ", ".join(map(file_names, opened))


def _set_window(root: Element, finest: DatasetReader, window: Window) -> None:
    """Reduce the VRT of the finest raster to a window."""
    if window == Window(0, 0, *finest.shape):
        return
    root.set("rasterXSize", str(window.width))
    root.set("rasterYSize", str(window.height))
    moved = finest.transform * Affine.translation(window.col, window.row)
    replace_text(root, "GeoTransform", geotransform(moved))


def _use_grid_of(first_tile: str, root: Element, whole: DatasetReader) -> None:
    """Set the grid of a VRT to that of its first tile, if the two are less than a pixel apart."""
    with suppress(*GDAL_ERRORS), quietly(), rasterio.open(first_tile) as tile:
        apart = ~whole.transform * tile.transform
        linear = max(abs(apart.a - 1), abs(apart.b), abs(apart.d), abs(apart.e - 1))
        near = linear * max(whole.shape) < _ALIKE and max(abs(apart.c), abs(apart.f)) < 1
        if near and same_crs(tile.crs, whole.crs):
            replace_text(root, "GeoTransform", geotransform(tile.transform))


def _add_bands(root: Element, layer: Layer, dataset: DatasetReader, grid: Affine) -> None:
    """Add the bands of a layer to a VRT; `grid` maps its pixels to those of the VRT."""
    made = vrt_of(dataset).findall("VRTRasterBand")
    bands = data_bands(dataset)
    if len(layer.names) != len(bands):  # the product describes other bands
        layer = Layer(layer.name)
    first = len(root.findall("VRTRasterBand")) + 1
    for at, number in enumerate(bands):
        band = made[number - 1]
        band.set("band", str(first + at))
        source = next(each for each in band if each.tag.endswith("Source"))
        _place(source, dataset, grid)
        _describe(band, layer, at, dataset.descriptions[number - 1], len(bands))
        _add_tags(band, "IMAGERY", read_tags(dataset, "IMAGERY", number))
        if MaskFlags.all_valid not in dataset.mask_flag_enums[number - 1]:
            band.append(_mask(source, number))
        root.append(band)


def _unify_types(root: Element, opened: Sequence[DatasetReader]) -> None:
    """Set the type of all bands to one that holds all values: bands are read together."""
    dtype = np.result_type(*(np.dtype(name) for each in opened for name in each.dtypes)).name
    gdal_type = {"uint8": "Byte"}.get(dtype, dtype.capitalize().replace("Ui", "UI"))
    for band in root.findall("VRTRasterBand"):
        band.set("dataType", gdal_type)


def _place(source: Element, dataset: DatasetReader, grid: Affine) -> None:
    """Set the rectangle of the whole raster on the grid of the VRT."""
    if grid.a > 1 / _FINER:
        source.set("resampling", "cubic")
    target = source.find("DstRect")
    if target is None:
        target = SubElement(source, "DstRect")
    size = dataset.width * grid.a, dataset.height * grid.e
    rectangle = zip(("xOff", "yOff", "xSize", "ySize"), (*(grid * (0, 0)), *size), strict=True)
    for key, value in rectangle:
        target.set(key, repr(float(value)))


def _describe(band: Element, layer: Layer, at: int, own: str | None, count: int) -> None:
    """Set tags and name of a band: that of the product, its description, or that of its file."""
    stem = path_in(layer.name).stem
    usual = f"{stem} {at + 1}" if count > 1 else stem
    description = band.find("Description")
    if description is None:
        description = Element("Description")
        band.insert(0, description)
    description.text = layer.names[at] if layer.names else own or usual
    for domain, tags in (layer.tags[at] if layer.tags else {}).items():
        _add_tags(band, domain, tags)


def _add_tags(parent: Element, domain: str, tags: Mapping[str, str]) -> None:
    """Set tags of a domain, besides those that the element has."""
    found = [each for each in parent.findall("Metadata") if each.get("domain", "") == domain]
    if found:
        metadata = found[0]
    else:
        metadata = Element("Metadata", {"domain": domain} if domain else {})
        parent.insert(0, metadata)
    for key, text in tags.items():
        for old in [each for each in metadata if each.get("key") == key]:
            metadata.remove(old)
        SubElement(metadata, "MDI", {"key": key}).text = text


def _mask(source: Element, number: int) -> Element:
    """Return a mask band that reads the mask of a band's source, of any kind."""
    mask = Element("MaskBand")
    band = SubElement(mask, "VRTRasterBand", {"dataType": "Byte"})
    copied = SubElement(band, "SimpleSource")
    for tag in ("SourceFilename", "SrcRect", "DstRect"):
        found = source.find(tag)
        if found is not None:
            copied.append(found)
    SubElement(copied, "SourceBand").text = f"mask,{number}"
    return mask
