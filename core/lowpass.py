# SPDX-License-Identifier: GPL-2.0-or-later
"""The low-pass of PAN that every network sees: the nominal MTF of a multispectral sensor.

A Gaussian with gain 0.3 at the Nyquist frequency of MS; it is not decimated, so it is local and the
same at any phase.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from core.normalise import NYQUIST_GAIN, TRUNCATE, mtf_sigma


def lowpass(pan: NDArray[np.float32], ratio: float) -> NDArray[np.float32]:
    """PAN (H, W) at the resolution of MS, still on the PAN grid."""
    sigma = mtf_sigma(ratio, NYQUIST_GAIN)
    return gaussian_filter(pan, sigma, mode="nearest", truncate=TRUNCATE).astype(np.float32)
