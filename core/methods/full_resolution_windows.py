# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows of a scene at full resolution, without a reference, for fine-tuning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.imaging.arrays import Image, Mask
from core.methods.network_inputs import Inputs
from core.methods.separable_backprojection import BackProjectionPasses
from core.pair.reduced import AnyScene
from core.raster.window import Window

COUNT = 16
"""Number of windows, whatever the size of the scene."""


@dataclass(frozen=True)
class FullWindows:
    """K windows at full resolution, in normalised units, with operators that degrade them to MS.

    inputs : by name, stacked (K, ...).
    valid : (K, P, P), where there is data; False on the outermost pixels.
    down : matrices (K, C, m, P) along rows and along columns: the MTF of each band, sampled at the
        centres of MS; zero where a window has fewer than m.
    ms : (K, C, m, m), MS at these centres.
    ratio : MS px / PAN px.
    """

    inputs: Inputs
    valid: Mask
    down: tuple[Image, Image]
    ms: Image
    ratio: float

    @classmethod
    def read(
        cls, scene: AnyScene, sample: Sequence[Window], inputs: Inputs, gains: Sequence[float]
    ) -> FullWindows:
        """Choose from a sample of windows, whose `inputs` were read before; `gains` of the MTF."""
        size = inputs["pan"].shape[-1]
        valid = np.zeros((len(sample), size, size), bool)
        for mask, window in zip(valid, sample, strict=True):
            mask[: window.height, : window.width] = scene.read(window).valid
        chosen = _stratified(inputs["pan"][:, 1], valid)
        valid = valid[chosen]
        valid[:, [0, -1]] = valid[..., [0, -1]] = False
        inputs = {name: value[chosen] for name, value in inputs.items()}
        sampling = BackProjectionPasses.onto(scene, gains, 0).sampling
        most = math.ceil(size / min(scene.ratio_yx)) + 1
        rows, cols = (np.zeros((*inputs["lms"].shape[:2], most, size), np.float32) for _ in "yx")
        ms = np.zeros((*rows.shape[:3], most), np.float32)
        for k, number in enumerate(chosen):
            window = Window(sample[number].row, sample[number].col, size, size)
            for band, gain in enumerate(gains):
                if found := sampling(window, gain):
                    seen = found.at_centres(inputs["lms"][k, band])
                    ms[k, band, : seen.shape[0], : seen.shape[1]] = seen
                    for matrices, down in zip((rows, cols), found.down, strict=True):
                        matrices[k, band, : down.shape[0]] = down.toarray()
        return cls(inputs, valid, (rows, cols), ms, scene.ratio)


def _stratified(detail: Image, valid: Mask) -> list[int]:
    """Return valid windows, one of each of `COUNT` strata by the standard deviation of detail."""
    shares = valid.mean(axis=(1, 2))
    full = np.flatnonzero(shares >= min(0.9, shares.max()))
    order = full[np.argsort(detail[full].std(axis=(1, 2)), kind="stable")]
    strata = np.array_split(order, min(COUNT, len(order)))
    return sorted(int(stratum[len(stratum) // 2]) for stratum in strata)
