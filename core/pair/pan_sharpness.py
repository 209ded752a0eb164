# SPDX-License-Identifier: GPL-2.0-or-later
"""How PAN is degraded to the resolution of MS: told from how sharp it is.

How PAN would look from further away depends on the MTF of its sensor, which is not known. What is
learned or compared at reduced resolution therefore weighs two ways of degrading it, `PAN_GAINS`, by
the sharpness of the scene's PAN: a PAN whose detail does not fade from scale to scale is reduced to
one that is as sharp, a soft one under the MTF of a sensor.
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
"""Antialiased bicubic, which is sharp, and an MTF of this gain at the Nyquist frequency of MS."""
SOFT, SHARP = 0.6, 0.8
"""Sharpness of PAN up to which only its soft MTF counts, and from which only bicubic reduction."""
BLOCK = 128
"""Edge (PAN px) of the blocks in which PAN's sharpness is measured."""
WINDOWS = 9


def pan_weights(scene: AnyScene, seed: int) -> tuple[float, float]:
    """Return the weight of each of `PAN_GAINS` on this scene; they add up to 1."""
    sharpness = PanSharpness()
    for window in scene.scattered(min(2 * BLOCK, *scene.whole.shape), WINDOWS, seed):
        patch = scene.read(window)
        sharpness.add(patch.pan, patch.valid)
    return sharpness.share, 1 - sharpness.share


@dataclass
class PanSharpness:
    """Energy of PAN's second differences at three scales, each half of the one before."""

    energy: FloatArray = field(default_factory=lambda: np.zeros(3))

    def add(self, pan: Image, valid: Mask) -> None:
        """Add a window of PAN `(H, W)`, block by block, those that are all valid."""
        size = min(BLOCK, *pan.shape) // 4 * 4
        if size < 32:
            return
        # Of a large window every second or fourth block is enough.
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
        """About 1 where PAN is as sharp as an image that was reduced, less where it is soft.

        The energy falls from scale to scale by a factor that depends on the landscape; the ratio
        of two such factors does not.
        """
        fine, middle, coarse = self.energy
        return float(fine * coarse / middle**2) if middle > 0 else 1.0

    @property
    def share(self) -> float:
        """Weight of bicubic reduction, 0 to 1; the rest is that of the soft MTF."""
        return float(np.clip((self.value - SOFT) / (SHARP - SOFT), 0.0, 1.0))
