# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of single bands: the band of each, by its tags or by its name."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress

from rasterio.io import DatasetReader

from core.gdal_names import path_in
from core.raster.metadata import read_tags
from core.raster.reader import open_raster
from core.raster.source import data_bands
from core.raster.stack import Layer

#: Band in the file names of a mission -> its name and centre wavelength (nm).
Bands = dict[str, tuple[str, float]]

_ETM: Bands = {
    "1": ("blue", 482.5), "2": ("green", 565), "3": ("red", 660), "4": ("nir", 837.5),
    "5": ("swir1", 1650), "7": ("swir2", 2220), "6": ("thermal", 11450), "8": ("pan", 710),
}  # fmt: skip
_OLI: Bands = {
    "1": ("coastal", 443), "2": ("blue", 482), "3": ("green", 561.5), "4": ("red", 654.5),
    "5": ("nir", 865), "6": ("swir1", 1608.5), "7": ("swir2", 2200.5), "8": ("pan", 589.5),
    "9": ("cirrus", 1373.5), "10": ("thermal1", 10895), "11": ("thermal2", 12005),
}  # fmt: skip
_MSI: Bands = {
    "01": ("coastal", 443), "02": ("blue", 492), "03": ("green", 560), "04": ("red", 665),
    "05": ("rededge1", 704), "06": ("rededge2", 740), "07": ("rededge3", 783), "08": ("nir", 833),
    "8A": ("nir narrow", 865), "09": ("water vapour", 945), "10": ("cirrus", 1374),
    "11": ("swir1", 1614), "12": ("swir2", 2202),
}  # fmt: skip
_VNIR = ("blue", 485.0), ("green", 555.0), ("red", 660.0), ("nir", 830.0)
#: Patterns that are searched in `folder/file` without its suffix, with a group for the band.
MISSIONS: tuple[tuple[re.Pattern[str], Bands], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), bands)
    for pattern, bands in (
        (r"L[CO]0?[89].*[_/](?:SR_|ST_)?B(\d+)$", _OLI),
        (r"L[TE]0?[4-7].*[_/](?:SR_|ST_)?B(\d)(?:_VCID_\d)?$", _ETM),
        (r"(?:S2[ABC]_|T\d\d[A-Z]{3}_\d{8}T).*[_/]B(\d\d|8A)(?:_\d\dm)?$", _MSI),
        (r"CBERS.*MUX.*[_/]BAND(\d+)$", dict(zip("5678", _VNIR, strict=True))),
        (r"CBERS.*WFI.*[_/]BAND(\d+)$", dict(zip(("13", "14", "15", "16"), _VNIR, strict=True))),
        (r"CBERS.*PAN10M.*[_/]BAND(\d+)$", dict(zip("234", _VNIR[1:], strict=True))),
        (
            r"(?:CBERS.*WPM|AMAZONIA).*[_/]BAND(\d+)$",
            {"0": ("pan", 675), **dict(zip("1234", _VNIR, strict=True))},
        ),
    )
)


def known_band(name: str) -> tuple[str, float] | None:
    """Return name and wavelength (nm) of the band of a file, by its name; None if unknown."""
    path = path_in(name)
    for pattern, bands in MISSIONS:
        found = pattern.search(f"{path.parent.name}/{path.stem}")
        if found:
            return bands.get(found.group(1).upper())
    return None


def in_order(names: Sequence[str], role: str) -> list[Layer]:
    """Return files as layers of one raster, sorted by wavelength if all are known.

    Raises InputError for a file that cannot be opened.
    """
    found = [_layer(name, role) for name in names]
    known = [nm for _, nm in found if nm is not None]
    if len(known) == len(found):
        found.sort(key=lambda each: each[1] or 0.0)
    return [layer for layer, _ in found]


def common_name(names: Sequence[str]) -> str:
    """Return a name for several files: the common start of their names, and the rests."""
    stems = [path_in(name).stem for name in names]
    start = os.path.commonprefix(stems)  # noqa: RUF071 (of letters, not of paths)
    rests = "+".join(stem[len(start) :] for stem in stems)
    return start + (rests if len(rests) < 80 else f"{len(stems)} files")


def _layer(name: str, role: str) -> tuple[Layer, float | None]:
    """Return a file as a layer, and the wavelength of its band (nm) if it is known."""
    with open_raster(name, role) as dataset:
        bands = data_bands(dataset)
        if len(bands) != 1:
            return Layer(name), None
        own, nm = dataset.descriptions[bands[0] - 1], _wavelength(dataset, bands[0])
    known = known_band(name)
    if known is None:
        return Layer(name), nm
    micrometres = {"CENTRAL_WAVELENGTH_UM": f"{known[1] / 1000:g}"}
    tags = {} if nm is not None else {"IMAGERY": micrometres}
    return Layer(name, names=(own or known[0],), tags=(tags,)), nm or known[1]


def _wavelength(dataset: DatasetReader, band: int) -> float | None:
    """Return the wavelength in the tags of a band (nm)."""
    tags = {key.lower(): text for key, text in read_tags(dataset, "", band).items()}
    tags |= {key.lower(): text for key, text in read_tags(dataset, "IMAGERY", band).items()}
    for key in ("central_wavelength_um", "wavelength"):
        with suppress(KeyError, ValueError):
            value = float(tags[key])
            # Below 100 it is in micrometres: bands are between 100 nm and 100 micrometres.
            return value if value > 100 else 1000 * value
    return None
