# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster with other nodata values and colours than its file declares, for GDAL to resample.

It is a VRT in memory; the file stays as it is, and its pixels are not copied.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET  # nosec B405
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.io import DatasetReader, MemoryFile

from core.gdal_names import call
from core.raster.pixels import holds
from core.raster.vrt import DescribedRaster


@dataclass(frozen=True)
class Unsaid:
    """What a raster does not say of itself.

    Attributes
    ----------
    values : of missing data, besides those that it declares, as its file has them.
    not_alpha : bands tagged alpha that are no masks.
    """

    values: tuple[float, ...] = ()
    not_alpha: tuple[int, ...] = ()


@contextmanager
def restated(dataset: DatasetReader, unsaid: Unsaid) -> Iterator[DatasetReader]:
    """Provide the raster with all that is missing declared, and no band as mask that is none.

    A band of a raster that GDAL resamples has one nodata value, and all bands the same: the first
    that is declared, else the first that is not. It replaces all others. Where bands have masks of
    their own, which GDAL's warp ignores, it is NaN, and the raster is of floats.
    """
    types = [np.dtype(name) for name in dataset.dtypes]
    declared = [float(value) for value in dataset.nodatavals if value is not None]
    known = [float(v) for v in unsaid.values if all(holds(kind, v) for kind in types)]
    alike = len(set(map(repr, dataset.nodatavals))) == 1
    each = zip(dataset.mask_flag_enums, dataset.nodatavals, strict=True)
    masked = any(not flags and value is None for flags, value in each)
    if not known and not unsaid.not_alpha and alike and not masked:
        yield dataset
        return
    one = math.nan if masked else next(iter([*declared, *known]), None)
    others = [
        [value for value in dict.fromkeys([own, *known]) if value not in (None, one)]
        for own in dataset.nodatavals
    ]
    name = dataset.name
    with ExitStack() as stack:
        # GDAL heeds either the masks of a source or a value of it: masks first, alone.
        steps: list[list[float | None]] = [[None] * dataset.count] if masked else []
        for number in range(max(1 - len(steps), *map(len, others))):
            steps.append([each[number] if number < len(each) else None for each in others])
        for step, replaced in enumerate(steps):
            text = _edited(dataset, one, replaced, unsaid.not_alpha, masked and step == 0)
            memory = stack.enter_context(MemoryFile(text, ext=".vrt"))
            call(memory.name, name)
            dataset = stack.enter_context(rasterio.open(memory.name))
        yield stack.enter_context(DescribedRaster(dataset.name, name))


def _edited(
    dataset: DatasetReader,
    one: float | None,
    replaced: Sequence[float | None],
    not_alpha: Sequence[int],
    masked: bool,
) -> bytes:
    """Return a VRT of the raster where `one` is nodata, and stands where `replaced` values do.

    If `masked`, it also stands where masks have nothing.
    """
    with MemoryFile(ext=".vrt") as memory:
        rasterio.shutil.copy(dataset, memory.name, driver="VRT")
        with rasterio.open(memory.name) as plain:
            text = plain.tags(ns="xml:VRT")["xml:VRT"]  # GDAL wrote it, of its own
    root = ET.fromstring(text)  # nosec B314
    olds = root.findall("VRTRasterBand")
    for number, (old, value) in enumerate(zip(olds, replaced, strict=True), start=1):
        kind = _float_for(dataset) if masked else old.get("dataType", "")
        band = ET.Element("VRTRasterBand", dataType=kind, band=str(number))
        root.insert(list(root).index(old), band)
        root.remove(old)
        _add(
            band, "ColorInterp", "Undefined" if number in not_alpha else old.findtext("ColorInterp")
        )
        _add(band, "NoDataValue", one)
        # A complex source leaves out its NODATA, and the band's is there.
        plain_source = value is None and not masked
        source = ET.SubElement(band, "SimpleSource" if plain_source else "ComplexSource")
        _add(source, "SourceFilename", dataset.name)
        _add(source, "SourceBand", number)
        _add(source, "NODATA", value)
        _add(source, "UseMaskBand", "true" if masked else None)
    for mask in root.findall("MaskBand") if masked else ():
        root.remove(mask)
    return ET.tostring(root)


def _float_for(dataset: DatasetReader) -> str:
    """Return GDAL's name of the float type that has the values of a raster."""
    both = np.result_type(np.float32, *(np.dtype(name) for name in dataset.dtypes))
    return "Float32" if both == np.float32 else "Float64"


def _add(parent: ET.Element, name: str, value: object) -> None:
    """Add a child with this text, if there is any."""
    if value is not None:
        ET.SubElement(parent, name).text = str(value)
