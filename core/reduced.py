# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of rasters reduced by Wald's protocol, as GeoTIFFs (the filters: `core.simulate`)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader
from scipy import ndimage

from core.errors import InputError
from core.sensors import GENERIC_GAIN
from core.simulate import FloatArray, Phase, phase_offset, reduce_ms, reduce_pan
from core.source import Source, choose_pan_band, data_bands, open_raster, same_crs
from core.tiles import Window


@dataclass(frozen=True)
class ReducedPair:
    """Files of a reduced pair: PAN and ground truth on one grid, MS `ratio` times coarser."""

    pan: Path
    ms: Path
    gt: Path
    ratio: int


@dataclass(frozen=True)
class _Match:
    """What a pair has in common: MS pixels, and where their centres lie on PAN (PAN px)."""

    ratio_yx: tuple[float, float]
    rows: FloatArray
    cols: FloatArray
    part: Window  # of MS


def write_reduced(
    pan_path: Path | str,
    ms_path: Path | str,
    folder: Path | str,
    ratio: int | None = None,
    gains: Sequence[float] | None = None,
    phase: Phase = "benchmark",
    limit: float = math.inf,
) -> ReducedPair:
    """Reduce a pair of rasters by Wald's protocol and write it as GeoTIFFs.

    The geotransforms state the phase, so that whoever opens the pair by its georeference has the
    truth on the reduced PAN's grid. Values are float32 and not rounded. Where PAN already is on
    the grid of MS (benchmark files: PAN and truth), it is copied and only the MS is made.

    Parameters
    ----------
    pan_path, ms_path : the pair, in one CRS.
    folder : gets pan.tif, ms.tif and gt.tif.
    ratio : of the reduced pair; by default that of the pair, rounded.
    gains : MTF gain of each MS band; the generic one by default.
    phase : of the reduced MS, see `core.simulate`.
    limit : height and width (PAN px) of the middle part that is read of a larger pair.
    """
    with open_raster(pan_path, "PAN") as pan_set, open_raster(ms_path, "MS") as ms_set:
        match = _match(pan_set, ms_set, limit)
        on_one_grid = np.allclose(match.ratio_yx, 1.0)
        if ratio is None:
            ratio = 1 if on_one_grid else round(math.sqrt(math.prod(match.ratio_yx)))
        if ratio < 2:
            text = "PAN is on the grid of MS." if on_one_grid else "PAN is hardly finer than MS."
            raise InputError(text, "Give the ratio.")
        if min(match.part.shape) < 2 * ratio:
            raise InputError("What PAN and MS have in common is too small to be reduced.")
        pan, blank, (rows, cols) = _read_pan(pan_set, match)
        bands = data_bands(ms_set)
        gt, holes = _filled(Source(ms_set, bands, None), match.part)
        if holes.all() or blank.all():
            raise InputError("The part to be reduced has no data.")
        names = [ms_set.descriptions[band - 1] for band in bands]
        transform, crs = ms_set.transform, ms_set.crs
        if transform.is_identity:  # would not be stored, and then state no phase
            transform = Affine.translation(0, ms_set.height) * Affine.scale(1, -1)
    transform = transform * Affine.translation(match.part.col, match.part.row)
    if on_one_grid:
        at = np.ix_(np.rint(rows).astype(int), np.rint(cols).astype(int))
        reduced, blank = pan[at], blank[at]
    else:
        reduced = reduce_pan(pan, rows, cols, match.ratio_yx)
        blank = reduce_pan(blank, rows, cols, match.ratio_yx) > 0.5
    coarse = reduce_ms(gt, gains or (GENERIC_GAIN,) * len(gt), ratio, phase)
    size, start = coarse.shape[1:], int(phase_offset(ratio, phase))
    near = ndimage.maximum_filter(holes, ratio)[start::ratio, start::ratio]
    offset = phase_offset(ratio, phase) + 0.5 - ratio / 2
    to_coarse = transform * Affine.translation(offset, offset) * Affine.scale(ratio)
    to = Path(folder)
    pair = ReducedPair(to / "pan.tif", to / "ms.tif", to / "gt.tif", ratio)
    _write(pair.pan, reduced[None], blank, transform, crs, ("pan",))
    _write(pair.gt, gt, holes, transform, crs, names)
    _write(pair.ms, coarse, near[: size[0], : size[1]], to_coarse, crs, names)
    return pair


def _match(pan: DatasetReader, ms: DatasetReader, limit: float) -> _Match:
    """The MS pixels inside PAN, or those in the middle: `limit` PAN px in height and width."""
    if not same_crs(pan.crs, ms.crs):
        raise InputError("MS has another CRS than PAN.", "Reproject it first.")
    grid = ~pan.transform * ms.transform
    if pan.transform.is_identity and ms.transform.is_identity:  # no georeference: corners agree
        grid = Affine.scale(pan.width / ms.width, pan.height / ms.height)
    if grid.a <= 0 or grid.e <= 0:
        raise InputError("MS is mirrored against PAN.", "Make both north-up with gdalwarp.")
    centres, spans = [], []
    for step, origin, count, size in (
        (grid.e, grid.f, ms.height, pan.height),
        (grid.a, grid.c, ms.width, pan.width),
    ):
        at = origin + step * (np.arange(count, dtype=np.float64) + 0.5) - 0.5
        inside = np.flatnonzero((at >= -0.5) & (at <= size - 0.5))
        if len(inside) == 0:
            raise InputError("PAN and MS do not overlap.")
        spare = max(0, math.ceil((len(inside) - limit / step) / 2)) if limit < math.inf else 0
        inside = inside[spare : len(inside) - spare]
        spans.append((int(inside[0]), int(inside[-1]) + 1))
        centres.append(at[inside])
    (row, row_end), (col, col_end) = spans
    part = Window.between(row, col, row_end, col_end)
    return _Match((float(grid.e), float(grid.a)), centres[0], centres[1], part)


def _read_pan(
    dataset: DatasetReader, match: _Match
) -> tuple[FloatArray, npt.NDArray[np.bool_], list[FloatArray]]:
    """PAN `(H, W)` as far as its reduction needs it, its holes, and the centres in that part."""
    ends, centres = [], []
    for ratio, at, size in zip(
        match.ratio_yx, (match.rows, match.cols), dataset.shape, strict=True
    ):
        margin = math.ceil(2 * max(1.0, ratio)) + 2  # the reach of antialiased bicubic samples
        first = max(0, math.floor(at[0]) - margin)
        ends.append((first, min(size, math.ceil(at[-1]) + margin + 1)))
        centres.append(at - first)
    (row, row_end), (col, col_end) = ends
    source = Source(dataset, choose_pan_band(dataset, None), None)
    image, holes = _filled(source, Window.between(row, col, row_end, col_end))
    return image[0], holes, centres


def _filled(source: Source, window: Window) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Bands, holes filled with the nearest valid pixel, and where the holes are."""
    values, valid = source.read(window)
    image = values.astype(np.float64)
    if valid is None:
        return image, np.zeros(window.shape, bool)
    if valid.any():
        near = ndimage.distance_transform_edt(~valid, return_distances=False, return_indices=True)
        image = image[:, near[0], near[1]]
    return image, ~valid


def _write(
    path: Path,
    image: FloatArray,
    holes: npt.NDArray[np.bool_],
    transform: Affine,
    crs: CRS | None,
    names: Sequence[str | None],
) -> None:
    """A float32 GeoTIFF; holes are NaN."""
    image = np.where(holes, np.nan, image)
    profile = {"driver": "GTiff", "dtype": "float32", "transform": transform, "crs": crs}
    profile |= {"count": len(image), "height": image.shape[1], "width": image.shape[2]}
    if holes.any():
        profile["nodata"] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # pixels of 1 x -1 are meant
        dataset = rasterio.open(path, "w", **profile)
    with dataset:
        dataset.write(image.astype(np.float32))
        for band, name in enumerate(names, start=1):
            if name:
                dataset.set_band_description(band, name)
