# SPDX-License-Identifier: GPL-2.0-or-later
"""Open a raster for windowed reading; find the files that it consists of."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import rasterio
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from core.errors import InputError, reason_of
from core.gdal_names import as_called, call, is_path, path_in
from core.raster import block_cache
from core.raster.gdal import GDAL_ERRORS, quietly

log = logging.getLogger(__name__)

#: Domain and key of the tag of a temporary VRT with the names of its files; the plugin sets it too.
MADE_OF = "KSDIFF", "FILES"

_ARCHIVES = {".zip": "vsizip", ".tar": "vsitar", ".tgz": "vsitar", ".7z": "vsi7z", ".gz": "vsigzip"}

# In MB. GDAL's default, 5 % of the memory, would be filled by a large scene.
os.environ.setdefault("GDAL_CACHEMAX", str(block_cache.LEAST >> 20))
# GDAL would write an index beside a .gz input.
os.environ.setdefault("CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO")


def open_raster(path: Path | str, role: str) -> DatasetReader:
    """Open a raster that has bands of real values; raise InputError for any other.

    Parameters
    ----------
    path : the file, or any other name by which GDAL opens a raster, see `core.gdal_names`.
    role : "PAN" or "MS", for messages.
    """
    try:
        with quietly():
            dataset = rasterio.open(str(path))
    except (*GDAL_ERRORS, ValueError) as error:
        code, reason = "raster-name-unreadable", None
        if is_path(str(path)):
            code, reason = _plain_reason(Path(path))
        raise InputError(code, role=role, path=path, reason=reason or error) from error
    if called := _named_in(dataset):
        call(dataset.name, called)
    _check_side_files(dataset, role)
    problem = _problem(dataset)
    if problem:
        subdatasets = ", ".join(dataset.subdatasets[:4])
        dataset.close()
        raise InputError(problem, role=role, path=path, subdatasets=subdatasets)
    return dataset


def _named_in(dataset: DatasetReader) -> str | None:
    """Return the names of the files of a temporary VRT, see `MADE_OF`."""
    return dataset.tags(ns=MADE_OF[0]).get(MADE_OF[1]) if dataset.driver == "VRT" else None


def is_made_of_files(dataset: DatasetReader) -> bool:
    """Return whether a raster is a temporary VRT of several files."""
    return ", " in (_named_in(dataset) or "")


def file_names(dataset: DatasetReader) -> str:
    """Return the names of the user's files that a raster is read from, without folders."""
    return path_in(_named_in(dataset) or as_called(dataset.name)).name


def _plain_reason(path: Path) -> tuple[str, str | None]:
    """Return why a path cannot be opened: a code, and a reason if it is clearer than GDAL's."""
    try:
        if not path.exists():
            return "raster-missing", None
        if path.is_dir():
            return "raster-unreadable", "it is a folder"
        if (system := _ARCHIVES.get(path.suffix.lower())) is not None:
            within = f"/{system}/{path.absolute()}/..."
            return "raster-unreadable", f"it is an archive: a raster in it is named {within}"
        return "raster-unreadable", None if path.stat().st_size else "the file is empty"
    except OSError as error:  # a name that is too long, or in a folder without permission
        return "raster-unreadable", error.strerror


def _check_side_files(dataset: DatasetReader, role: str) -> None:
    """Log errors in side files; raise InputError if the raster has no other georeference.

    GDAL reads side files on request, and rasterio raises their errors only at a later call.
    """
    dataset.tags(ns="RPC")
    if (error := _pending_error(dataset)) is not None:
        if dataset.transform.is_identity and not dataset.gcps[0] and not dataset.rpcs:
            by = "side file"
            raise InputError(
                "raster-not-placed", role=role, path=dataset.name, by=by, option="", reason=error
            ) from error
        log.warning("%s %s: %s.", role, dataset.name, reason_of(error))
    _ = dataset.mask_flag_enums
    if (error := _pending_error(dataset)) is not None:
        log.warning("%s %s: %s.", role, dataset.name, reason_of(error))


def _pending_error(dataset: DatasetReader) -> Exception | None:
    """Return an error of GDAL that rasterio has not raised yet."""
    try:
        _ = dataset.colorinterp
    except GDAL_ERRORS as error:
        return error
    return None


def files_of(path: Path | str) -> set[str]:
    """Return the path and all files that the raster is read from: side files, sources of a VRT.

    For a raster that cannot be opened, the path only.
    """
    found: set[str] = set()
    waiting = {str(path)}
    while waiting:
        name = waiting.pop()
        # Only VRTs have files that have further files.
        if not found or _is_vrt(name) or str(path).startswith("/vsimem/"):
            waiting |= _listed(name) - found - {name}
        found.add(name)
    return found


def _listed(name: str) -> set[str]:
    """Return the files that GDAL lists for a raster."""
    try:
        with quietly(), rasterio.open(name) as dataset:
            return set(dataset.files)
    except (*GDAL_ERRORS, ValueError):
        return set()


def _is_vrt(name: str) -> bool:
    try:
        with Path(name).open("rb") as file:
            return b"<VRTDataset" in file.read(1024)
    except OSError:
        return False


def _problem(dataset: DatasetReader) -> str | None:
    """Return the code of the error that makes this raster unusable, if there is one."""
    if not dataset.count:
        return "raster-without-bands"
    if dataset.transform.is_degenerate:
        return "raster-pixel-size"
    if any(dtype.startswith("complex") for dtype in dataset.dtypes):
        return "raster-complex"
    if ColorInterp.palette in dataset.colorinterp:
        return "raster-palette"
    return None
