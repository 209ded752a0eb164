# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows of a scene without missing data, for the reduced-resolution test and for networks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.imaging.arrays import FloatArray
from core.pair.reduced import AnyScene
from core.pair.scene import Scene
from core.raster.window import Window, scattered

SIZE, COUNT = 192, 9
"""Edge (MS px) and number of the windows that represent a scene at reduced resolution."""
ALIGN = 32  # MS px: blocks of Q2n, strides of networks
CANDIDATES = 4  # windows that are tried for each one, since some lack data
SMALLEST = 16  # MS px, edge of a tile of training pairs


def draw_valid(
    windows: Sequence[Window], shares: FloatArray, count: int, seed: int
) -> list[Window]:
    """Return at most `count` of N windows in their order, drawn by their valid `shares` (N,).

    Windows with a share below 0.9 are drawn only if there is none better: filled pixels bias means
    and quality indices.
    """
    good = np.flatnonzero(shares >= min(0.9, shares.max()))
    if len(good) > count:
        good = np.sort(np.random.default_rng(seed).choice(good, count, replace=False))
    return [windows[k] for k in good.tolist()]


def comparison_windows(scene: Scene, seed: int) -> list[Window]:
    """Return windows of the MS grid for the reduced-resolution test; one for a small scene."""
    whole = scene.ms_grid
    if whole.height * whole.width <= COUNT * SIZE * SIZE:
        return [whole]
    tries = scattered(whole.height, whole.width, SIZE, CANDIDATES * COUNT, seed, ALIGN)
    shares = np.array([_valid_share(scene, window) for window in tries])
    return draw_valid(tries, shares, COUNT, seed)


def training_tiles(
    scene: AnyScene, seed: int, size: int = SIZE, count: int = COUNT
) -> list[Window]:
    """Return at most `count` tiles of the MS grid for training pairs; none without enough data.

    Their edges are `size` MS px. Tiles, unlike scattered windows, use a scene of any shape up to
    its edges.
    """
    plan = [t.inner for t in scene.plan_ms_grid(size, 0) if min(t.inner.shape) >= SMALLEST]
    order = np.random.default_rng(seed).permutation(len(plan))
    found: list[Window] = []
    for number in order[: CANDIDATES * count]:
        if scene.read_ms_grid(plan[number])[1].mean() > 0.5:
            found.append(plan[number])
        if len(found) == count:
            break
    return found


def _valid_share(scene: Scene, window: Window) -> float:
    """Return the valid share of the MS pixels that the LMS of an MS window is interpolated from."""
    rows, cols = scene.centres
    row, row_end = (math.floor(rows[k]) for k in (window.row, window.row_end - 1))
    col, col_end = (math.floor(cols[k]) for k in (window.col, window.col_end - 1))
    on_pan = Window.between(row, col, row_end + 1, col_end + 1).intersect(scene.whole)
    return float(scene.read_ms(on_pan)[1].mean())
