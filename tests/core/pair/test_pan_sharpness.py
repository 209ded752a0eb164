# SPDX-License-Identifier: GPL-2.0-or-later
"""How PAN is degraded: told from its sharpness."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from core.pair.pan_sharpness import PanSharpness


def test_sharpness_tells_a_soft_pan_from_a_sharp_one() -> None:
    rng = np.random.default_rng(0)
    spectrum = np.fft.rfft2(rng.normal(0, 1, (512, 512)))
    rows, cols = np.fft.fftfreq(512)[:, None], np.fft.rfftfreq(512)
    frequency = np.hypot(rows, cols)
    frequency[0, 0] = 1
    image = np.fft.irfft2(spectrum / frequency)
    values = []
    for sigma in (0, 0.62):  # MTF 0.15 at the Nyquist frequency
        found = PanSharpness()
        found.add(gaussian_filter(image, sigma).astype(np.float32), np.ones(image.shape, bool))
        values.append(found)
    assert values[0].share == 1 and values[1].share < 0.5
    holed = PanSharpness()
    holed.add(image.astype(np.float32), np.zeros(image.shape, bool))
    assert holed.value == 1
