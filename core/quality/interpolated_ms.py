# SPDX-License-Identifier: GPL-2.0-or-later
"""LMS and low-pass PAN on the PAN grid, as the indices without a reference compare them.

In the field's reference toolbox, which has no georeference, LMS is the 23-tap interpolation of MS
with circular borders: it puts MS pixel i on PAN position `r i + r/2`. The low-pass PAN is the same
interpolation of `imresize(PAN, 1/r)`. Where the pixels of a pair nest, so that this is defined, the
same values are computed here, whatever the window. Any other pair is interpolated at the positions
its georeference gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.imaging.arrays import FloatArray, Mask
from core.imaging.degrade import reduce_pan
from core.imaging.resample import interp23tap, interpolate, reach
from core.pair.scene import Scene
from core.quality.assessment import Interpolation
from core.quality.on_grid import RasterOnGrid
from core.raster.window import Window

HALO = 12  # MS px, the reach of the 23-tap interpolation and a margin
NESTING_TOLERANCE = 1e-3  # PAN px


@dataclass(frozen=True)
class PanGridImages:
    """The images that a fused image is compared with, on the PAN grid, in the unit of the files.

    PAN and low-pass PAN `(H, W)`, LMS `(C, H, W)`, and where all of them are valid `(H, W)`.
    """

    pan: FloatArray
    low: FloatArray
    lms: FloatArray
    valid: Mask


class InterpolatedMS(Protocol):
    """The MS of a scene, read on the PAN grid or on its own."""

    interpolation: Interpolation

    def read(self, window: Window) -> PanGridImages:
        """Read a window of the scene (PAN px)."""

    def read_ms(self, window: Window) -> tuple[FloatArray, Mask]:
        """Read MS `(C, h, w)` in a window of the MS grid (MS px), and its valid mask `(h, w)`."""


def interpolated_ms(scene: Scene) -> InterpolatedMS:
    """Return the toolbox's interpolation where it is defined, else the georeferenced one."""
    ratio = nested_ratio(scene)
    if ratio is None:
        return _Georeferenced(scene)
    ms, pan = scene.sources
    corner = ~pan.dataset.transform * scene.transform
    first = [
        round((at[0] - phase) / ratio)
        for at, phase in zip(scene.centres, scene.phase_yx, strict=True)
    ]
    return _Tap23(
        RasterOnGrid(pan, (round(corner.f), round(corner.c))),
        RasterOnGrid(ms, (first[0], first[1])),
        ratio,
        scene.whole,
    )


def nested_ratio(scene: Scene) -> int | None:
    """Return the ratio r if every MS pixel covers r x r PAN pixels and r is a power of two.

    MS pixel 0 may be centred on `(r - 1)/2`, as in products, or on `r/2`, as in benchmarks.
    """
    ratio = round(scene.ratio)
    if ratio < 2 or ratio & (ratio - 1) or scene.warped:
        return None
    for at, size in zip(scene.centres, scene.whole.shape, strict=True):
        if size % ratio or len(at) != size // ratio:
            return None
        first = at - ratio * np.arange(len(at))
        if (
            min(np.abs(first - start).max() for start in ((ratio - 1) / 2, ratio / 2))
            > NESTING_TOLERANCE
        ):
            return None
    return ratio


class _Tap23:
    """The 23-tap interpolation; windows at the border wrap around to the opposite side."""

    interpolation: Interpolation = "23-tap"

    def __init__(self, pan: RasterOnGrid, ms: RasterOnGrid, ratio: int, whole: Window) -> None:
        self._pan, self._ms, self._ratio, self._whole = pan, ms, ratio, whole
        self._ms_shape = whole.height // ratio, whole.width // ratio

    def read(self, window: Window) -> PanGridImages:
        """Return PAN as it is, MS and the reduced PAN interpolated."""
        r = self._ratio
        around = Window.between(
            window.row // r - HALO,
            window.col // r - HALO,
            -(-window.row_end // r) + HALO,
            -(-window.col_end // r) + HALO,
        )
        fine = interp23tap(_read_wrapped(self._read_coarse, around, self._ms_shape), r)
        fine = fine[(slice(None), *window.shift(-around.row * r, -around.col * r).slices)]
        pan, valid = self._pan.read(window)
        rows = np.arange(window.row, window.row_end) // r  # of the MS pixel that covers each pixel
        cols = np.arange(window.col, window.col_end) // r
        part = Window.between(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)
        ms_valid = self.read_ms(part)[1]
        valid = valid & ms_valid[np.ix_(rows - part.row, cols - part.col)]
        return PanGridImages(pan[0], fine[-1], fine[:-1], valid)

    def read_ms(self, window: Window) -> tuple[FloatArray, Mask]:
        """Return MS `(C, h, w)` and its valid mask `(h, w)`."""
        return self._ms.read(window)

    def _read_coarse(self, window: Window) -> FloatArray:
        """Return MS and, as the last band, PAN reduced by `imresize`, in a window (MS px)."""
        r = self._ratio
        margin = 2 * r + 2  # PAN px, the reach of antialiased bicubic samples
        rows, cols = (
            r * np.arange(begin, begin + size, dtype=np.float64) + (r - 1) / 2
            for begin, size in zip((window.row, window.col), window.shape, strict=True)
        )
        part = Window(window.row * r, window.col * r, window.height * r, window.width * r)
        part = part.grow(margin, self._whole)
        pan = self._pan.read(part)[0][0]
        low = reduce_pan(pan, rows - part.row, cols - part.col, (r, r))
        return np.concatenate([self._ms.read(window)[0], low[None]])


def _read_wrapped(
    read: Callable[[Window], FloatArray], window: Window, shape: tuple[int, int]
) -> FloatArray:
    """Read a window that may leave an image of `shape` and then continues on the opposite side."""
    rows = _wrapped_spans(window.row, window.row_end, shape[0])
    cols = _wrapped_spans(window.col, window.col_end, shape[1])
    lines = [
        np.concatenate(
            [read(Window.between(top, left, end, right)) for left, right in cols], axis=2
        )
        for top, end in rows
    ]
    return np.concatenate(lines, axis=1)


def _wrapped_spans(begin: int, end: int, size: int) -> list[tuple[int, int]]:
    """Return the indices `begin` to `end` modulo `size`, as consecutive spans."""
    spans = []
    while begin < end:
        first = begin % size
        count = min(end - begin, size - first)
        spans.append((first, first + count))
        begin += count
    return spans


class _Georeferenced:
    """LMS and low-pass PAN interpolated at the exact positions of PAN's pixels."""

    interpolation: Interpolation = "georeferenced"

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def read(self, window: Window) -> PanGridImages:
        """Return the scene's own LMS, and PAN at MS resolution interpolated likewise."""
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
        row, row_end = reach(rows, scene.ms_grid.height)
        col, col_end = reach(cols, scene.ms_grid.width)
        coarse = scene.read_reduced(Window.between(row, col, row_end, col_end))
        low = interpolate(coarse.pan[None], rows - row, cols - col)[0]
        pan, lms, low = (np.asarray(i, dtype=np.float64) for i in (patch.pan, patch.lms, low))
        return PanGridImages(pan, low, lms, patch.valid)

    def read_ms(self, window: Window) -> tuple[FloatArray, Mask]:
        """Return MS `(C, h, w)` and its valid mask `(h, w)`."""
        return self._scene.read_ms_grid(window)
