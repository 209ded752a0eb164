# SPDX-License-Identifier: GPL-2.0-or-later
"""The nominal MTF of a multispectral sensor: a Gaussian, 0.3 at the Nyquist frequency of MS.

This module does not import scipy, which training does without.
"""

from __future__ import annotations

import math

NYQUIST_GAIN = 0.3
#: Radius of Gaussian filters, in standard deviations.
TRUNCATE = 4.0


def mtf_sigma(ratio: float, gain: float) -> float:
    """Return the std (PAN px) of the Gaussian with `gain` at the Nyquist frequency of MS."""
    return ratio / math.pi * math.sqrt(-2 * math.log(gain))


def lowpass_radius(ratio: float) -> int:
    """Return the radius (PAN px) of `core.imaging.mtf.lowpass`."""
    return int(TRUNCATE * mtf_sigma(ratio, NYQUIST_GAIN) + 0.5)
