# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows of a scene that are full of data: for the reduced-resolution test and for networks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.imaging.arrays import FloatArray
from core.pair.reduced import AnyScene
from core.pair.scene import Scene
from core.raster.window import Window, scattered

SIZE, COUNT = 192, 9
"""Edge (MS px) and number of the windows that stand for a scene at reduced resolution."""
ALIGN = 32  # MS px: blocks of Q2n, strides of networks
CANDIDATES = 4  # looked at for each window that is wanted, since some have no data
SMALLEST = 16  # MS px, of a tile of training pairs


def draw_full(windows: Sequence[Window], shares: FloatArray, count: int, seed: int) -> list[Window]:
    """Return at most `count` of the windows, drawn from those full of data, in their order.

    Windows whose valid share is below 0.9 count only where the scene has none better: filled
    pixels dilute means, and indices at the edge of the data say little.
    """
    good = np.flatnonzero(shares >= min(0.9, shares.max()))
    if len(good) > count:
        good = np.sort(np.random.default_rng(seed).choice(good, count, replace=False))
    return [windows[k] for k in good.tolist()]


def comparison_windows(scene: Scene, seed: int) -> list[Window]:
    """Return windows of the MS grid for the reduced-resolution test; the whole of a small scene."""
    whole = scene.ms_grid
    if whole.height * whole.width <= COUNT * SIZE * SIZE:
        return [whole]
    tries = scattered(whole.height, whole.width, SIZE, CANDIDATES * COUNT, seed, ALIGN)
    shares = np.array([_valid_share(scene, window) for window in tries])
    return draw_full(tries, shares, COUNT, seed)


def training_tiles(
    scene: AnyScene, seed: int, size: int = SIZE, count: int = COUNT
) -> list[Window]:
    """Return tiles of the MS grid for training pairs; none if MS has hardly any data.

    At most `count`, `size` MS px along their edges. Tiles rather than scattered windows, so that a
    scene of any shape is used up to its edges.
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
    """Share of valid pixels among the MS pixels that the LMS of an MS window comes from."""
    rows, cols = scene.centres
    row, row_end = (math.floor(rows[k]) for k in (window.row, window.row_end - 1))
    col, col_end = (math.floor(cols[k]) for k in (window.col, window.col_end - 1))
    on_pan = Window.between(row, col, row_end + 1, col_end + 1).intersect(scene.whole)
    return float(scene.read_ms(on_pan)[1].mean())
