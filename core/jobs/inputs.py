# SPDX-License-Identifier: GPL-2.0-or-later
"""Fingerprints of the inputs of a job, by which a change after the plan is found.

That of a file does not read all of it: size, time of the last change, and a hash of its beginning
and of blocks scattered over it. Of anything else, such as an address, GDAL has neither size nor
time: there it is a hash of the grid and of pixels scattered over it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rasterio
from rasterio.windows import Window

from core.errors import InputError
from core.gdal_names import is_path
from core.raster.gdal import GDAL_ERRORS, quietly
from core.raster.reader import files_of
from core.requests.scenes import Pansharpen, inputs_of

HEAD, BLOCK, BLOCKS = 1 << 16, 1 << 12, 16  # bytes, bytes, number
PIXELS, PLACES = 256, 8  # in a row, and where on the raster
#: GDAL and QGIS write these beside an image when it is looked at; no pixel depends on them.
BESIDE = (".aux.xml", ".ovr")


def fingerprints(*requests: Pansharpen) -> dict[str, dict[str, Any]]:
    """Return the fingerprint of each file and address that rasters of requests are read from."""
    named = {name for request in requests for name in inputs_of(request)}
    files = {file for name in named for file in files_of(name)}
    names = (str(Path(name).absolute()) if is_path(name) else name for name in files)
    kept = sorted(name for name in names if not name.startswith("/vsimem/"))
    found = {name: _fingerprint(name) for name in kept if not name.endswith(BESIDE)}
    return {name: each for name, each in found.items() if each}


def check_inputs(inputs: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise InputError for an input whose fingerprint is another now."""
    for name, known in inputs.items():
        if _fingerprint(name) != known:
            raise InputError("job-input-changed", path=name)


def _fingerprint(name: str) -> dict[str, Any] | None:
    """Return the fingerprint of an input; None if it cannot be read."""
    try:
        return _of_file(Path(name)) if is_path(name) and Path(name).is_file() else _of_raster(name)
    except (OSError, ValueError, *GDAL_ERRORS):
        return None


def _of_file(path: Path) -> dict[str, Any]:
    known = path.stat()
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(HEAD))
        for number in range(BLOCKS):
            file.seek(max(0, known.st_size - BLOCK) * number // (BLOCKS - 1))
            digest.update(file.read(BLOCK))
    # Not every file system has parts of a second, and not all its clients show the same.
    return {"bytes": known.st_size, "changed": int(known.st_mtime), "sha256": digest.hexdigest()}


def _of_raster(name: str) -> dict[str, Any]:
    with quietly(), rasterio.open(name) as dataset:
        grid = dataset.shape, dataset.count, dataset.dtypes, dataset.nodata
        digest = hashlib.sha256(repr((*grid, tuple(dataset.transform))).encode())
        for number in range(PLACES):
            row = (2 * number + 1) * dataset.height // (2 * PLACES)
            col = (5 * number + 2) % PLACES * dataset.width // PLACES
            window = Window(col, row, min(PIXELS, dataset.width - col), 1)
            digest.update(dataset.read(window=window).tobytes())
        return {"size": [dataset.width, dataset.height], "sha256": digest.hexdigest()}
