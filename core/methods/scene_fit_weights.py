# SPDX-License-Identifier: GPL-2.0-or-later
"""The weights of a scene fit: plain values, which do not depend on the scene's grids."""

from __future__ import annotations

from dataclasses import dataclass

from core.imaging.arrays import FloatArray

DETAILS, TAPS = 2, 9
FEATURES = DETAILS + TAPS
"""Of a band: details of two methods, and shifts of PAN's high-pass; see `scene_fit_features`."""


@dataclass(frozen=True)
class Intensity:
    """The intensity `I = weight . L + offset`, and the haze of the bands and of PAN, DN.

    weight, haze, gain (C,); gain is g_b of `scene_fit_features`, `cov(I, L_b) / var(I)`.
    """

    weight: FloatArray
    offset: float
    haze: FloatArray
    gain: FloatArray

    @property
    def pan_haze(self) -> float:
        """PAN where every band equals its haze, DN."""
        return float(self.offset + self.weight @ self.haze)


@dataclass(frozen=True)
class SceneFitWeights:
    """The weights of a scene fit, which can be used for any scene of these bands.

    weights (C, FEATURES); gains (C,), MTF of each band; passes of back-projection; ratio, MS px /
    PAN px; bands, their names.
    """

    intensity: Intensity
    weights: FloatArray
    gains: tuple[float, ...]
    passes: int
    ratio: float
    bands: tuple[str | None, ...]
