# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster with other nodata values and colours than its file declares, for GDAL to resample.

It is a VRT in memory: the file stays as it is, and no pixels are copied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # nosec B405

import numpy as np
import rasterio
from rasterio.io import DatasetReader, MemoryFile

from core.gdal_names import call
from core.raster.pixels import holds
from core.raster.vrt import NamedVrt, add, vrt_of


@dataclass(frozen=True)
class NodataOverride:
    """Nodata values and colours that a raster does not declare.

    Parameters
    ----------
    values : of missing data besides the declared ones, as the file has them.
    not_alpha : bands tagged alpha that are no masks.
    """

    values: tuple[float, ...] = ()
    not_alpha: tuple[int, ...] = ()


@contextmanager
def overridden(dataset: DatasetReader, override: NodataOverride) -> Iterator[DatasetReader]:
    """Provide the raster with all missing data declared, and without alpha bands that are no masks.

    GDAL resamples with one nodata value for all bands: here the first declared one, else the first
    of the override. It replaces all others. If bands have masks of their own, which GDAL's warp
    ignores, it is NaN, and the raster is of floats.
    """
    types = [np.dtype(name) for name in dataset.dtypes]
    declared = [float(value) for value in dataset.nodatavals if value is not None]
    known = [float(v) for v in override.values if all(holds(kind, v) for kind in types)]
    alike = len(set(map(repr, dataset.nodatavals))) == 1
    each = zip(dataset.mask_flag_enums, dataset.nodatavals, strict=True)
    masked = any(not flags and value is None for flags, value in each)
    if not known and not override.not_alpha and alike and not masked:
        yield dataset
        return
    one = math.nan if masked else next(iter([*declared, *known]), None)
    others = [
        [value for value in dict.fromkeys([own, *known]) if value not in (None, one)]
        for own in dataset.nodatavals
    ]
    name = dataset.name
    with ExitStack() as stack:
        # A source in a VRT takes either its mask or one value as nodata: masks first, alone, then
        # one VRT on the other for each value.
        steps: list[list[float | None]] = [[None] * dataset.count] if masked else []
        for number in range(max(1 - len(steps), *map(len, others))):
            steps.append([each[number] if number < len(each) else None for each in others])
        for step, replaced in enumerate(steps):
            text = _edited(dataset, one, replaced, override.not_alpha, masked and step == 0)
            memory = stack.enter_context(MemoryFile(text, ext=".vrt"))
            call(memory.name, name)
            dataset = stack.enter_context(rasterio.open(memory.name))
        yield stack.enter_context(NamedVrt(dataset.name, name))


def _edited(
    dataset: DatasetReader,
    one: float | None,
    replaced: Sequence[float | None],
    not_alpha: Sequence[int],
    masked: bool,
) -> bytes:
    """Return a VRT of the raster with nodata `one`, also in place of the values `replaced`.

    `replaced` has a value for each band; if `masked`, `one` is also where bands are masked.
    """
    root = vrt_of(dataset)
    olds = root.findall("VRTRasterBand")
    for number, (old, value) in enumerate(zip(olds, replaced, strict=True), start=1):
        kind = _float_for(dataset) if masked else old.get("dataType", "")
        band = ET.Element("VRTRasterBand", dataType=kind, band=str(number))
        root.insert(list(root).index(old), band)
        root.remove(old)
        colour = "Undefined" if number in not_alpha else old.findtext("ColorInterp")
        add(band, "ColorInterp", colour)
        add(band, "NoDataValue", one)
        # Pixels with the NODATA of a complex source become the nodata of the band.
        simple = value is None and not masked
        source = ET.SubElement(band, "SimpleSource" if simple else "ComplexSource")
        add(source, "SourceFilename", dataset.name)
        add(source, "SourceBand", number)
        add(source, "NODATA", value)
        add(source, "UseMaskBand", "true" if masked else None)
    for mask in root.findall("MaskBand") if masked else ():
        root.remove(mask)
    return ET.tostring(root)


def _float_for(dataset: DatasetReader) -> str:
    """Return GDAL's name of the float type that holds all values of a raster."""
    both = np.result_type(np.float32, *(np.dtype(name) for name in dataset.dtypes))
    return "Float32" if both == np.float32 else "Float64"
