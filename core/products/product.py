# SPDX-License-Identifier: GPL-2.0-or-later
"""The PAN or MS of a delivered product, and what the readers of products have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core import RESOURCES
from core.raster.stack import Layer
from core.sensors import band_of, recognise

Role = Literal["PAN", "MS"]
Tags = Mapping[str, str]

_LONGEST = 2**24  # bytes of a file of metadata


@dataclass(frozen=True)
class Layout:
    """A family of products: its title in messages, and a pattern of files that each of them has."""

    title: str
    files: str


_SHARED = json.loads((RESOURCES / "products.json").read_text("utf-8"))  # with the plugin
LAYOUTS = {key: Layout(**texts) for key, texts in _SHARED["layouts"].items()}
DEPTH: int = _SHARED["depth"]  # folders below that of the product
#: Endings of the files of metadata of all families.
METADATA = tuple(_SHARED["metadata"])


@dataclass(frozen=True)
class ProductImage:
    """PAN or MS of a product.

    Parameters
    ----------
    role : PAN or MS.
    scene : the same for PAN and MS of one acquisition.
    metadata : the files that describe it; naming one of them names the product.
    layers : the rasters that it consists of.
    satellite : its name.
    time : of the acquisition, as the product writes it; may be empty.
    name : what it is called in messages.
    missing : bands that the product should have, and has no file of.
    """

    role: Role
    scene: str
    metadata: tuple[Path, ...]
    layers: tuple[Layer, ...]
    satellite: str
    time: str = ""
    name: str = ""
    missing: tuple[str, ...] = ()

    @property
    def place(self) -> Path:
        """The file that tells this image from others of its kind."""
        there = (path for path in self.metadata if path.is_file())
        return next(there, Path(self.layers[0].name))

    @property
    def tags(self) -> dict[str, Tags]:
        """Tags of the whole image, by domain."""
        known = {"SATELLITEID": self.satellite, "ACQUISITIONDATETIME": self.time}
        return {"IMAGERY": {key: text for key, text in known.items() if text}}


def layer(
    path: Path, names: Sequence[str], satellite: str, calibration: Sequence[Tags] = ()
) -> Layer:
    """Return a raster as a layer, its bands named, with wavelengths and calibration as tags.

    Parameters
    ----------
    names : of its bands; none if they are not known.
    satellite : by whose sensor card the bands have wavelengths.
    calibration : tags of each band, such as gain and offset; may be none.
    """
    card = recognise([satellite])
    centres = {band_of(band.name): band.nm for band in card.bands} if card else {}
    tags = []
    for number, name in enumerate(names):
        nm = centres.get(band_of(name))
        imagery = {"CENTRAL_WAVELENGTH_UM": f"{nm / 1000:g}"} if nm else {}
        tags.append({"IMAGERY": imagery, "": calibration[number] if calibration else {}})
    return Layer(str(path), names=tuple(names), tags=tuple(tags))


def all_files(folder: Path, depth: int) -> list[Path]:
    """Return the files in a folder and in folders below, down to a depth; none of a closed one."""
    files: list[Path] = []
    for path in sorted(_entries(folder)):
        if path.is_file():
            files.append(path)
        elif path.is_dir() and depth:
            files += all_files(path, depth - 1)
    return files


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def named(files: Iterable[Path], pattern: str) -> Iterator[tuple[Path, re.Match[str]]]:
    """Yield the files whose whole name matches, in any case."""
    compiled = re.compile(pattern, re.IGNORECASE)
    for path in files:
        found = compiled.fullmatch(path.name)
        if found:
            yield path, found


def beside(path: Path, files: Iterable[Path], pattern: str) -> list[Path]:
    """Return the files in the folder of another whose whole name matches, in any case."""
    return [each for each, _ in named(files, pattern) if each.parent == path.parent]


def read_text(path: Path) -> str:
    """Return the text of a file of metadata."""
    with path.open("rb") as file:
        return file.read(_LONGEST).decode("utf-8", "replace")


def element(text: str, name: str) -> str:
    """Return what the first XML element of a name holds; empty if there is none."""
    found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>\s*([^<]*?)\s*</", text)
    return found.group(1) if found else ""
