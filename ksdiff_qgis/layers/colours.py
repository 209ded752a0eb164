# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the red, green, blue and near infrared bands of a raster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from osgeo import gdal

# Centre and limits (nm). The band nearest to the centre is taken; coastal blue is no blue.
_RANGES = {
    "red": (655.0, 600.0, 699.0),
    "green": (555.0, 515.0, 600.0),
    "blue": (485.0, 450.0, 515.0),
    "nir": (840.0, 760.0, 900.0),
}
_NAMES = {
    "red": ("red", "r"),
    "green": ("green", "g"),
    "blue": ("blue", "b"),
    "nir": ("nir", "n", "nir1", "n1", "nearinfrared", "nearinfrared1", "nir08"),
}
TRUE = ("red", "green", "blue")
FALSE = ("nir", "red", "green")


def bands_of(source: str) -> dict[str, int]:
    """Return the numbers of the bands, from 1, by the names of their colours.

    They are found by wavelength, or else by name: a sensor's bands are not always in one order.

    Parameters
    ----------
    source : path or string that GDAL opens.
    """
    data = _opened(source)
    if data is None:
        return {}
    numbers = range(1, data.RasterCount + 1)
    found = _by_wavelength([_wavelength(data, number) for number in numbers])
    names = [data.GetRasterBand(number).GetDescription() for number in numbers]
    return found or _by_name(names)


def _opened(source: str) -> gdal.Dataset | None:
    try:
        return gdal.Open(source)
    except RuntimeError:  # where GDAL's exceptions are on
        return None


def _by_wavelength(centres: Sequence[float | None]) -> dict[str, int]:
    found = {}
    for colour, (centre, low, high) in _RANGES.items():
        fits = [(abs(nm - centre), i) for i, nm in enumerate(centres, 1) if nm and low <= nm < high]
        if fits:
            found[colour] = min(fits)[1]
    return found


def _by_name(names: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in names]
    plain = [re.sub(r"^(?:band|b)?\d+|band|\d+nm$", "", name) for name in plain]
    found = {}
    for colour, known in _NAMES.items():
        numbers = [number for number, name in enumerate(plain, 1) if name in known]
        if numbers:
            found[colour] = numbers[0]
    return found


def _wavelength(data: gdal.Dataset, number: int) -> float | None:
    """Return the centre of a band (nm) from its tags, or the list in the header of ENVI."""
    band, tags = data.GetRasterBand(number), {}
    for domain in ("", "IMAGERY"):
        tags.update({key.lower(): text for key, text in (band.GetMetadata(domain) or {}).items()})
    header = {key.lower(): text for key, text in (data.GetMetadata("ENVI") or {}).items()}
    listed = header.get("wavelength", "").strip("{} \n").split(",")
    if len(listed) == data.RasterCount:
        tags.setdefault("wavelength", listed[number - 1])
    for key in ("central_wavelength_um", "wavelength"):
        with suppress(KeyError, ValueError):
            value = float(tags[key])
            # No band is at less than 100 nm, and none at more than 100 micrometres.
            return value if value > 100 else 1000 * value
    return None
