# SPDX-License-Identifier: GPL-2.0-or-later
"""What a network is given of a scene: its statistics, the inputs of a window, and pairs.

Pairs are windows at reduced resolution, with the reference that the scene's own MS is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.arrays import Image
from core.imaging.filters import lowpass
from core.imaging.moments import Moments
from core.imaging.nominal_mtf import lowpass_radius
from core.methods.classical import COARSE_TILE, coarse_moments
from core.methods.injection import Details, fit_bdsd_pc, fit_bt_h
from core.methods.statistics import SceneStatistics, normalise, pixel_vectors, statistics
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.progress import Progress, scaled
from core.raster.window import Window

COARSE_TILES = 64
"""Tiles of MS from which the details of BDSD-PC are regressed."""


@dataclass(frozen=True)
class Known:
    """The scene's ratio and statistics, and what classical methods add to it."""

    ratio: float
    statistics: SceneStatistics
    details: Details

    def inputs(self, patch: Patch) -> dict[str, Image]:
        """What networks are given of a patch, normalised.

        PAN and its detail (2, H, W), LMS (C, H, W), the bands' gain and weight (C,), and the
        details of D classical methods (C, D, H, W).
        """
        of = self.statistics
        low = lowpass(patch.pan, self.ratio)
        pan, lms = normalise(patch.pan, low, patch.lms, patch.valid, of)
        details = self.details.of(patch.lms, patch.pan) / of.std[:, None, None, None]
        shown = np.where(patch.valid, details, 0).astype(np.float32)
        return {"pan": pan, "lms": lms, "gain": of.gain, "weight": of.weight, "details": shown}


def around(scene: AnyScene, window: Window, ratio: float) -> tuple[Patch, tuple[slice, slice]]:
    """A window with what the low-pass of PAN needs around it, and where it lies in that."""
    outer = window.grow(lowpass_radius(ratio), scene.whole)
    return scene.read(outer), window.shift(-outer.row, -outer.col).slices


def know(
    scene: AnyScene,
    sample: Sequence[Window],
    ratio: float,
    gains: Sequence[float],
    seed: int,
    progress: Progress,
) -> tuple[Known, NDArray[np.float64]]:
    """What a sample of windows tells of a scene, and the share of valid pixels in each of them.

    `gains` are the MTF of each MS band; `seed` is that of the tiles where MS itself is looked at.

    Raises InputError when no pixel is valid in both images.
    """
    moments = Moments(scene.bands + 2)
    shares = np.zeros(len(sample))
    darkest = np.full(scene.bands, np.inf)
    for i, window in enumerate(sample):
        progress(0.75 * i / len(sample), "Statistics of the scene")
        patch, crop = around(scene, window, ratio)
        low = lowpass(patch.pan, ratio)
        lms, valid = patch.lms[(slice(None), *crop)], patch.valid[crop]
        moments.add(pixel_vectors(lms, patch.pan[crop], low[crop], valid))
        darkest = np.minimum(darkest, lms.min(axis=(1, 2), where=valid, initial=np.inf))
        shares[i] = valid.mean()
    if moments.count == 0:
        raise InputError("no-common-valid-pixel", pan=scene.pan_path, ms=scene.ms_path)
    coarse = _coarse(scene, ratio, gains, seed, scaled(progress, 0.75, 1.0))
    details = Details(fit_bdsd_pc(coarse, scene.bands), fit_bt_h(moments, scene.bands, darkest))
    return Known(ratio, statistics(moments), details), shares


def _coarse(
    scene: AnyScene, ratio: float, gains: Sequence[float], seed: int, progress: Progress
) -> Moments:
    """Moments at the resolution of MS, of tiles scattered over the scene."""
    plan = scene.coarse_plan(COARSE_TILE, 0)
    if len(plan) > COARSE_TILES:
        rng = np.random.default_rng(seed)
        plan = [plan[i] for i in np.sort(rng.choice(len(plan), COARSE_TILES, replace=False))]
    return coarse_moments(scene, gains, ratio, [tile.inner for tile in plan], progress)


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
