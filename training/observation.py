# SPDX-License-Identifier: GPL-2.0-or-later
"""A scene as a sensor sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.imaging.arrays import Image
from training.resampling import degrade_matrix, enlarge_matrix


class Observation(NamedTuple):
    """A scene seen by a sensor.

    ms (C, n/r, n/r) and lms (C, n, n), DN; gains, the MTF gains of the bands; offset (PAN px) of
    the MS grid, see `training.resampling`.
    """

    ms: Image
    lms: Image
    gains: list[float]
    offset: float

    @classmethod
    def of(cls, ms: Image, size: int, ratio: int, gains: list[float], offset: float) -> Observation:
        """Return the observation of an MS (C, h, w), interpolated to a PAN grid of `size` px."""
        enlarge = enlarge_matrix(size, ratio, offset)
        return cls(ms, np.asarray(enlarge @ ms @ enlarge.T), gains, offset)


def observe_as(gt: Image, ratio: int, gains: Sequence[float], offset: float) -> Observation:
    """Return a reference (C, n, n) as a known sensor sees it, without noise."""
    size = gt.shape[1]
    degrade = [degrade_matrix(size, ratio, offset, gain) for gain in gains]
    ms = np.stack([d @ band @ d.T for d, band in zip(degrade, gt, strict=True)])
    return Observation.of(ms, size, ratio, list(gains), offset)
