# SPDX-License-Identifier: GPL-2.0-or-later
"""What a raster says of its values and its acquisition, as far as a result made of it keeps it.

Scale, offset, unit, wavelength and colour of a band say what its values mean, and tags of sensor,
time and copyright hold for what is made of it. What describes the pixels of the one file (its
statistics, size, resolution, nodata, storage) does not, and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

#: Tags of one domain, and of all: the default domain is "".
Tags = Mapping[str, str]
Domains = Mapping[str, Tags]

# IMD is not among them: GDAL writes it into a file beside the image.
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
# Descriptions by which other programs read the shape of the array.
_SHAPES = re.compile(r'\s*(\{"shape"|ImageJ=|.*<OME)', re.DOTALL)


@dataclass(frozen=True)
class BandMetadata:
    """A band's name, what its values mean, and its tags; value = DN x scale + offset."""

    name: str | None = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str | None = None
    colour: ColorInterp | None = None
    tags: Domains = field(default_factory=dict)


@dataclass(frozen=True)
class Metadata:
    """What a raster says of its bands, and its own tags."""

    bands: tuple[BandMetadata, ...]
    tags: Domains = field(default_factory=dict)

    @property
    def has_colours(self) -> bool:
        """Whether the bands tell more of colours than that there are none."""
        none = (None, ColorInterp.undefined, ColorInterp.gray)
        return any(band.colour not in none for band in self.bands)

    def named(self, names: Iterable[str | None]) -> Metadata:
        """Return it with other names of the bands."""
        pairs = zip(self.bands, names, strict=True)
        return replace(self, bands=tuple(replace(band, name=name) for band, name in pairs))

    def tagged(self, tags: Tags) -> Metadata:
        """Return it with more tags in the default domain."""
        return replace(self, tags={**self.tags, "": {**self.tags.get("", {}), **tags}})


def only_names(*names: str | None) -> Metadata:
    """Return bands of which nothing is known but a name."""
    return Metadata(tuple(BandMetadata(name) for name in names))


def kept_metadata(
    values: DatasetReader, bands: Sequence[int], grid: DatasetReader | None = None
) -> Metadata:
    """Return what a result keeps.

    Parameters
    ----------
    values : the raster that the result's values come from.
    bands : of its bands, counted from 1, those of the result in order.
    grid : the raster whose grid the result is on; it tells the sensor where `values` does not, and
        whether a pixel stands for an area or a point.
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
    """Write it into a dataset that is open for writing; `colours` may be the driver's to decide."""
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
    """Return the tags of a domain; none where they are no text that can be read."""
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
        # The result is masked by its nodata value; no band of it is a mask.
        colour=ColorInterp.undefined if colour == ColorInterp.alpha else colour,
        tags={domain: found for domain, found in tags.items() if found},
    )


def _kept(tags: Tags) -> dict[str, str]:
    """Return the tags that hold for a result, too."""
    return {
        key: text
        for key, text in tags.items()
        if not _LOST.fullmatch(re.sub(r"[ .]", "_", key))
        and ("#" not in key or key.startswith("NC_GLOBAL#"))
        and not (key == "TIFFTAG_IMAGEDESCRIPTION" and _SHAPES.match(text))
    }


def _of_bands(tags: Tags, bands: Sequence[int], count: int) -> dict[str, str]:
    """Return the tags of ENVI's header, its lists of one item per band for `bands` alone."""
    found = {}
    for key, text in tags.items():
        items = text.strip().strip("{}").split(",")
        if text.strip().startswith("{") and len(items) == count:
            text = "{" + ", ".join(items[band - 1].strip() for band in bands) + "}"
        found[key] = text
    return found
