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
from core.raster.gdal import GDAL_ERRORS
from core.raster.geotiff import quietly

log = logging.getLogger(__name__)

#: Domain and key of the tag of a VRT that names the files that it was made of on the way: here, of
#: bands and products, and by the plugin, of what is set on a layer.
MADE_OF = "KSDIFF", "FILES"

_ARCHIVES = {".zip": "vsizip", ".tar": "vsitar", ".tgz": "vsitar", ".7z": "vsi7z", ".gz": "vsigzip"}

# In MB. By default GDAL keeps blocks in 5 % of the machine's memory, and a large scene fills that.
os.environ.setdefault("GDAL_CACHEMAX", str(block_cache.LEAST >> 20))
# Nothing is written beside an input, such as where the blocks of a .gz begin.
os.environ.setdefault("CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO")


def open_raster(path: Path | str, role: str) -> DatasetReader:
    """Open a raster that has bands of real values; raise InputError for any other.

    Parameters
    ----------
    path : the file, or any other name by which GDAL opens a raster, see `core.gdal_names`.
    role : what the raster is to the user, "PAN" or "MS"; messages begin with it.
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
    """Return what a VRT that was made on the way says it was made of, see `MADE_OF`."""
    return dataset.tags(ns=MADE_OF[0]).get(MADE_OF[1]) if dataset.driver == "VRT" else None


def is_made_of_files(dataset: DatasetReader) -> bool:
    """Tell whether a raster was made of several files on the way."""
    return ", " in (_named_in(dataset) or "")


def file_names(dataset: DatasetReader) -> str:
    """Return the names of the user's files that a raster is, without folders."""
    return path_in(_named_in(dataset) or as_called(dataset.name)).name


def _plain_reason(path: Path) -> tuple[str, str | None]:
    """Return why a path is no raster: the code, and words where GDAL's would hide it."""
    try:
        if not path.exists():
            return "raster-missing", None
        if path.is_dir():
            return "raster-unreadable", "it is a folder"
        if (system := _ARCHIVES.get(path.suffix.lower())) is not None:
            within = f"/{system}/{path.absolute()}/..."
            return "raster-unreadable", f"it is an archive: a raster in it is named {within}"
        return "raster-unreadable", None if path.stat().st_size else "the file is empty"
    except OSError as error:  # a name that is too long, or in a closed folder
        return "raster-unreadable", error.strerror


def _check_side_files(dataset: DatasetReader, role: str) -> None:
    """Say what metadata is damaged; raise InputError if it should have placed the raster.

    GDAL reads them when they are asked for, and rasterio raises what that finds only where it next
    looks for errors.
    """
    dataset.tags(ns="RPC")
    if (error := _pending_error(dataset)) is not None:
        if dataset.transform.is_identity and not dataset.gcps[0] and not dataset.rpcs:
            raise InputError(
                "raster-not-placed",
                role=role,
                path=dataset.name,
                by="side file",
                reason=error,
                option="",
            ) from error
        log.warning("%s %s: %s.", role, dataset.name, reason_of(error))
    _ = dataset.mask_flag_enums
    if (error := _pending_error(dataset)) is not None:
        log.warning("%s %s: %s.", role, dataset.name, reason_of(error))


def _pending_error(dataset: DatasetReader) -> Exception | None:
    """Return what GDAL found wrong without anyone having looked, if it did."""
    try:
        _ = dataset.colorinterp
    except GDAL_ERRORS as error:
        return error
    return None


def files_of(path: Path | str) -> set[str]:
    """Return the path and all files that the raster is read from: side files, sources of a VRT.

    What cannot be opened is the path alone.
    """
    found: set[str] = set()
    waiting = {str(path)}
    while waiting:
        name = waiting.pop()
        # Only a VRT names files that may name others again: those of a VRT in a VRT, and of
        # a product whose parts were put together in memory.
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
