# SPDX-License-Identifier: GPL-2.0-or-later
"""Find the values that mark missing data although a raster does not declare them.

There are two kinds:

- A value that no sensor delivers: an extreme, negative or enormous, far from the range of all other
  values. It is missing data anywhere.
- A value that a sensor may deliver: 0 in shadows and on water, the maximum in clouds, or a 0 that
  was scaled with the data. It is missing data only in collars and gaps: connected areas, equal in
  all bands, that touch two sides of the raster and have sharp edges. Water and clouds have soft
  edges. A raster that declares a nodata value has no such areas.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from core.imaging.arrays import Image, Mask
from core.raster.nodata_values import HUGE, Area, Undeclared
from core.raster.pixels import value_range
from core.raster.source import Source
from core.raster.window import Window

SENTINELS = (-999.0, -9999.0, -99999.0, -32767.0, -32768.0, -2147483648.0)
EXTREMES = {0.0, 255.0, 32767.0, 65535.0}  # of types, in collars
DISTINCT = 16  # distinct values; with fewer, the values may be classes
SMALLEST = 0.002  # least share of the raster in a collar
DOUBTFUL = 0.005  # least share of the raster in a doubtful area that is reported
PLACES, AROUND = 12, 12  # places at an area's edge that are examined, and how far around (px)
NEAR = 0.05  # of the range of values: differences below it are a soft edge
SOFT = 0.25  # of the step at an edge: smaller differences beside it are a soft edge


def find_undeclared(source: Source, values: Image, valid: Mask) -> Undeclared:
    """Find values of missing data in a raster, besides those of its source.

    `values` and `valid` `(C, h, w)` are a subsample (`Source.subsample`); values that are missing
    anywhere are removed from the valid mask `valid`, in place.
    """
    impossible: set[float] = set()
    for band, there in zip(values, valid, strict=True):
        impossible.update(_impossible(band[there], source.floats))
    found = {}
    for value in sorted(impossible):
        holes = (values == value) & valid
        found[_in_type(source, value)] = float(holes.any(axis=0).mean())
        valid &= ~holes
    areas, doubtful = _areas(source, values, np.all(valid, axis=0))
    return Undeclared(found, tuple(areas), doubtful)


def _in_type(source: Source, value: float) -> float:
    """Return a value clipped to the raster's integer type: float32 may have rounded it up."""
    dtype = np.dtype(source.dataset.dtypes[source.bands[0] - 1])
    if dtype.kind == "f":
        return value
    least, most = value_range(dtype)
    return min(max(value, float(least)), float(most))


def _impossible(values: Image, floats: bool) -> list[float]:
    """Return the extremes of the values `(N,)` of a band that no sensor delivers.

    Integers such as 255 or 65535 are never among them: a cloud may be that bright.
    """
    found = []
    while values.size:
        extremes = ((values.min(), True), (values.max(), False))
        far = (end for end, low in extremes if _far_off(values, end, low))
        wrong = next((end for end in far if floats or not _is_full(end)), None)
        if wrong is None:
            break
        found.append(float(wrong))
        values = values[values != wrong]
    return found


def _far_off(values: Image, end: np.float32, low: bool) -> bool:
    """Return whether an extreme of the values `(N,)` is far from the range of the others."""
    value = float(end)
    if abs(value) >= HUGE:
        return True
    if low and value >= 0:
        return False
    rest = values[values != end]
    count = values.size - rest.size
    if np.unique(rest[:: max(1, rest.size // 4096)]).size < DISTINCT:
        return False
    # In a resampled raster some pixels at the edges of holes are in between.
    few = min(count, rest.size) // 20
    first, last = (float(end) for end in np.partition(rest, (few, -1 - few))[[few, -1 - few]])
    span, gap = last - first, first - value if low else value - last
    if low:
        usual = value in SENTINELS
        return gap > (0.05 if usual else 1.0) * span and (count >= 4 or (usual and gap > span))
    return gap > (100.0 if _is_full(value) else 10.0) * span and count >= 4


def _is_full(value: float) -> bool:
    """Return whether all bits of a number are set, as at saturation."""
    return value > 0 and math.log2(float(value) + 1.0).is_integer()


def _areas(source: Source, values: Image, valid: Mask) -> tuple[list[Area], dict[float, float]]:
    """Return collars and gaps, and the values and shares of doubtful areas.

    `values` `(C, h, w)` and the valid mask `valid` `(h, w)` of all bands are a subsample.
    """
    areas: list[Area] = []
    doubtful: dict[float, float] = {}
    if not valid.any():
        return areas, doubtful
    there = values[:, valid]
    for ends in _ends(there.min(axis=1), there.max(axis=1), source.floats):
        alike = (values == ends).all(axis=0) & valid
        if alike.mean() < SMALLEST or not (valid & ~alike).any():
            continue
        edge = _Edge(source, ends, values[:, valid & ~alike])
        labels, _ = ndimage.label(alike)
        counts = np.bincount(labels.ravel())
        sides = [set(np.unique(s)) for s in (labels[0], labels[-1], labels[:, 0], labels[:, -1])]
        missing = np.zeros_like(alike)
        unclear = 0.0
        for number in np.flatnonzero(counts >= max(16, SMALLEST * alike.size)):
            if number == 0:
                continue
            area = labels == number
            if not edge.is_sharp(area):
                continue
            if sum(number in side for side in sides) > 1 and not source.has_nodata:
                missing |= area
            elif counts[number] >= DOUBTFUL * alike.size:
                unclear += float(area.mean())
        if missing.any():
            cells = ndimage.binary_dilation(missing, np.ones((3, 3)))
            others = (values == ends).any(axis=0) & valid & ~cells
            alone = bool(len(np.unique(ends)) == 1 and others.mean() < 1e-4)
            areas.append(Area(tuple(ends.ravel().tolist()), cells, float(missing.mean()), alone))
        if unclear:
            doubtful[float(ends.flat[0])] = unclear
    return areas, doubtful


def _ends(least: Image, most: Image, floats: bool) -> list[Image]:
    """Return the extremes of the bands `(C, 1, 1)` that collars may have.

    In floats any minimum is possible: a 0 may have been scaled, differently in each band.
    """
    found = []
    if floats or all(end < 0 or end in EXTREMES for end in least.tolist()):
        found.append(least)
    if all(end in EXTREMES for end in most.tolist()) and not np.array_equal(least, most):
        found.append(most)
    return [ends[:, None, None] for ends in found]


class _Edge:
    """The edges of areas of one value `(C, 1, 1)`; `others` `(C, N)` are the raster's other values.

    An edge is soft where the pixels along it are close to the value.
    """

    def __init__(self, source: Source, value: Image, others: Image) -> None:
        self._source, self._value = source, value
        far = np.percentile(others[:, :: max(1, others.shape[1] // 65536)], (5, 95), axis=1)
        scale = NEAR * np.abs(far - value.ravel()).max(axis=0)
        self._near = np.maximum(scale, 0.0 if source.floats else 3.0)[:, None, None]

    def is_sharp(self, area: Mask) -> bool:
        """Return whether an area `(h, w)` of a subsample has a sharp edge in the raster."""
        ring = np.argwhere(ndimage.binary_dilation(area) & ~area)
        near = total = 0
        for place in ring[:: max(1, len(ring) // PLACES)][:PLACES]:
            values, valid = self._source.read_bands(self._around(place, area.shape))
            off = np.abs(values - self._value)
            inside = (off == 0).all(axis=0)
            beside = ndimage.binary_dilation(inside) & ~inside & valid.all(axis=0)
            around = ndimage.maximum_filter(np.where(valid, off, 0), (1, 7, 7))
            close = (off < np.maximum(self._near, SOFT * around)).all(axis=0)
            near += int(np.count_nonzero(close & beside))
            total += int(np.count_nonzero(beside))
        return total >= 8 and near <= 0.5 * total

    def _around(self, place: Image, shape: tuple[int, ...]) -> Window:
        """Return a window of the raster around a place of a subsample of this shape."""
        whole = self._source.whole
        row, col = (
            int((at + 0.5) * size / count)
            for at, size, count in zip(place, whole.shape, shape, strict=True)
        )
        reach = AROUND + math.ceil(max(whole.shape) / max(shape))
        return Window(row, col, 1, 1).grow(reach, whole)
