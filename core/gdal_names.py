# SPDX-License-Identifier: GPL-2.0-or-later
"""Names by which GDAL opens rasters.

A name is a path, an address, a member of an archive (`/vsizip//folder/scene.zip/pan.tif`), a
subdataset (`GPKG:file.gpkg:table`), or even the text of a VRT. It is kept as a string: a `Path`
would lose the second of two slashes.
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import PurePath

#: Beginnings of names that are not paths: a virtual file system, a driver or scheme, XML. A single
#: letter before the colon is a drive of Windows.
_NO_PATH = re.compile(r"/vsi|[A-Za-z][\w+.-]+:|\s*<")
#: The part before the path in such a name: driver or scheme, number of a directory, quote.
_BEFORE = re.compile(r"(?:[A-Za-z][\w+.-]+:)(?:(?:off:)?\d+:)?\"?")


def is_path(name: str) -> bool:
    """Return whether a name is meant as a path; the file need not exist."""
    if "\0" in name:  # every function of the system rejects it
        return False
    # Not `Path.exists`, which raises for a name longer than a path can be.
    return not _NO_PATH.match(name) or os.path.exists(name)  # noqa: PTH110


def one_name(given: str | tuple[str, ...]) -> str:
    """Return the name of the one raster that `core.products.inputs` makes of several files."""
    if not isinstance(given, str):
        raise ValueError(f"{given} are several rasters")
    return given


def path_in(name: str) -> PurePath:
    """Return the path within a name, to show or search its parts; it need not open."""
    if is_path(name):
        return PurePath(name)
    if name.lstrip().startswith("<"):
        return PurePath("VRT")
    address = name.partition("?")[0] if "://" in name else name
    return PurePath(_BEFORE.sub("", address, count=1))


#: Names of intermediate rasters -> the names that the user gave.
_called: dict[str, str] = {}


def call(name: str, called: str) -> None:
    """Show the user's name in every message instead of that of an intermediate raster.

    An entry stays: names are not used twice, and an error may be shown after its raster is gone.
    """
    _called.setdefault(name, as_called(called))


def as_called(text: str) -> str:
    """Return a text with the user's names in place of those of intermediate rasters."""
    names = [name for name in list(_called) if name in text]  # a copy, since threads add to it
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, _called[name])
    return text


def log_as_called(record: logging.LogRecord) -> bool:
    """Apply `as_called` to a log message; a filter for handlers."""
    text = record.getMessage()
    if (renamed := as_called(text)) != text:
        record.msg, record.args = renamed, None
    return True
