# SPDX-License-Identifier: GPL-2.0-or-later
"""Metadata of a raster that is copied to results made of it.

These are scale, offset, unit, wavelength and colour of each band, and tags of sensor, time and
copyright. Metadata of the file itself (statistics, size, resolution, nodata, storage) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

#: Tags of one domain, and of all domains; the default domain is "".
Tags = Mapping[str, str]
Domains = Mapping[str, Tags]

# Without IMD, which GDAL writes into a side file.
KEPT_DOMAINS = ("", "IMAGERY", "COLOR_PROFILE", "ENVI")
_LOST = re.compile(
    r"""
    statistics_.* | .*histogram.* | layer_type | (valid|actual)_(min|max|range)
    | .*nodata.* | .*ignore_value | _fillvalue | missing_value
    | band_\d+ | band_names | default_(bands|stretch) | z_plot_.*
    | (n|num|n_|num_|number_of_)?(rows|cols|columns|lines|samples|bands)
    | (x|y|row|col|line|sample|pixel|ground|spatial|geometric)_?(resolution|size|spacing|start)
    | .*gsd | map_info | projection_info | coordinate_system_string | pixel_size
    | nbits | interleave | byte_order | data_type | file_type | header_offset | file_compression
    | compression.* | .*resampling.* | ovr_.* | metadatatype | area_or_point | netcdf_dim_.*
    | tifftag_(software|hostcomputer|[xy]resolution|resolutionunit|(min|max)samplevalue)
    | ksdiff_.* | ns | bidx
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Descriptions from which other programs take the shape of the array.
_SHAPES = re.compile(r'\s*(\{"shape"|ImageJ=|.*<OME)', re.DOTALL)


@dataclass(frozen=True)
class BandMetadata:
    """Name, scale, unit, colour and tags of a band; its values are DN x scale + offset."""

    name: str | None = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str | None = None
    colour: ColorInterp | None = None
    tags: Domains = field(default_factory=dict)


@dataclass(frozen=True)
class Metadata:
    """Metadata of the bands of a raster, and tags of the raster."""

    bands: tuple[BandMetadata, ...]
    tags: Domains = field(default_factory=dict)

    @property
    def has_colours(self) -> bool:
        """Return whether a band has a colour other than undefined or grey."""
        none = (None, ColorInterp.undefined, ColorInterp.gray)
        return any(band.colour not in none for band in self.bands)

    def named(self, names: Iterable[str | None]) -> Metadata:
        """Return a copy with other names of the bands."""
        pairs = zip(self.bands, names, strict=True)
        return replace(self, bands=tuple(replace(band, name=name) for band, name in pairs))

    def tagged(self, tags: Tags) -> Metadata:
        """Return a copy with more tags in the default domain."""
        return replace(self, tags={**self.tags, "": {**self.tags.get("", {}), **tags}})


def only_names(*names: str | None) -> Metadata:
    """Return the metadata of bands with names only."""
    return Metadata(tuple(BandMetadata(name) for name in names))


def kept_metadata(
    values: DatasetReader, bands: Sequence[int], grid: DatasetReader | None = None
) -> Metadata:
    """Return the metadata of a result.

    Parameters
    ----------
    values : the raster that the result's values come from.
    bands : its bands, counted from 1, that the result has, in order.
    grid : the raster whose grid the result has, by default `values`: its AREA_OR_POINT is used, and
        its IMAGERY tags if `values` has none.
    """
    grid = grid or values
    tags = {domain: _kept(read_tags(values, domain)) for domain in KEPT_DOMAINS}
    tags["ENVI"] = _of_bands(tags["ENVI"], bands, values.count)
    tags["IMAGERY"] = tags["IMAGERY"] or _kept(read_tags(grid, "IMAGERY"))
    meaning = read_tags(grid).get("AREA_OR_POINT")
    if meaning:
        tags[""] = {**tags[""], "AREA_OR_POINT": meaning}
    return Metadata(tuple(_band(values, number) for number in bands), tags)


def write_metadata(dataset: Any, metadata: Metadata, *, colours: bool = True) -> None:
    """Write metadata into a dataset open for writing; without `colours`, GDAL sets these."""
    for number, band in enumerate(metadata.bands, start=1):
        if band.name:
            dataset.set_band_description(number, band.name)
        for domain, tags in band.tags.items():
            dataset.update_tags(number, ns=domain or None, **tags)
    bands = metadata.bands
    if any((band.scale, band.offset) != (1.0, 0.0) for band in bands):
        dataset.scales = tuple(band.scale for band in bands)
        dataset.offsets = tuple(band.offset for band in bands)
    if any(band.unit for band in bands):
        dataset.units = tuple(band.unit or "" for band in bands)
    if colours and any(band.colour is not None for band in bands):
        dataset.colorinterp = tuple(band.colour or ColorInterp.undefined for band in bands)
    for domain, tags in metadata.tags.items():
        dataset.update_tags(ns=domain or None, **tags)


def read_tags(dataset: DatasetReader, domain: str = "", band: int = 0) -> dict[str, str]:
    """Return the tags of a domain; none if they cannot be decoded as text."""
    try:
        found: dict[str, str] = dataset.tags(band, ns=domain or None)
    except UnicodeDecodeError:
        return {}
    return found


def _band(dataset: DatasetReader, number: int) -> BandMetadata:
    at = number - 1
    colour = dataset.colorinterp[at]
    tags = {domain: _kept(read_tags(dataset, domain, number)) for domain in KEPT_DOMAINS}
    return BandMetadata(
        name=dataset.descriptions[at],
        scale=dataset.scales[at],
        offset=dataset.offsets[at],
        unit=dataset.units[at],
        # Results have nodata values, and no alpha band.
        colour=ColorInterp.undefined if colour == ColorInterp.alpha else colour,
        tags={domain: found for domain, found in tags.items() if found},
    )


def _kept(tags: Tags) -> dict[str, str]:
    """Return the tags that are copied to results."""
    return {
        key: text
        for key, text in tags.items()
        if not _LOST.fullmatch(re.sub(r"[ .]", "_", key))
        and ("#" not in key or key.startswith("NC_GLOBAL#"))
        and not (key == "TIFFTAG_IMAGEDESCRIPTION" and _SHAPES.match(text))
    }


def _of_bands(tags: Tags, bands: Sequence[int], count: int) -> dict[str, str]:
    """Return the tags of an ENVI header; lists of one item per band have those of `bands` only."""
    found = {}
    for key, text in tags.items():
        items = text.strip().strip("{}").split(",")
        if text.strip().startswith("{") and len(items) == count:
            text = "{" + ", ".join(items[band - 1].strip() for band in bands) + "}"
        found[key] = text
    return found
