# SPDX-License-Identifier: GPL-2.0-or-later
"""MS and low-pass PAN expanded to PAN's grid, as the indices without a reference compare them.

The field's reference toolbox knows arrays, not maps: LMS is the 23-tap interpolation of MS with
circular borders, which puts MS pixel i on PAN position `r i + r/2`, and the low-pass PAN is the
same interpolation of `imresize(PAN, 1/r)`. Where the pixels of a pair nest, so that this is
defined, it is what is computed here, value for value, whatever the window. Any other pair is
interpolated where its georeference says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.imaging.arrays import FloatArray, Mask
from core.imaging.degrade import reduce_pan
from core.imaging.filters import interp23tap
from core.imaging.resample import interpolate, reach
from core.pair.scene import Scene
from core.quality.assessment import Interpolation
from core.quality.dynamic_range import largest_of
from core.quality.on_grid import Placed
from core.raster.reader import same_crs
from core.raster.window import Window, plan

HALO = 12  # MS px that the 23-tap interpolation looks at, and a few more
NESTED = 1e-3  # PAN px
TILE = 256  # MS px, of looking for the largest value


@dataclass(frozen=True)
class Expanded:
    """PAN and its low-pass `(H, W)`, LMS `(C, H, W)`, in DN, and where all are valid `(H, W)`."""

    pan: FloatArray
    low: FloatArray
    lms: FloatArray
    valid: Mask


class Expansion(Protocol):
    """A scene as the indices see it."""

    interpolation: Interpolation

    def read(self, window: Window) -> Expanded:
        """In a window of the scene (PAN px)."""

    def read_ms(self, window: Window) -> tuple[FloatArray, Mask]:
        """MS `(C, h, w)` itself in a window of the scene's coarse grid (MS px), and its mask."""


def expansion(scene: Scene) -> Expansion:
    """As the toolbox does it if the scene allows."""
    ratio = nesting(scene)
    if ratio is None:
        return _Georeferenced(scene)
    ms, pan = scene.sources
    corner = ~pan.dataset.transform * scene.transform
    first = [
        round((at[0] - phase) / ratio)
        for at, phase in zip(scene.centres, scene.phase_yx, strict=True)
    ]
    return _Toolbox(
        Placed(pan, (round(corner.f), round(corner.c))),
        Placed(ms, (first[0], first[1])),
        ratio,
        scene.whole,
    )


def largest_ms(seen: Expansion, coarse: Window) -> float:
    """The largest value of MS within the scene, -inf where it has none."""
    tiles = plan(coarse.height, coarse.width, TILE, 0)
    return max(largest_of(*seen.read_ms(tile.inner)) for tile in tiles)


def nesting(scene: Scene) -> int | None:
    """The ratio, if every MS pixel is a square of so many PAN pixels, a power of two, or None.

    MS pixels are centred where products have them, on `(r - 1)/2`, or where benchmarks have them,
    on `r/2`.
    """
    ratio = round(scene.ratio)
    ms_set, pan_set = scene.rasters
    if ratio < 2 or ratio & (ratio - 1) or not same_crs(ms_set.crs, pan_set.crs):
        return None
    for at, size in zip(scene.centres, scene.whole.shape, strict=True):
        if size % ratio or len(at) != size // ratio:
            return None
        first = at - ratio * np.arange(len(at))
        if min(np.abs(first - start).max() for start in ((ratio - 1) / 2, ratio / 2)) > NESTED:
            return None
    return ratio


class _Toolbox:
    """The 23-tap interpolation, of windows whose surroundings wrap around at the border."""

    interpolation: Interpolation = "23-tap"

    def __init__(self, pan: Placed, ms: Placed, ratio: int, whole: Window) -> None:
        self._pan, self._ms, self._ratio, self._whole = pan, ms, ratio, whole
        self._size = whole.height // ratio, whole.width // ratio

    def read(self, window: Window) -> Expanded:
        """PAN as it is, MS and low-pass PAN interpolated."""
        r = self._ratio
        around = Window.between(
            window.row // r - HALO,
            window.col // r - HALO,
            -(-window.row_end // r) + HALO,
            -(-window.col_end // r) + HALO,
        )
        fine = interp23tap(_wrapped(self._coarse, around, self._size), r)
        fine = fine[(slice(None), *window.shift(-around.row * r, -around.col * r).slices)]
        pan, valid = self._pan.read(window)
        under = (
            np.arange(window.row, window.row_end) // r,
            np.arange(window.col, window.col_end) // r,
        )
        part = Window.between(
            int(under[0][0]), int(under[1][0]), int(under[0][-1]) + 1, int(under[1][-1]) + 1
        )
        known = self._ms.read(part)[1]
        valid = valid & known[np.ix_(under[0] - part.row, under[1] - part.col)]
        return Expanded(pan[0], fine[-1], fine[:-1], valid)

    def read_ms(self, window: Window) -> tuple[FloatArray, Mask]:
        """MS."""
        return self._ms.read(window)

    def _coarse(self, window: Window) -> FloatArray:
        """MS and after it PAN, reduced by `imresize`, in a window of the coarse grid."""
        r = self._ratio
        margin = 2 * r + 2  # reach of antialiased bicubic samples
        rows, cols = (
            r * np.arange(begin, begin + size, dtype=np.float64) + (r - 1) / 2
            for begin, size in zip((window.row, window.col), window.shape, strict=True)
        )
        part = Window(window.row * r, window.col * r, window.height * r, window.width * r)
        part = part.grow(margin, self._whole)
        pan = self._pan.read(part)[0][0]
        low = reduce_pan(pan, rows - part.row, cols - part.col, (r, r))
        return np.concatenate([self._ms.read(window)[0], low[None]])


def _wrapped(
    read: Callable[[Window], FloatArray], window: Window, size: tuple[int, int]
) -> FloatArray:
    """What `read` gives for a window that may leave an image of this size and comes in opposite."""
    rows = _runs(window.row, window.row_end, size[0])
    cols = _runs(window.col, window.col_end, size[1])
    lines = [
        np.concatenate(
            [read(Window.between(top, left, end, right)) for left, right in cols], axis=2
        )
        for top, end in rows
    ]
    return np.concatenate(lines, axis=1)


def _runs(begin: int, end: int, size: int) -> list[tuple[int, int]]:
    """The numbers `begin` to `end` modulo `size`, as consecutive runs."""
    runs = []
    while begin < end:
        first = begin % size
        count = min(end - begin, size - first)
        runs.append((first, first + count))
        begin += count
    return runs


class _Georeferenced:
    """Both interpolated at the exact positions of PAN's pixels."""

    interpolation: Interpolation = "georeferenced"

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def read(self, window: Window) -> Expanded:
        """The scene's own LMS; PAN at the resolution of MS interpolated likewise."""
        scene = self._scene
        patch = scene.read(window)
        rows, cols = (
            np.clip((np.arange(begin, end) - at[0]) / ratio, -1.0, len(at))
            for begin, end, at, ratio in zip(
                (window.row, window.col),
                (window.row_end, window.col_end),
                scene.centres,
                scene.ratio_yx,
                strict=True,
            )
        )
        row, row_end = reach(rows, scene.coarse.height)
        col, col_end = reach(cols, scene.coarse.width)
        coarse = scene.read_coarse(Window.between(row, col, row_end, col_end))
        low = interpolate(coarse.pan[None], rows - row, cols - col)[0]
        pan, lms, low = (np.asarray(i, dtype=np.float64) for i in (patch.pan, patch.lms, low))
        return Expanded(pan, low, lms, patch.valid)

    def read_ms(self, window: Window) -> tuple[FloatArray, Mask]:
        """MS."""
        return self._scene.coarse_ms(window)
