# SPDX-License-Identifier: GPL-2.0-or-later
"""Check that a folder or file may be a delivered product; only the worker opens it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from .. import paths
from ..language import tr


def problem(path: str) -> str:
    """Return why nothing at a path can be a product; empty if something can."""
    known = paths.products()
    place = Path(path)
    if not place.exists():
        return tr(
            "The product does not exist: {}. Choose its folder, or one of its metadata files."
        ).format(path)
    is_metadata = place.suffix.lower() in known["metadata"]
    names: Iterator[str] = iter(())
    if place.is_dir():
        names = _file_names(path, known["depth"])
    elif is_metadata:
        names = _file_names(str(place.parent), 1)
    layouts = known["layouts"].values()
    pattern = re.compile("|".join(f"(?:{each['files']})" for each in layouts), re.IGNORECASE)
    if any(pattern.fullmatch(name) for name in names):
        return ""
    return tr(
        "No PAN and MS of a product were found in {}. Known layouts are: {}. Unpack an archive "
        "first. Otherwise choose the files of PAN and MS."
    ).format(path, "; ".join(each["title"] for each in layouts))


def _file_names(folder: str, depth: int) -> Iterator[str]:
    """Yield the names of the files in a folder and in folders below, down to a depth."""
    top = len(Path(folder).parts)
    for place, folders, names in os.walk(folder):
        if len(Path(place).parts) - top >= depth:
            folders.clear()
        yield from names
