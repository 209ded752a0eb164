# SPDX-License-Identifier: GPL-2.0-or-later
"""PAN or MS of a delivered product, and functions that the readers of products share."""

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

_LONGEST = 2**24  # bytes that are read of a metadata file


@dataclass(frozen=True)
class ProductLayout:
    """A family of products: its title in messages, and the pattern of a file that each one has."""

    title: str
    files: str


_SHARED = json.loads((RESOURCES / "products.json").read_text("utf-8"))  # with the plugin
LAYOUTS = {key: ProductLayout(**texts) for key, texts in _SHARED["layouts"].items()}
DEPTH: int = _SHARED["depth"]  # folders below that of the product
#: Suffixes of the metadata files of all families.
METADATA = tuple(_SHARED["metadata"])


@dataclass(frozen=True)
class ProductImage:
    """PAN or MS of a product.

    Parameters
    ----------
    scene : identifier of the acquisition, the same for PAN and MS.
    metadata : its metadata files, by which a user can name the product.
    layers : its rasters.
    satellite : name of the satellite.
    time : of the acquisition, as in the metadata; may be empty.
    name : its name in messages.
    missing : names of bands whose files are missing.
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
        """The file by which a user can tell this image from others."""
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
    """Return a raster as a layer with band names, and with wavelengths and calibration as tags.

    Parameters
    ----------
    names : of its bands; may be empty.
    satellite : its sensor card has the wavelengths.
    calibration : tags of each band, such as gain and offset; may be empty.
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
    """Return the files in a folder and in folders below, to a depth; none without permission."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    files: list[Path] = []
    for path in entries:
        if path.is_file():
            files.append(path)
        elif path.is_dir() and depth:
            files += all_files(path, depth - 1)
    return files


def named(files: Iterable[Path], pattern: str) -> Iterator[tuple[Path, re.Match[str]]]:
    """Yield the files whose whole name matches a pattern, upper or lower case, with the match."""
    compiled = re.compile(pattern, re.IGNORECASE)
    for path in files:
        found = compiled.fullmatch(path.name)
        if found:
            yield path, found


def beside(path: Path, files: Iterable[Path], pattern: str) -> list[Path]:
    """Return the files in the folder of `path` whose whole name matches a pattern."""
    return [each for each, _ in named(files, pattern) if each.parent == path.parent]


def read_text(path: Path) -> str:
    """Return the text of a metadata file."""
    with path.open("rb") as file:
        return file.read(_LONGEST).decode("utf-8", "replace")


def element(text: str, name: str) -> str:
    """Return the text of the first XML element of a name; empty if there is none."""
    found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>\s*([^<]*?)\s*</", text)
    return found.group(1) if found else ""
