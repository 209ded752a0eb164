# SPDX-License-Identifier: GPL-2.0-or-later
"""KOMPSAT-2, -3 and -3A: a TIFF each for PAN and for every MS band."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.products.product import LAYOUTS, ProductImage, Role, layer, named

_FILES = LAYOUTS["kompsat"].files
_NAMES = {
    "B": "blue", "G": "green", "R": "red", "N": "nir", "P": "pan",
    "M1": "blue", "M2": "green", "M3": "red", "M4": "nir",
}  # fmt: skip
_SATELLITES = {"K3": "KOMPSAT-3", "K3A": "KOMPSAT-3A", "MSC": "KOMPSAT-2"}
_MS = ("blue", "green", "red", "nir")


def images(files: Sequence[Path]) -> Iterator[ProductImage]:
    """Yield PAN and MS of the scenes among files."""
    scenes: dict[tuple[str, str], dict[str, Path]] = {}
    for path, found in named(files, _FILES):
        three, scene, letter, two, start, band, end = found.groups()
        key = (_SATELLITES[(three or two).upper()], scene or f"{start}{end}")
        scenes.setdefault(key, {})[_NAMES[(letter or band).upper()]] = path
    roles: tuple[tuple[Role, tuple[str, ...]], ...] = ("PAN", ("pan",)), ("MS", _MS)
    for (satellite, scene), bands in scenes.items():
        for role, names in roles:
            there = [name for name in names if name in bands]
            if there:
                first = bands[there[0]]
                stem = first.stem[: -len("_P")]
                yield ProductImage(
                    role=role,
                    scene=scene,
                    metadata=(first.with_name(f"{stem}_Aux.xml"), first.with_suffix(".eph")),
                    layers=tuple(layer(bands[name], [name], satellite) for name in there),
                    satellite=satellite,
                    name=f"{stem} {role}",
                    missing=tuple(name for name in names if name not in bands),
                )
