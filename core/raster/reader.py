# SPDX-License-Identifier: GPL-2.0-or-later
"""Open a raster for windowed reading; check and change its grid."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import CRSError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform as transform_points
from rasterio.warp import transform_bounds

from core.errors import InputError
from core.raster.gdal import GDAL_ERRORS
from core.raster.geotiff import quietly
from core.raster.source import data_bands

# In MB. By default GDAL keeps blocks in 5 % of the machine's memory, and a large scene fills that.
os.environ.setdefault("GDAL_CACHEMAX", "256")


def open_raster(path: Path | str, role: str) -> DatasetReader:
    """Open a raster with bands on a north-up grid; raise InputError for any other.

    Parameters
    ----------
    path : the file, or whatever else GDAL can open.
    role : what the raster is to the user, "PAN" or "MS"; messages begin with it.
    """
    try:
        with quietly():
            dataset = rasterio.open(str(path))
    except (*GDAL_ERRORS, ValueError) as error:
        if not Path(path).exists():
            raise InputError("raster-missing", role=role, path=path) from error
        reason = _plain_reason(Path(path)) or error
        raise InputError("raster-unreadable", role=role, path=path, reason=reason) from error
    problem = _problem(dataset)
    if problem:
        subdatasets = ", ".join(dataset.subdatasets[:4])
        dataset.close()
        raise InputError(problem, role=role, path=path, subdatasets=subdatasets)
    return dataset


def _plain_reason(path: Path) -> str | None:
    """Return why a path is no raster, where GDAL's words would hide it."""
    if path.is_dir():
        return "it is a folder"
    return None if path.stat().st_size else "the file is empty"


def files_of(path: Path | str) -> set[str]:
    """Return the path and all files that the raster is read from: side files, sources of a VRT.

    What cannot be opened is the path alone.
    """
    found: set[str] = set()
    waiting = {str(path)}
    while waiting:
        name = waiting.pop()
        # Only a VRT names files that may name others again: those of a VRT in a VRT.
        if not found or _is_vrt(name):
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
    transform = dataset.transform
    if transform.is_degenerate:
        return "raster-pixel-size"
    drift = max(abs(transform.b), abs(transform.d)) * max(dataset.shape)
    if drift > 0.01 * min(abs(transform.a), abs(transform.e)):
        return "raster-rotated"
    if any(dtype.startswith("complex") for dtype in dataset.dtypes):
        return "raster-complex"
    if ColorInterp.palette in dataset.colorinterp:
        return "raster-palette"
    return None


def warp_to(
    dataset: DatasetReader, target: DatasetReader, nodata: float | None, margin: int
) -> WarpedVRT:
    """Warp MS to the CRS of PAN, at its own resolution, around PAN.

    Parameters
    ----------
    dataset : MS.
    target : PAN.
    nodata : the user's value for "no data" on MS; only one can survive resampling.
    margin : MS px kept around PAN.

    Its pixels are those of PAN times the ratio of the two, a round number if it is close to one.
    """
    try:
        ratio = _ratio_across(dataset, target)
        bounds = transform_bounds(dataset.crs, target.crs, *dataset.bounds)
        if not np.isfinite(bounds).all():
            raise CRSError("MS lies where the CRS of PAN is not defined")
    except (*GDAL_ERRORS, np.linalg.LinAlgError) as error:
        raise InputError("ms-not-warped", path=dataset.name, reason=error) from error
    pixel = target.transform * Affine.scale(ratio)
    cols, rows = zip(~pixel * bounds[:2], ~pixel * bounds[2:], strict=True)
    height, width = np.array(target.shape) / ratio
    first_row, last_row = _around(rows, height, margin)
    first_col, last_col = _around(cols, width, margin)
    if first_row >= last_row or first_col >= last_col:
        raise InputError("no-overlap", pan=target.name, ms=dataset.name)
    value = nodata if dataset.nodata is None else dataset.nodata
    # repr, so that two NaN are the same
    if nodata is not None and value is not None and repr(float(value)) != repr(float(nodata)):
        raise InputError("nodata-differs", path=dataset.name, value=value, nodata=nodata)
    if value is None and all(np.dtype(d).kind == "f" for d in dataset.dtypes):
        value = np.nan
    alpha = len(data_bands(dataset)) < dataset.count
    return WarpedVRT(
        dataset,
        crs=target.crs,
        transform=pixel * Affine.translation(first_col, first_row),
        height=last_row - first_row,
        width=last_col - first_col,
        resampling=Resampling.cubic,
        tolerance=1e-6,  # px; GDAL's default may be an eighth of a pixel off
        src_nodata=value,
        nodata=value,
        add_alpha=value is None and not alpha,
        XSCALE=1.0,  # GDAL would estimate these anew, a little differently, for every window
        YSCALE=1.0,
        UNIFIED_SRC_NODATA="NO",  # a band's nodata is no value even where other bands have one
    )


def _ratio_across(dataset: DatasetReader, target: DatasetReader) -> float:
    """Return the pixel size of `dataset` over that of `target`, at the centre of `target`."""
    height, width = target.shape
    cols = width / 2 + np.array([0.0, 1.0, 0.0])
    rows = height / 2 + np.array([0.0, 0.0, 1.0])
    xs, ys = target.transform * (cols, rows)
    xs, ys = transform_points(target.crs, dataset.crs, xs, ys)
    cols, rows = ~dataset.transform * (np.array(xs), np.array(ys))
    steps = np.array([cols[1:] - cols[0], rows[1:] - rows[0]])
    ratio = 1.0 / np.sqrt(abs(np.linalg.det(steps)))
    if not np.isfinite(ratio):
        raise CRSError("PAN lies where the CRS of MS is not defined")
    whole = max(1, round(ratio))
    return float(whole) if abs(ratio / whole - 1.0) < 0.01 else float(ratio)


def _around(ends: tuple[float, float], size: float, margin: int) -> tuple[int, int]:
    """Return the pixels between both ends, at most `margin` outside 0 to `size`."""
    first, last = int(np.floor(min(ends))), int(np.ceil(max(ends)))
    return max(first, -margin), min(last, int(np.ceil(size)) + margin)
