# SPDX-License-Identifier: GPL-2.0-or-later
"""Planet: PlanetScope and RapidEye, without PAN, and SkySat, with PAN."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import rasterio

from core.products.product import (
    LAYOUTS,
    ProductImage,
    Tags,
    beside,
    element,
    layer,
    named,
    read_text,
)
from core.raster.gdal import GDAL_ERRORS, quietly

_FILES = LAYOUTS["planet"].files
_NAMES = {
    4: ("blue", "green", "red", "nir"),
    5: ("blue", "green", "red", "rededge", "nir"),
    8: ("coastal", "blue", "green i", "green", "yellow", "red", "rededge", "nir"),
}


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield the images of products among files."""
    for path, found in named(files, _FILES):
        if "udm" in path.stem.lower():
            continue
        scene, kind = found.groups()
        pan = kind.lower().startswith("panchromatic")
        described = beside(path, files, rf"{re.escape(scene)}.*\.(xml|json)")
        text = "".join(map(read_text, described))
        skysat = re.search(r"_s(sc)?\d+(_|$)", scene) is not None
        satellite = "SkySat" if skysat else element(text, "shortName") or "PlanetScope"
        names = ["pan"] if pan else _NAMES.get(_bands(path), ())
        yield ProductImage(
            role="PAN" if pan else "MS",
            scene=scene,
            metadata=tuple(described),
            layers=(layer(path, names, satellite, _calibration(text, len(names))),),
            satellite=satellite,
            time=element(text, "acquisitionDateTime") or element(text, "acquisitionDate"),
            name=path.stem,
        )


def _bands(path: Path) -> int:
    """Return the number of bands of a file; 0 if it cannot be opened, which is an error later."""
    try:
        with quietly(), rasterio.open(path) as dataset:
            return int(dataset.count)
    except GDAL_ERRORS:
        return 0


def _calibration(text: str, bands: int) -> list[Tags]:
    """Return the tags for the conversion of each band's DN to radiance and reflectance."""
    found: list[Tags] = []
    for part in re.split(r"<ps:bandSpecificMetadata>", text)[1:]:
        keys = "radiometricScaleFactor", "reflectanceCoefficient"
        found.append({key.upper(): element(part, key) for key in keys if element(part, key)})
    return found if len(found) == bands else []
