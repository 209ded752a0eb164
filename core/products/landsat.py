# SPDX-License-Identifier: GPL-2.0-or-later
"""Landsat: a file for each band, and MTL.txt with their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.products.bands import known_band
from core.products.product import LAYOUTS, ProductImage, Tags, layer, named, read_text

#: Bands that are sharpened: all but cirrus and thermal.
_MS = ("coastal", "blue", "green", "red", "nir", "swir1", "swir2")
_CALIBRATION = ("RADIANCE_MULT", "RADIANCE_ADD", "REFLECTANCE_MULT", "REFLECTANCE_ADD")


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield PAN and MS of the scenes among files."""
    for mtl, found in named(files, LAYOUTS["landsat"].files):
        values = _values(read_text(mtl))
        scene, satellite = found.group(1), values.get("SPACECRAFT_ID", "").replace("_", "-")
        bands, missing = {}, []
        for key, file in values.items():
            number = re.fullmatch(r"FILE_NAME_BAND_(\d+)", key)
            known = known_band(file)
            path = mtl.parent / file
            if number and known and known[0] in _MS and not path.is_file():
                missing.append(known[0])
            elif number and known and path.is_file():
                calibration = _calibration(values, number.group(1))
                bands[known[0]] = layer(path, [known[0]], satellite, [calibration])
        image = ProductImage(
            role="PAN",
            scene=scene,
            metadata=(mtl, *(mtl.with_suffix(ending) for ending in (".xml", ".json"))),
            layers=(),
            satellite=satellite,
            time=" ".join(values.get(key, "") for key in ("DATE_ACQUIRED", "SCENE_CENTER_TIME")),
            name=scene,
        )
        if "pan" in bands:
            yield replace(image, layers=(bands["pan"],))
        seen = tuple(bands[name] for name in _MS if name in bands)
        if seen:
            yield replace(image, role="MS", layers=seen, missing=tuple(missing))


def _values(text: str) -> Mapping[str, str]:
    """Return the values of an MTL; in that of Level 2, without the copies of those of Level 1."""
    if re.search(r"^\s*GROUP = LEVEL2_", text, re.MULTILINE):
        level1 = r"^\s*GROUP = (LEVEL1_\w+)$.*?^\s*END_GROUP = \1$"
        text = re.sub(level1, "", text, flags=re.MULTILINE | re.DOTALL)
    return dict(re.findall(r'^\s*(\w+) = "?(.*?)"?\s*$', text, re.MULTILINE))


def _calibration(values: Mapping[str, str], number: str) -> Tags:
    """Return the tags for the conversion of a band's DN to radiance and reflectance."""
    keys = {key: f"{key}_BAND_{number}" for key in _CALIBRATION}
    return {key: values[of_band] for key, of_band in keys.items() if of_band in values}
