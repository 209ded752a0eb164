# SPDX-License-Identifier: GPL-2.0-or-later
"""Pass settings of a layer in QGIS that are not in its file to the worker, which reads only files.

No data values, the CRS and GDAL's open options go into a VRT, a small file that refers to the
layer's file. Settings of the style alone are not used; the log says so.
"""

from __future__ import annotations

import math
import re
import struct
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsRasterDataProvider, QgsRasterLayer
from qgis.PyQt.QtXml import QDomDocument, QDomElement

from ..language import formatted, tr
from .geometry import crs_for_worker, crs_name, data_bands
from .sources import open_options, open_source, source

Range = tuple[float, float]  # lowest and highest of the values that mean "no data", in DN

_DOMAINS = ("IMD", "IMAGERY")  # metadata that name the sensor; GDAL does not copy them to a VRT
# Domain and key by which the worker knows the file behind a VRT: it is that file in all messages.
_MADE_OF = ("KSDIFF", "FILES")
_BEYOND = 1e-6  # of a floating-point value: the distance at which another value differs from it
_DIGITS = 1e-6  # DN: a typed value of a scaled layer is that far from an integer


@dataclass(frozen=True)
class WorkerSources:
    """Sources of layers for the worker, and notes on settings that are not in their files."""

    paths: list[str]
    notes: list[str]


def for_worker(layers: Sequence[QgsRasterLayer], folder: Path) -> WorkerSources:
    """Return the sources of layers that are read together, with their settings in QGIS.

    Parameters
    ----------
    folder : of temporary files, for VRTs.
    """
    found = WorkerSources([], [])
    for layer, crs in zip(layers, crs_for_worker(layers)):
        data = open_source(layer)
        ranges = None if data is None else nodata_set(layer, data)
        found.notes.extend(unused(layer))
        if data is None or (ranges is None and crs is None and not open_options(layer)):
            found.paths.append(source(layer))
            continue
        found.paths.append(str(_write_vrt(layer, data, ranges, crs, folder)))
        if ranges is not None:
            text = tr("'{}': no data as set on the layer: {}.")
            found.notes.append(text.format(layer.name(), _listed(ranges) or tr("no value")))
        if crs is not None:
            text = tr("'{}': read in {}, as set on the layer, not as in its file.")
            found.notes.append(text.format(layer.name(), crs_name(crs)))
    return found


def unused(layer: QgsRasterLayer) -> list[str]:
    """Return notes on transparency in the style of a layer, which the worker does not use."""
    renderer, found = layer.renderer(), []
    transparency = renderer.rasterTransparency() if renderer is not None else None
    if transparency is not None and (
        transparency.transparentSingleValuePixelList()
        or transparency.transparentThreeValuePixelList()
    ):
        text = tr(
            "'{}': the transparent pixel values of the style are not used; pixels are left out if "
            "their value is an additional no data value (Layer Properties > Transparency)."
        )
        found.append(text.format(layer.name()))
    band = renderer.alphaBand() if renderer is not None else -1
    if band > 0 and band in data_bands(layer):
        text = tr(
            "'{}': band {} is the transparency band of the style only, so it is not used as a "
            "mask; in the file it would have to be an alpha band."
        )
        found.append(text.format(layer.name(), band))
    return found


# --- no data values ---


def nodata_set(layer: QgsRasterLayer, data: gdal.Dataset) -> list[list[Range]] | None:
    """Return the no data ranges of each band by a layer's settings; None if as in its file."""
    provider = layer.dataProvider()
    bands = range(1, min(layer.bandCount(), data.RasterCount) + 1)
    if not any(provider.userNoDataValues(band) or _switched_off(provider, band) for band in bands):
        return None
    found = []
    for number in bands:
        band = data.GetRasterBand(number)
        ranges = [
            _in_dn(provider, number, each.min(), each.max())
            for each in provider.userNoDataValues(number)
        ]
        declared = band.GetNoDataValue()
        if declared is not None and not _switched_off(provider, number):
            ranges.append((float(declared), float(declared)))
        kept = (_representable(band.DataType, *each) for each in ranges)
        found.append(sorted({each for each in kept if each is not None}))
    return found


def _switched_off(provider: QgsRasterDataProvider, band: int) -> bool:
    return provider.sourceHasNoDataValue(band) and not provider.useSourceNoDataValue(band)


def _in_dn(provider: QgsRasterDataProvider, band: int, low: float, high: float) -> Range:
    """Return a range of QGIS, which has applied scale and offset and may be open, in DN."""
    scale, offset = provider.bandScale(band) or 1.0, provider.bandOffset(band)
    ends = (
        -math.inf if math.isnan(low) else (low - offset) / scale,
        math.inf if math.isnan(high) else (high - offset) / scale,
    )
    return min(ends), max(ends)


def _representable(kind: int, low: float, high: float) -> Range | None:
    """Return the values of a range that a data type has; None if it has none of them.

    A declared value that the type does not have would be one that the result cannot have.
    """
    if kind == gdal.GDT_Float32:
        return _single(low), _single(high)
    if kind == gdal.GDT_Float64:
        return low, high
    least, most = _limits(kind)
    first = max(least, low if math.isinf(low) else math.ceil(low - _DIGITS))
    last = min(most, high if math.isinf(high) else math.floor(high + _DIGITS))
    return (float(first), float(last)) if first <= last else None


def _single(value: float) -> float:
    """Return a number as a float of four bytes has it."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _limits(kind: int) -> Range:
    """Return the lowest and the highest value of an integer type."""
    bits = gdal.GetDataTypeSize(kind)
    if gdal.GetDataTypeName(kind).startswith("Int"):
        return -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
    return 0.0, 2.0**bits - 1


def _listed(ranges: Iterable[Sequence[Range]]) -> str:
    """Return the values of all bands for a sentence."""
    every = sorted({each for band in ranges for each in band if not math.isnan(each[0])})
    ends = ([formatted(end, ".10g") for end in dict.fromkeys(each)] for each in every)
    return "; ".join(" .. ".join(each) for each in ends)


# --- the VRT ---


def _write_vrt(
    layer: QgsRasterLayer,
    data: gdal.Dataset,
    ranges: list[list[Range]] | None,
    crs: QgsCoordinateReferenceSystem | None,
    folder: Path,
) -> Path:
    """Write a VRT of a layer's file with other no data values or another CRS; return its path."""
    vrt = gdal.Translate("", data, format="VRT")
    for domain in _DOMAINS:
        if data.GetMetadata(domain):
            vrt.SetMetadata(data.GetMetadata(domain), domain)
    vrt.SetMetadata({_MADE_OF[1]: source(layer)}, _MADE_OF[0])
    if crs is not None:
        vrt.SetProjection(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL))
    # GDAL reads no declared value of a raster that has a mask.
    masked = bool(data.GetRasterBand(1).GetMaskFlags() & gdal.GMF_PER_DATASET)
    declared = not masked and all(map(_is_one_value, ranges or ()))
    for number, values in enumerate(ranges or (), start=1):
        band = vrt.GetRasterBand(number)
        band.DeleteNoDataValue()
        if declared and values:
            band.SetNoDataValue(values[0][0])
    document = QDomDocument()
    document.setContent(vrt.GetMetadata("xml:VRT")[0])
    if ranges is not None and not declared:
        data_only = data_bands(layer)
        _add_mask(document, [each if i in data_only else [] for i, each in enumerate(ranges, 1)])
    # Sensor and band may be named by the file or its folder only.
    original = Path(source(layer))
    place = Path(tempfile.mkdtemp(prefix="ksdiff-", dir=folder)) / _plain(original.parent.name)
    place.mkdir(exist_ok=True)
    path = place / f"{_plain(original.stem)}.vrt"
    path.write_text(document.toString(), encoding="utf-8")
    return path


def _is_one_value(ranges: Sequence[Range]) -> bool:
    """Return whether a raster can declare the ranges of a band: one value, or none."""
    return not ranges or (len(ranges) == 1 and ranges[0][0] == ranges[0][1])


def _add_mask(vrt: QDomDocument, ranges: Sequence[Sequence[Range]]) -> None:
    """Add a mask to each band of a VRT: 0 in the given ranges, and where the mask so far is 0.

    A raster declares one value per band; a mask also has several, and ranges. Whether a pixel
    without data in one band has data in others is the worker's to decide.
    """
    root = vrt.documentElement()
    before = root.firstChildElement("MaskBand")
    band = root.firstChildElement("VRTRasterBand")
    for number, values in enumerate(ranges, start=1):
        mask = vrt.createElement("VRTRasterBand")
        mask.setAttribute("dataType", "Byte")
        if values:
            one = _add_source(mask, band, str(number))
            integer = not band.attribute("dataType").startswith("Float")
            _add(one, "LUT", _lookup(values, integer))
        if not before.isNull():
            # What is NODATA of a source is left as the source before has it.
            masked = _add_source(mask, band, "mask,1")
            if values:
                _add(masked, "NODATA", "255")
        if mask.hasChildNodes():
            _add(band, "MaskBand").appendChild(mask)
        band = band.nextSiblingElement("VRTRasterBand")
    if not before.isNull():
        root.removeChild(before)


def _add_source(mask: QDomElement, band: QDomElement, number: str) -> QDomElement:
    """Add a band of the file behind a band of a VRT, or its mask, to the sources of a mask."""
    source = _add(mask, "ComplexSource")
    for name in ("SourceFilename", "OpenOptions"):
        found = band.elementsByTagName(name).at(0)
        if not found.isNull():
            source.appendChild(found.cloneNode())
    _add(source, "SourceBand", number)
    return source


def _add(parent: QDomElement, name: str, text: str = "") -> QDomElement:
    """Add an element, with a text if there is one."""
    document = parent.ownerDocument()
    made = document.createElement(name)
    if text:
        made.appendChild(document.createTextNode(text))
    parent.appendChild(made)
    return made


def _lookup(ranges: Iterable[Range], integer: bool) -> str:
    """Return a look-up table of GDAL: 0 within the ranges, 255 elsewhere.

    GDAL interpolates between its points; no value of the raster lies on a flank.
    """
    points: dict[float, int] = {}
    for low, high in _merged(ranges, integer):
        for value, mask in (
            (low - _margin(low, integer), 255),
            (low, 0),
            (high, 0),
            (high + _margin(high, integer), 255),
        ):
            if math.isfinite(value):
                points[value] = mask
    return ",".join(f"{value!r}:{mask}" for value, mask in sorted(points.items())) or "0:0"


def _merged(ranges: Iterable[Range], integer: bool) -> list[Range]:
    """Return the ranges without overlaps, sorted."""
    merged: list[Range] = []
    for low, high in sorted(each for each in ranges if not math.isnan(each[0])):
        if merged and low - _margin(low, integer) <= merged[-1][1] + _margin(
            merged[-1][1], integer
        ):
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _margin(value: float, integer: bool) -> float:
    return 0.5 if integer else max(abs(value) * _BEYOND, 1e-30)


def _plain(name: str) -> str:
    """Return a name without the characters that not every file system has."""
    return re.sub(r'[<>:"/\\|?*]', "_", name) or "layer"
