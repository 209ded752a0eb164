# SPDX-License-Identifier: GPL-2.0-or-later
"""The weights of a scene fit: plain values, independent of where the scene's grids lie."""

from __future__ import annotations

from dataclasses import dataclass

from core.imaging.arrays import FloatArray

DETAILS, TAPS = 2, 9
FEATURES = DETAILS + TAPS
"""Of a band: details of two methods, and shifts of PAN's high-pass; see `scene_fit_features`."""


@dataclass(frozen=True)
class Intensity:
    """The intensity `I = weight . L + offset`, and the haze of the bands and of PAN, DN.

    weight, haze, gain (C,); gain is the g_b of the module's formulas, `cov(I, L_b) / var(I)`.
    """

    weight: FloatArray
    offset: float
    haze: FloatArray
    gain: FloatArray

    @property
    def pan_haze(self) -> float:
        """PAN where every band is haze."""
        return float(self.offset + self.weight @ self.haze)


@dataclass(frozen=True)
class SceneFitWeights:
    """The weights of a scene fit, independent of where the scene's grids lie.

    weights (C, FEATURES), of the features in their order; gains (C,), the MTF of each band;
    passes, of back-projection; ratio, MS px / PAN px; bands, their names.
    """

    intensity: Intensity
    weights: FloatArray
    gains: tuple[float, ...]
    passes: int
    ratio: float
    bands: tuple[str | None, ...]
