# SPDX-License-Identifier: GPL-2.0-or-later
"""GaoFen and SuperView: a TIFF each for PAN and MS, with an XML of the same name beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.products.product import LAYOUTS, ProductImage, element, layer, named, read_text

_FILES = LAYOUTS["gaofen"].files
_NAMES = ("blue", "green", "red", "nir")


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield the images of products among files."""
    for path, found in named(files, _FILES):
        xml = path.with_suffix(".xml")
        text = read_text(xml) if xml.is_file() else ""
        satellite = element(text, "SatelliteID") or found.group(1).split("_")[0]
        bands = re.findall(r"\d+", element(text, "Bands"))
        pan = found.group(2).upper() == "PAN"
        four = len(bands) == 4 or not bands
        yield ProductImage(
            role="PAN" if pan else "MS",
            scene=f"{found.group(1)} {found.group(3)}",
            metadata=(xml,),
            layers=(layer(path, ["pan"] if pan else _NAMES if four else [], satellite),),
            satellite=satellite,
            time=element(text, "StartTime") or element(text, "ReceiveTime"),
            name=path.stem,
        )
