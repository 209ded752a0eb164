# SPDX-License-Identifier: GPL-2.0-or-later
"""DIMAP: Pleiades, Pleiades Neo, SPOT. GDAL opens the metadata file and mosaics the tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.products.product import LAYOUTS, ProductImage, element, layer, named, read_text

_FILES = LAYOUTS["dimap"].files
#: Identifier of a band -> its common name.
_NAMES = {
    "B0": "blue", "B1": "green", "B2": "red", "B3": "nir", "DB": "coastal", "B": "blue",
    "G": "green", "R": "red", "RE": "rededge", "NIR": "nir", "P": "pan", "PAN": "pan",
    "XS1": "green", "XS2": "red", "XS3": "nir", "SWIR": "swir1",
}  # fmt: skip


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield the images of products among files."""
    for path, _ in named(files, _FILES):
        text = read_text(path)
        if "<Dimap_Document" not in text:
            continue
        names = _bands(text)
        sharpened = element(text, "SPECTRAL_PROCESSING").startswith("PMS")
        count = int(element(text, "NBANDS") or 0)
        if sharpened or not count:
            continue
        satellite = f"{element(text, 'MISSION')} {element(text, 'MISSION_INDEX')}".strip()
        time = f"{element(text, 'IMAGING_DATE')} {element(text, 'IMAGING_TIME')}".strip()
        volumes = [each for each, _ in named(files, r"(VOL_.*|SPOT_VOL|.*_VOL)\.XML")]
        image = layer(path, names if len(names) == count else (), satellite)
        yield ProductImage(
            role="PAN" if count == 1 else "MS",
            scene=f"{satellite} {time[:16]}",
            metadata=(path, *volumes),
            layers=(replace(image, first_tile=_first_tile(path, text)),),
            satellite=satellite,
            time=time,
            name=path.stem,
        )


def _first_tile(path: Path, text: str) -> str:
    """Return the file with the first pixel, for its grid: GDAL reads DIMAP's half a pixel off."""
    first = r'<Data_File(?: tile_R="1" tile_C="1")?>\s*<DATA_FILE_PATH href="([^"]+)"'
    found = re.search(first, text)
    return str(path.parent / found.group(1)) if found else ""


def _bands(text: str) -> list[str]:
    """Return the names of the bands in the order of the file; none if the order is unknown."""
    of_index = {
        int(number): band
        for band, number in re.findall(
            r"<BAND_ID>\s*(\w+)\s*</BAND_ID>\s*<BAND_INDEX>\s*(\d+)\s*</BAND_INDEX>", text
        )
    }
    # In DIMAP 1, the number comes first.
    for number, band in re.findall(
        r"<BAND_INDEX>\s*(\d+)\s*</BAND_INDEX>\s*<BAND_DESCRIPTION>\s*(\w+)\s*<", text
    ):
        of_index.setdefault(int(number), band)
    return [_NAMES.get(of_index[number], of_index[number]) for number in sorted(of_index)]
