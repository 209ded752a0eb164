# SPDX-License-Identifier: GPL-2.0-or-later
"""Maxar: WorldView, GeoEye, QuickBird. An IMD file has the metadata, a TIL file lists the tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.products.product import LAYOUTS, ProductImage, Tags, beside, layer, named, read_text

#: Suffix of a BAND_ group in an IMD file -> name of the band.
_NAMES = {
    "P": "pan", "C": "coastal", "B": "blue", "G": "green", "Y": "yellow", "R": "red",
    "RE": "rededge", "N": "nir", "N2": "nir2", **{f"S{n}": f"swir{n}" for n in range(1, 9)},
}  # fmt: skip


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield the images of products among files."""
    for imd, _ in named(files, LAYOUTS["maxar"].files):
        stem = re.escape(imd.stem)
        rasters = [*beside(imd, files, rf"{stem}\.TIL"), *beside(imd, files, rf"{stem}\.TIFF?")]
        if not rasters:
            continue
        text = read_text(imd)
        groups = re.findall(r"BEGIN_GROUP = BAND_(\w+)(.*?)END_GROUP", text, re.DOTALL)
        satellite, band = _value(text, "satId"), _value(text, "bandId")
        names = [_NAMES.get(name, name) for name, _ in groups]
        calibration = [_calibration(each) for _, each in groups]
        scene = re.sub(r"(?<=-)[PMS](?=\w*-)", "", imd.stem)
        yield ProductImage(
            role="PAN" if band == "P" else "MS",
            scene=scene,
            metadata=(imd, rasters[0]),
            layers=(layer(rasters[0], names, satellite, calibration),),
            satellite=satellite,
            time=_value(text, "firstLineTime"),
            name=imd.stem,
        )


def _calibration(group: str) -> Tags:
    """Return the tags for the conversion of a band's DN to radiance."""
    keys = "absCalFactor", "effectiveBandwidth"
    return {key.upper(): _value(group, key) for key in keys if _value(group, key)}


def _value(text: str, key: str) -> str:
    found = re.search(rf"^\s*{key}\s*=\s*\"?([^\";\n]*)\"?;", text, re.MULTILINE)
    return found.group(1) if found else ""
