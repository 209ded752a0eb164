# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene at reduced resolution by Wald's protocol, with its own MS as the reference.

`ReducedScene` has the interface of `Scene`, so that every method can sharpen it;
`core.pair.reduced_files` writes it as GeoTIFFs.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock, RLock
from typing import Any

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from scipy import ndimage

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.degrade import Phase, phase_offset
from core.imaging.mtf import TAPS, correlate, mtf_kernel
from core.imaging.resample import interpolate, reach
from core.pair.geometry import Axis, nearest, pan_behind, pan_on_ms_grid, pan_support
from core.pair.moved_pan import PAN_REACH, with_pan_moved
from core.pair.scene import NOT_MOVED, Patch, ReducedPatch, Scene
from core.raster.tile_plan import Tile, plan
from core.raster.window import Window, scattered
from core.sensors import gains_for


class ReducedScene:
    """A scene at reduced resolution; its pixels are those of the MS grid of the scene.

    PAN is sampled at the resolution of MS, MS is filtered by its MTF and decimated, and the scene's
    MS is the reference. Raises InputError for a scene that is too small.

    Parameters
    ----------
    scene : the scene to reduce.
    gains : MTF gain of each MS band; the generic one by default.
    phase : of the reduced MS, see `core.imaging.degrade`.
    ratio : of the reduced scene; by default that of the scene, rounded.
    parts, margin : windows that this scene consists of, which are computed once and kept in memory
        with a margin (px). By default the whole scene, and every read is computed.
    pan_gain : MTF gain of PAN at the Nyquist frequency of MS; None for antialiased bicubic.
    """

    nodata = None
    pan_shift = NOT_MOVED
    pan_name: str
    ms_name: str
    ratio: float
    height: int
    width: int
    bands: int
    band_names: tuple[str | None, ...]
    dtype: np.dtype[Any]
    crs: CRS | None
    ms_grid: Window
    ms_grid_transform: Affine

    def __init__(
        self,
        scene: AnyScene,
        gains: Sequence[float] | None = None,
        phase: Phase = "product",
        ratio: int | None = None,
        parts: Sequence[Window] = (),
        margin: int = 0,
        pan_gain: float | None = None,
    ) -> None:
        ratio = ratio or round(scene.ratio)
        if ratio < 2:
            raise InputError("pan-hardly-finer", pan=scene.pan_name)
        if min(scene.ms_grid.shape) < 2 * ratio:
            raise InputError("overlap-too-small-to-reduce")
        self._scene, self._step = scene, ratio
        self.gains = gains_for(scene.bands, gains)
        offset = phase_offset(ratio, phase)
        start = int(offset)
        self._start, self._shift = start, offset - start
        self.height, self.width = scene.ms_grid.shape
        counts = [-(-(size - start) // ratio) for size in scene.ms_grid.shape]
        self._y, self._x = (Axis(-offset / ratio, 1 / ratio, n) for n in counts)
        self.whole = Window(0, 0, self.height, self.width)
        self.ms_grid = Window(0, 0, *counts)
        self.centres = tuple(offset + ratio * np.arange(n, dtype=np.float64) for n in counts)
        self.parts = tuple(parts) or (self.whole,)
        self._keep, self._margin, self._pan_gain = bool(parts), margin, pan_gain
        self._reading = Lock()  # rasters are read by one thread at a time
        self._finding = RLock()  # kept windows are computed once
        self._windows: list[tuple[Patch, Image]] = []  # kept: patch and reference, DN
        self._ms_windows: dict[Window, tuple[FloatArray, Mask]] = {}
        self.ratio, self.ratio_yx = float(ratio), (float(ratio), float(ratio))
        self.phase_yx = offset, offset
        self.pan_name, self.ms_name = scene.pan_name, scene.ms_name
        self.bands, self.band_names, self.dtype = scene.bands, scene.band_names, scene.dtype
        self.crs, self.transform = scene.crs, scene.ms_grid_transform
        corner = offset + 0.5 - ratio / 2
        to_ms_grid = Affine.translation(corner, corner) * Affine.scale(ratio)
        self.ms_grid_transform = self.transform * to_ms_grid

    def __repr__(self) -> str:
        return f"ReducedScene({self._scene!r}, ratio {self._step}, {len(self.parts)} parts)"

    def plan(self, tile: int, halo: int, align: int = 1) -> list[Tile]:
        """Divide all parts into tiles."""
        plans = (plan(part, tile, halo, align, self.whole) for part in self.parts)
        return [tile for plan in plans for tile in plan]

    def scattered(self, size: int, count: int, seed: int, align: int = 1) -> list[Window]:
        """Return windows spread over all parts, see `core.raster.window.scattered`."""
        windows = []
        for number, part in enumerate(self.parts):
            row, col = (-(-at // align) * align for at in (part.row, part.col))
            rest = Window.between(row, col, part.row_end, part.col_end)
            each = -(-count // len(self.parts))
            if min(rest.shape) >= 1:
                found = scattered(rest.height, rest.width, size, each, seed + number, align)
                windows += [window.shift(row, col) for window in found]
        return windows

    def plan_ms_grid(self, tile: int, halo: int) -> list[Tile]:
        """Divide the reduced MS pixels centred in the parts into tiles (px of the reduced MS)."""
        tiles = []
        for part in self.parts:
            ends = [
                -(-(end - self._start) // self._step)
                for end in (part.row, part.col, part.row_end, part.col_end)
            ]
            tiles += plan(Window.between(*ends), tile, halo, whole=self.ms_grid)
        return tiles

    def read(self, window: Window) -> Patch:
        """Read PAN and LMS of a window, at the resolution of the scene's MS."""
        return self._cut(window)[0]

    def reference(self, window: Window) -> tuple[Image, Mask]:
        """Read the reference in a window: `(C, h, w)`, DN, and its valid mask `(h, w)`."""
        patch, reference = self._cut(window)
        return reference, patch.valid

    def _cut(self, window: Window) -> tuple[Patch, Image]:
        """Return patch and reference of a window."""
        whole, reference = self._find(window)
        rows, cols = window.shift(-whole.window.row, -whole.window.col).slices
        pan, lms, valid = whole.pan[rows, cols], whole.lms[:, rows, cols], whole.valid[rows, cols]
        return Patch(window, pan, lms, valid), reference[:, rows, cols]

    def read_reduced(
        self,
        window: Window,
        pan_gain: float | None = None,
        moved: tuple[float, float] = NOT_MOVED,
    ) -> ReducedPatch:
        """Read PAN and MS in a window of the reduced MS, as `Scene.read_reduced`."""
        rows, cols = pan_behind(self.centres, window, moved)
        part = pan_support(rows, cols, self.ratio_yx, pan_gain).intersect(self.whole)
        patch = self.read(part)
        at = rows - part.row, cols - part.col
        pan, pan_valid = pan_on_ms_grid(patch.pan, patch.valid, *at, self.ratio_yx, pan_gain)
        ms, valid = self.read_ms_grid(window)
        return ReducedPatch(window, pan, ms, valid & pan_valid)

    def read_ms_grid(self, window: Window) -> tuple[FloatArray, Mask]:
        """Read the reduced MS in a window of its grid, `(C, h, w)`, DN, and its valid mask.

        Filter and decimation are those of `core.imaging.degrade.reduce_ms`. With parts, the arrays
        are kept for other methods, and must not be written to.
        """
        if not self._keep:
            return self._decimated(window)
        if window not in self._ms_windows:
            self._ms_windows[window] = self._decimated(window)
        return self._ms_windows[window]

    def _decimated(self, window: Window) -> tuple[FloatArray, Mask]:
        step = self._step
        row, col = (self._start + step * at for at in (window.row, window.col))
        samples = Window(row, col, step * (window.height - 1) + 1, step * (window.width - 1) + 1)
        behind = samples.grow(TAPS // 2, self.whole)
        with self._reading:
            ms, valid = self._scene.read_ms_grid(behind)
        rows, cols = samples.shift(-behind.row, -behind.col).slices
        picked = np.s_[..., rows.start : rows.stop : step, cols.start : cols.stop : step]
        shift = self._shift, self._shift
        kernels = np.stack([mtf_kernel(gain, step, shift) for gain in self.gains])
        # The pixels that a reduced MS pixel covers: `step` along an axis; for an even step at the
        # benchmark's phase, one more.
        between = self._shift > 0
        holes = ndimage.maximum_filter(
            ~valid, step if between else 2 * (step // 2) + 1, origin=-1 if between else 0
        )
        return correlate(ms, kernels)[picked], ~holes[picked]

    def _find(self, window: Window) -> tuple[Patch, Image]:
        """Return patch and reference of a window that contains this one: a kept one, or itself."""
        with self._finding:
            for patch, reference in self._windows:
                if window.inside(patch.window):
                    return patch, reference
            for part in self.parts:
                outer = part.grow(self._margin, self.whole)
                if self._keep and window.inside(outer):
                    self._windows.append(self._compute(outer))
                    return self._windows[-1]
        return self._compute(window)

    def _compute(self, window: Window) -> tuple[Patch, Image]:
        rows = self._y.positions(window.row, window.row_end)
        cols = self._x.positions(window.col, window.col_end)
        row, row_end = reach(rows, self.ms_grid.height)
        col, col_end = reach(cols, self.ms_grid.width)
        part = Window.between(row, col, row_end, col_end)
        ms, ms_valid = self.read_ms_grid(part)
        with self._reading:
            reduced = self._scene.read_reduced(window, self._pan_gain)
        valid = reduced.valid
        if not ms_valid.all():
            at = rows - row, cols - col
            valid &= ms_valid[np.ix_(*map(nearest, at, part.shape))]
        valid &= self._y.covered(rows)[:, None] & self._x.covered(cols)
        lms = interpolate(ms, rows - row, cols - col)
        patch = Patch(window, reduced.pan.astype(np.float32), lms, valid)
        return patch, reduced.ms.astype(np.float32)


class MovedPan:
    """A scene with its PAN moved to where the content of MS lies; all else is that of the scene.

    Detail that is fitted on the scene is then fitted, and taken, where it belongs, and the result
    keeps the geometry of MS, as back-projection asks for. To move MS instead is to align the scene.

    `pan_shift` is how far PAN is moved down and right, rows and columns (PAN px).
    """

    def __init__(self, scene: Scene | ReducedScene, pan_shift: tuple[float, float]) -> None:
        self._scene, self.pan_shift = scene, pan_shift

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scene, name)

    def read(self, window: Window) -> Patch:
        """Read PAN and LMS of a window."""
        outer = window.grow(PAN_REACH, self._scene.whole)
        return with_pan_moved(self._scene.read(outer), self.pan_shift).cut(window)

    def read_reduced(self, window: Window, pan_gain: float | None = None) -> ReducedPatch:
        """Read PAN and MS in a window of the MS grid; PAN is not resampled once more for that."""
        return self._scene.read_reduced(window, pan_gain, self.pan_shift)


#: The scenes that methods sharpen.
AnyScene = Scene | ReducedScene | MovedPan
