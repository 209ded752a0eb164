# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the pairs of a folder, or read them from a table of files, with doubts and problems."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.commands.folder_files import RASTERS, FoundPair, Names, match_rasters
from core.commands.folder_table import read_table
from core.errors import InputError, PansharpenError
from core.gdal_names import path_in
from core.language import later, say
from core.products.bands import known_band
from core.products.delivered import FAMILIES, find_image
from core.products.product import ProductImage

TABLES = (".csv", ".tsv", ".txt")
#: The end of the name of a file of a single band, after that of the scene.
_BAND = re.compile(r"[-_](?:SR_|ST_)?B(?:AND)?\d+A?(?:_VCID_\d)?(?:_\d\dm)?$", re.IGNORECASE)
#: Bands of a scene that are not sharpened.
_NOT_SHARPENED = ("cirrus", "thermal", "thermal1", "thermal2", "water vapour")


def find_pairs(data: Path, without: Path | None = None) -> list[FoundPair]:
    """Return the pairs of a folder and the folders below, or those that a table names.

    Parameters
    ----------
    without : folder of the results, which is not searched.

    Raises InputError where there is no such folder or table, or a column of the table is missing.
    """
    if data.is_file() and data.suffix.lower() in TABLES:
        return _with_own_names(read_table(data))
    if not data.is_dir():
        raise InputError("data-folder-missing", folder=data)
    files = list(_files(data, without and without.resolve()))
    images = [image for images in FAMILIES for image in images(files)]
    rest = [path for path in files if path.suffix.lower() in RASTERS and not _is_of(path, images)]
    scenes, rest = _single_bands(rest)
    return _with_own_names([*_delivered(images), *scenes, *match_rasters(rest)])


def _files(folder: Path, without: Path | None) -> Iterator[Path]:
    """Yield the files of a folder and the folders below, except hidden ones and results."""
    for here, folders, names in os.walk(folder):
        place = Path(here)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (place / name).resolve() != without
        )
        yield from (place / name for name in sorted(names) if not name.startswith("."))


# --- products as delivered ---


def _delivered(images: Sequence[ProductImage]) -> Iterator[FoundPair]:
    """Yield the pairs of delivered products, scene by scene."""
    scenes: dict[tuple[str, str], dict[str, list[ProductImage]]] = {}
    for image in images:
        roles = scenes.setdefault((image.satellite, image.scene), {"PAN": [], "MS": []})
        roles[image.role].append(image)
    for (satellite, scene), roles in scenes.items():
        pans, mss = (sorted(roles[role], key=lambda i: i.name) for role in ("PAN", "MS"))
        if pans and mss and len(pans) == len(mss):
            for pan, ms in zip(pans, mss, strict=True):
                yield FoundPair(pan.name.removesuffix(" PAN"), _name_of(pan), _name_of(ms))
            continue
        there = [_name_of(image) for image in (*pans, *mss)]
        problem = say(
            "Of {} {} there are {} PAN and {} MS images.", satellite, scene, len(pans), len(mss)
        )
        first = (pans or mss)[0].name
        yield FoundPair(
            first.removesuffix(" PAN").removesuffix(" MS"),
            there[0] if pans else None,
            there[len(pans)] if mss else None,
            problem=problem,
        )


def _name_of(image: ProductImage) -> Names:
    """Return the metadata file of an image if it opens the image, else the files of its layers."""
    for path in image.metadata:
        try:
            if path.is_file() and find_image(str(path), image.role) == image:
                return str(path)
        except PansharpenError:  # of several images
            continue
    names = tuple(layer.name for layer in image.layers)
    return names[0] if len(names) == 1 else names


def _is_of(path: Path, images: Iterable[ProductImage]) -> bool:
    """Return whether a file is part of a delivered product."""
    for image in images:
        layers = [Path(layer.name) for layer in image.layers]
        if path in layers or path in image.metadata:
            return True
        if path.parent in {layer.parent for layer in layers}:
            tiled = any(layer.suffix.lower() in (".xml", ".dim", ".til") for layer in layers)
            if tiled or path.name.startswith(image.name.partition(" ")[0]):
                return True
    return False


# --- files of single bands ---


def _single_bands(files: Sequence[Path]) -> tuple[list[FoundPair], list[Path]]:
    """Return the scenes that have a file for each band, and the other files."""
    scenes: dict[tuple[Path, str], dict[str, Path]] = {}
    rest = []
    for path in files:
        known, scene = known_band(str(path)), _BAND.sub("", path.stem)
        if known and scene != path.stem:
            scenes.setdefault((path.parent, scene), {})[known[0]] = path
        else:
            rest.append(path)
    pairs = []
    for (_, scene), bands in scenes.items():
        pan = bands.pop("pan", None)
        ms = tuple(str(bands[name]) for name in bands if name not in _NOT_SHARPENED)
        problem = "" if pan and ms else say(_WITHOUT_MS if pan else _WITHOUT_PAN)
        pairs.append(FoundPair(scene, str(pan) if pan else None, ms or None, problem=problem))
    return pairs, rest


_WITHOUT_MS = later("No MS was found for it.")
_WITHOUT_PAN = later("No PAN was found for its bands; without one, fine bands can stand for it.")


# --- names ---


def _with_own_names(pairs: Iterable[FoundPair]) -> list[FoundPair]:
    """Return the pairs with unique names: their folder is added, or else a number."""
    found = list(pairs)
    names = [pair.name for pair in found]
    taken: set[str] = set()
    for n, pair in enumerate(found):
        name = pair.name
        if names.count(name) > 1 and pair.files:
            name = f"{path_in(pair.files[0]).parent.name}_{name}".strip("_")
        base, number = name, 2
        while name.lower() in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name.lower())
        found[n] = replace(pair, name=name)
    return found
