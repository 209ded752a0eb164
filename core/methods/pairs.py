# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scene teaches one ratio coarser: windows as a network sees them, and their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.normalise import Image, SceneStatistics
from core.reduced import AnyScene, ReducedScene
from core.tiles import Window

WINDOWS = 64
PART, PARTS = 192, 9
"""Edge (MS px) and number of the places from which the windows are taken."""
LEAST = 16
"""MS px: less of a scene teaches nothing."""


@dataclass(frozen=True)
class Pairs:
    """K windows with their truth, in normalised units.

    Their places on the coarser PAN, inputs (K, ...) by the names the network gives them, truth
    (K, C, P, P), and known (K, P, P): where there is a truth.
    """

    windows: list[Window]
    inputs: dict[str, Image]
    truth: Image
    known: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        reduced: ReducedScene,
        windows: list[Window],
        inputs: dict[str, Image],
        statistics: SceneStatistics,
        size: int,
    ) -> Pairs:
        """The inputs of windows, `size` px along their edges, with what they should become."""
        mean, std = (x[:, None, None] for x in (statistics.mean, statistics.std))
        truths, masks = [], []
        for window in windows:
            truth, known = reduced.truth(window)
            # Only a scene smaller than a window leaves something to fill.
            rest = [(0, size - n) for n in known.shape]
            values = (truth - mean) / std
            truths.append(np.pad(values, [(0, 0), *rest], "symmetric").astype(np.float32))
            masks.append(np.pad(known, rest))
        whole = [Window(w.row, w.col, size, size) for w in windows]
        return cls(whole, inputs, np.stack(truths), np.stack(masks))


def places(scene: AnyScene, seed: int) -> list[Window]:
    """Places of the coarse grid with data in them, scattered over the scene."""
    plan = [t.inner for t in scene.coarse_plan(PART, 0) if min(t.inner.shape) >= LEAST]
    order = np.random.default_rng(seed).permutation(len(plan))
    found: list[Window] = []
    for number in order[: 4 * PARTS]:
        if scene.coarse_ms(plan[number])[1].mean() > 0.5:
            found.append(plan[number])
        if len(found) == PARTS:
            break
    return found
