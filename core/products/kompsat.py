# SPDX-License-Identifier: GPL-2.0-or-later
"""KOMPSAT-2, -3 and -3A: PAN and each MS band as a TIFF of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.products.product import LAYOUTS, ProductImage, Role, layer, named
from core.raster.stack import Layer

_FILES = LAYOUTS["kompsat"].files
_NAMES = {
    "B": "blue", "G": "green", "R": "red", "N": "nir", "P": "pan",
    "M1": "blue", "M2": "green", "M3": "red", "M4": "nir",
}  # fmt: skip
_SATELLITES = {"K3": "KOMPSAT-3", "K3A": "KOMPSAT-3A", "MSC": "KOMPSAT-2"}
_MS = ("blue", "green", "red", "nir")


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield PAN and MS of the scenes that files tell of."""
    scenes: dict[tuple[str, str], dict[str, Path]] = {}
    for path, found in named(files, _FILES):
        three, scene, letter, two, start, band, end = found.groups()
        key = (_SATELLITES[(three or two).upper()], scene or f"{start}{end}")
        scenes.setdefault(key, {})[_NAMES[(letter or band).upper()]] = path
    for (satellite, scene), bands in scenes.items():
        pan, ms = ("pan",), tuple(name for name in _MS if name in bands)
        both: tuple[tuple[Role, tuple[str, ...]], ...] = ("PAN", pan), ("MS", ms)
        for role, names in both:
            layers: tuple[Layer, ...] = tuple(
                layer(bands[name], [name], satellite) for name in names if name in bands
            )
            if layers:
                first = Path(layers[0].name)
                stem = first.stem[: -len("_P")]
                described = (first.with_name(f"{stem}_Aux.xml"), first.with_suffix(".eph"))
                missing = tuple(name for name in _MS if role == "MS" and name not in bands)
                name = f"{stem} {role}"
                yield ProductImage(
                    role, scene, described, layers, satellite, name=name, missing=missing
                )
