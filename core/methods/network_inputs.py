# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs of the networks: normalised windows of a scene, and training pairs.

A training pair is a window at reduced resolution, whose reference is the scene's own MS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import InputError
from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.moments import Moments
from core.imaging.mtf import lowpass
from core.methods.classical import MS_TILE, ms_grid_moments
from core.methods.injection import Details, fit_bdsd_pc, fit_bt_h
from core.methods.scene_fit import fused
from core.methods.scene_fit_features import feature_radius
from core.methods.scene_fit_weights import SceneFitWeights
from core.methods.statistics import SceneStatistics, normalise, pixel_vectors, statistics
from core.pair.reduced import AnyScene, ReducedScene
from core.pair.scene import Patch
from core.progress import Progress, scaled
from core.raster.window import Window

SAMPLE, SAMPLE_EDGE = 1024, 64
"""Windows of a scene that its statistics are estimated from, and their edge (px) for several."""
MS_TILES = 64
"""Tiles of MS from which the details of BDSD-PC are regressed."""

Inputs = dict[str, Image]
"""Inputs of a network by name, of one window or of windows stacked along a first axis K.

pan (2, H, W): PAN and its detail; lms (C, H, W); gain, weight (C,): see `SceneStatistics`;
details (C, D, H, W): what BDSD-PC, BT-H, and for some networks the scene fit add to each band.
"""


@dataclass(frozen=True)
class NetworkInputs:
    """Make the inputs of windows, from the scene's statistics and the details of other methods.

    `fit` is the scene fit, for a network that starts from it.
    """

    ratio: float
    statistics: SceneStatistics
    details: Details
    fit: SceneFitWeights | None

    @classmethod
    def estimate(
        cls,
        scene: AnyScene,
        sample: Sequence[Window],
        ratio: float,
        gains: Sequence[float],
        seed: int,
        fit: SceneFitWeights | None,
        progress: Progress,
        shared: SceneStatistics | None = None,
    ) -> tuple[NetworkInputs, FloatArray]:
        """Estimate them from a sample of K windows; also return the valid share of each, `(K,)`.

        `gains` are the MTF of each MS band; `seed` draws the tiles of MS. `shared` are statistics
        of several scenes, in place of the scene's own.

        Raises InputError when no pixel is valid in both images.
        """
        moments, shares, darkest = scene_moments(scene, sample, ratio, scaled(progress, 0.0, 0.75))
        if moments.count == 0:
            raise InputError("no-common-valid-pixel", pan=scene.pan_name, ms=scene.ms_name)
        plan = scene.plan_ms_grid(MS_TILE, 0)
        if len(plan) > MS_TILES:
            rng = np.random.default_rng(seed)
            plan = [plan[i] for i in np.sort(rng.choice(len(plan), MS_TILES, replace=False))]
        tiles, rest = [tile.inner for tile in plan], scaled(progress, 0.75, 1.0)
        mixture = fit_bdsd_pc(ms_grid_moments(scene, gains, ratio, tiles, rest), scene.bands)
        details = Details(mixture, fit_bt_h(moments, scene.bands, darkest))
        return cls(ratio, shared or statistics(moments), details, fit), shares

    def of(self, patch: Patch) -> Inputs:
        """Return all inputs of a patch, normalised, with the shapes of `Inputs`."""
        of = self.statistics
        low = lowpass(patch.pan, self.ratio)
        pan, lms = normalise(patch.pan, low, patch.lms, patch.valid, of)
        details = self.details.of(patch.lms, patch.pan)
        if self.fit:
            fitted = fused(patch, self.fit, self.ratio) - patch.lms
            details = np.concatenate([details, fitted[:, None]], axis=1)
        details /= of.std[:, None, None, None]
        if not patch.valid.all():
            details[..., ~patch.valid] = 0
        return {"pan": pan, "lms": lms, "gain": of.gain, "weight": of.weight, "details": details}


def scene_moments(
    scene: AnyScene, sample: Sequence[Window], ratio: float, progress: Progress
) -> tuple[Moments, FloatArray, FloatArray]:
    """Return moments of `pixel_vectors`, valid share of each window, least DN of each band (C,)."""
    moments = Moments(scene.bands + 2)
    shares = np.zeros(len(sample))
    darkest = np.full(scene.bands, np.inf)
    for i, window in enumerate(sample):
        progress(i / len(sample), "Statistics of the scene")
        patch, crop = read_with_halo(scene, window, ratio)
        low = lowpass(patch.pan, ratio)
        lms, valid = patch.lms[(slice(None), *crop)], patch.valid[crop]
        moments.add(pixel_vectors(lms, patch.pan[crop], low[crop], valid))
        darkest = np.minimum(darkest, lms.min(axis=(1, 2), where=valid, initial=np.inf))
        shares[i] = valid.mean()
    return moments, shares, darkest


def statistics_of_all(
    scenes: Sequence[Callable[[], AbstractContextManager[AnyScene]]],
    ratio: float,
    seed: int,
    progress: Progress,
) -> SceneStatistics:
    """Return the statistics of the pixels of several scenes together.

    Raises InputError when no pixel is valid.
    """
    total: Moments | None = None
    for number, opened in enumerate(scenes):
        part = scaled(progress, number / len(scenes), (number + 1) / len(scenes))
        with opened() as scene:
            sample = scene.scattered(SAMPLE_EDGE, SAMPLE, seed, 1)
            total = total or Moments(scene.bands + 2)
            total.merge(scene_moments(scene, sample, ratio, part)[0])
            pan, ms = scene.pan_name, scene.ms_name
    if not total or total.count == 0:
        raise InputError("no-common-valid-pixel", pan=pan, ms=ms)
    return statistics(total)


def starting_image(inputs: Mapping[str, Any]) -> Any:
    """Return the image that a network adds to, (..., C, H, W) normalised: the scene fit, or LMS.

    `inputs` are arrays or tensors.
    """
    lms, details = inputs["lms"], inputs.get("details")
    if details is None or details.shape[-3] < 3:
        return lms
    return lms + details[..., -1, :, :]


def read_with_halo(
    scene: AnyScene, window: Window, ratio: float
) -> tuple[Patch, tuple[slice, slice]]:
    """Read a window with the halo of the inputs; also return the slices of the window in it."""
    outer = window.grow(feature_radius(ratio), scene.whole)
    return scene.read(outer), window.shift(-outer.row, -outer.col).slices


@dataclass(frozen=True)
class ReducedPairs:
    """K training windows at reduced resolution, in normalised units.

    windows : of P x P px of the reduced PAN.
    inputs : by name, stacked (K, ...).
    reference : (K, C, P, P), the scene's MS.
    valid : (K, P, P), where there is a reference.
    """

    windows: list[Window]
    inputs: Inputs
    reference: Image
    valid: Mask

    @classmethod
    def read(
        cls,
        reduced: ReducedScene,
        windows: list[Window],
        inputs: Inputs,
        of: SceneStatistics,
        size: int,
    ) -> ReducedPairs:
        """Read the references of windows of `size` px, whose `inputs` were read before."""
        mean, std = (x[:, None, None] for x in (of.mean, of.std))
        references, masks = [], []
        for window in windows:
            reference, valid = reduced.reference(window)
            # Only a scene smaller than a window leaves something to fill.
            rest = [(0, size - n) for n in valid.shape]
            values = (reference - mean) / std
            references.append(np.pad(values, [(0, 0), *rest], "symmetric").astype(np.float32))
            masks.append(np.pad(valid, rest))
        whole = [Window(w.row, w.col, size, size) for w in windows]
        return cls(whole, inputs, np.stack(references), np.stack(masks))
