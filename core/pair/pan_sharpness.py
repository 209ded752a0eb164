# SPDX-License-Identifier: GPL-2.0-or-later
"""Weights of two ways to degrade PAN to the resolution of MS, from the sharpness of PAN.

The right way depends on the MTF of the PAN sensor, which is not known. Methods that are fitted or
compared at reduced resolution therefore use a mean of two, `PAN_GAINS`: the sharper PAN is, the
more weight has bicubic reduction, which keeps the sharpness.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from scipy.ndimage import laplace

from core.imaging.arrays import FloatArray, Image, Mask
from core.imaging.resample import imresize
from core.pair.reduced import AnyScene

PAN_GAINS = None, 0.35
"""Antialiased bicubic, and a Gaussian MTF of this gain at the Nyquist frequency of MS."""
SOFT, SHARP = 0.6, 0.8
"""Sharpness up to which only the MTF has weight, and from which only bicubic reduction."""
BLOCK = 128  # PAN px, edge of the blocks in which sharpness is measured
WINDOWS = 9


def pan_weights(scene: AnyScene, seed: int) -> tuple[float, float]:
    """Return the weights of `PAN_GAINS` for a scene; they add up to 1."""
    sharpness = PanSharpness()
    for window in scene.scattered(min(2 * BLOCK, *scene.whole.shape), WINDOWS, seed):
        patch = scene.read(window)
        sharpness.add(patch.pan, patch.valid)
    return sharpness.share, 1 - sharpness.share


@dataclass
class PanSharpness:
    """Energy of PAN's second differences at three scales, each half of the previous one."""

    energy: FloatArray = field(default_factory=lambda: np.zeros(3))

    def add(self, pan: Image, valid: Mask) -> None:
        """Add the blocks of a window of PAN `(H, W)` that are valid everywhere."""
        size = min(BLOCK, *pan.shape) // 4 * 4
        if size < 32:
            return
        # Of a large window some blocks are enough.
        rows, cols = (range(0, n - size + 1, size) for n in pan.shape)
        rows, cols = (starts[:: max(1, len(starts) // 2)] for starts in (rows, cols))
        for row, col in itertools.product(rows, cols):
            block = slice(row, row + size), slice(col, col + size)
            if not valid[block].all():
                continue
            image = pan[block].astype(np.float64)
            for scale in range(3):
                self.energy[scale] += np.mean(laplace(image)[2:-2, 2:-2] ** 2)
                image = imresize(image, 0.5)

    @property
    def value(self) -> float:
        """Sharpness of PAN: about 1 if it is as sharp as a reduced image, less if it is softer.

        The energy falls from scale to scale by a factor that depends on the landscape; the ratio of
        two such factors does not.
        """
        fine, middle, coarse = self.energy
        return float(fine * coarse / middle**2) if middle > 0 else 1.0

    @property
    def share(self) -> float:
        """Weight of bicubic reduction, 0 to 1; the rest is that of the soft MTF."""
        return float(np.clip((self.value - SOFT) / (SHARP - SOFT), 0.0, 1.0))
