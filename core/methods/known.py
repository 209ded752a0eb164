# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of a scene before a network sees it, and what the network then sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.injection import Details, fit_bdsd_pc, fit_bt_h
from core.lowpass import lowpass
from core.methods.classical import COARSE_TILE, coarse_moments
from core.moments import Moments
from core.normalise import (
    Image,
    SceneStatistics,
    lowpass_radius,
    normalise,
    pixel_vectors,
    statistics,
)
from core.progress import Progress
from core.reduced import AnyScene
from core.scene import Patch
from core.tiles import Window

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
        raise InputError(
            f"No pixel is valid in both {scene.pan_path} and {scene.ms_path}.",
            "Check the nodata value and that the images overlap; an extent around the "
            "data helps where they are few.",
        )
    coarse = _coarse(scene, ratio, gains, seed, lambda f, text: progress(0.75 + 0.25 * f, text))
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
