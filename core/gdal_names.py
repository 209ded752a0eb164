# SPDX-License-Identifier: GPL-2.0-or-later
"""Names by which GDAL opens rasters.

A name is a path, or an address, a member of an archive (`/vsizip//folder/scene.zip/pan.tif`), a
subdataset (`GPKG:file.gpkg:table`), even the text of a VRT. It is kept letter by letter: as a
`Path` it would lose the second of two slashes, and with it what it names.
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import PurePath

#: How a name begins that is no path: a virtual file system, a driver or a scheme, an XML text. One
#: letter before the colon is a drive of Windows.
_NO_PATH = re.compile(r"/vsi|[A-Za-z][\w+.-]+:|\s*<")
#: What stands before the path in such a name: driver or scheme, number of a directory, quote.
_BEFORE = re.compile(r"(?:[A-Za-z][\w+.-]+:)(?:(?:off:)?\d+:)?\"?")


def is_path(name: str) -> bool:
    """Tell whether a name is meant as a path; a file of this name need not exist."""
    if "\0" in name:  # at which every function of the system fails
        return False
    # Not `Path.exists`, which fails where a name is longer than a path can be.
    return not _NO_PATH.match(name) or os.path.exists(name)  # noqa: PTH110


def one_name(given: str | tuple[str, ...]) -> str:
    """Return the name of one raster; of several, `core.products.inputs` has made one before."""
    if not isinstance(given, str):
        raise ValueError(f"{given} are several rasters")
    return given


def path_in(name: str) -> PurePath:
    """Return the path within a name, of which parts are shown or searched; it opens nothing."""
    if is_path(name):
        return PurePath(name)
    if name.lstrip().startswith("<"):
        return PurePath("VRT")
    address = name.partition("?")[0] if "://" in name else name
    return PurePath(_BEFORE.sub("", address, count=1))


#: Names of rasters that were made on the way -> what the user named instead.
_called: dict[str, str] = {}


def call(name: str, called: str) -> None:
    """Have a raster that is made on the way called what the user named, in every message.

    Such a name stays: it is never given twice, and its raster may be gone when its error is shown.
    """
    _called.setdefault(name, as_called(called))


def as_called(text: str) -> str:
    """Return a text with the names that the user knows."""
    names = [name for name in list(_called) if name in text]  # threads add to them
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, _called[name])
    return text


def log_as_called(record: logging.LogRecord) -> bool:
    """Put the names that the user knows into a message; a filter of handlers."""
    record.msg, record.args = as_called(record.getMessage()), None
    return True
