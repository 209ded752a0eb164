# SPDX-License-Identifier: GPL-2.0-or-later
"""Scene statistics, and the normalised bands, PAN and detail of PAN for networks.

They need no constant of the sensor, so that one network serves 8-bit, 11-bit, 16-bit and float
scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import Image
from core.imaging.moments import Moments

#: Of the regression of PAN on the bands: without it, similar bands get large weights of both signs.
RIDGE = 1e-2


@dataclass(frozen=True)
class SceneStatistics:
    """Statistics that normalise a scene; (C,) is one value per band.

    mean, std (C,) DN of LMS; pan_mean, pan_std DN of PAN's low-pass; gain (C,) of the injection
    of PAN's detail in normalised units: cov(LMS, PAN) / cov(lowpass, PAN), the full-scale
    regression of MTF-GLP-FS (Vivone, Restaino, Chanussot, IEEE TIP 2018); weight (C,) of the bands
    in the regression of PAN's low-pass on them, all normalised, with a ridge.
    """

    mean: Image
    std: Image
    pan_mean: float
    pan_std: float
    gain: Image
    weight: Image


def pixel_vectors(lms: Image, pan: Image, low: Image, valid: NDArray[np.bool_]) -> NDArray[Any]:
    """Return LMS (C, H, W), PAN and its low-pass (H, W) at the N valid pixels: (C + 2, N)."""
    return np.stack([*(band[valid] for band in lms), pan[valid], low[valid]]).astype(np.float64)


def statistics(moments: Moments) -> SceneStatistics:
    """Return scene statistics from the moments of `pixel_vectors`.

    Raises ValueError when no valid pixel was seen.
    """
    if moments.count == 0:
        raise ValueError("no valid pixel")
    mean, covariance = moments.mean, moments.cov
    std = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    # A flat band has no scale of its own; this one does not amplify rounding noise.
    std = np.where(std < 1e-4 * np.abs(mean), np.maximum(np.abs(mean), 1e-6), std)
    gain = covariance[:-2, -2] / max(covariance[-1, -2], 1e-12) * std[-1] / std[:-2]
    alike = covariance[:-2, :-2] / np.outer(std[:-2], std[:-2])
    shared = covariance[:-2, -1] / (std[:-2] * std[-1])
    weight = np.linalg.solve(alike + RIDGE * np.eye(len(shared)), shared)
    return SceneStatistics(
        mean=mean[:-2].astype(np.float32),
        std=std[:-2].astype(np.float32),
        pan_mean=float(mean[-1]),
        pan_std=float(std[-1]),
        gain=np.clip(gain, -2, 4).astype(np.float32),
        weight=np.clip(weight, -4, 4).astype(np.float32),
    )


def normalise(
    pan: Image, low: Image, lms: Image, valid: NDArray[np.bool_] | None, of: SceneStatistics
) -> tuple[Image, Image]:
    """Return PAN with its detail (2, H, W) and LMS (C, H, W), normalised; zero where invalid."""
    stacked = np.stack([(pan - of.pan_mean) / of.pan_std, (pan - low) / of.pan_std])
    bands = (lms - of.mean[:, None, None]) / of.std[:, None, None]
    if valid is not None and not valid.all():
        stacked = np.where(valid, stacked, 0)
        bands = np.where(valid, bands, 0)
    return stacked.astype(np.float32), bands.astype(np.float32)
