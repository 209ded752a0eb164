# SPDX-License-Identifier: GPL-2.0-or-later
"""The nominal MTF of a multispectral sensor: a Gaussian, 0.3 at the Nyquist frequency of MS.

Free of scipy, since training needs it without.
"""

from __future__ import annotations

import math

#: MTF at the Nyquist frequency of MS that the low-pass of PAN has, and where its Gaussian ends.
NYQUIST_GAIN = 0.3
TRUNCATE = 4.0


def mtf_sigma(ratio: float, gain: float) -> float:
    """Standard deviation (PAN px) of the Gaussian with `gain` at the Nyquist frequency of MS."""
    return ratio / math.pi * math.sqrt(-2 * math.log(gain))


def lowpass_radius(ratio: float) -> int:
    """How far (PAN px) `core.imaging.filters.lowpass` looks."""
    return int(TRUNCATE * mtf_sigma(ratio, NYQUIST_GAIN) + 0.5)
