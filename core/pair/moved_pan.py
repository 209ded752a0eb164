# SPDX-License-Identifier: GPL-2.0-or-later
"""PAN moved by a fraction of a pixel, in a window of a scene."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from core.imaging.resample import RADIUS, interpolation_weights
from core.pair.scene import NOT_MOVED, Patch

MOST_MOVED = 2.0
"""PAN px along an axis: more is a pair that is to be aligned."""
PAN_REACH = RADIUS + math.ceil(MOST_MOVED)
"""How far (PAN px) a moved PAN looks."""


def with_pan_moved(patch: Patch, shift: tuple[float, float]) -> Patch:
    """Return a patch with its PAN further down and right by so many rows and columns (PAN px).

    It is right but for `PAN_REACH` px at edges of the patch that are none of the scene.
    """
    if shift == NOT_MOVED:
        return patch
    rows, cols = (
        interpolation_weights(np.arange(size) - by, size)
        for size, by in zip(patch.pan.shape, shift, strict=True)
    )
    wide = (cols @ np.ascontiguousarray(patch.pan.T)).T
    return replace(patch, pan=np.asarray(rows @ np.ascontiguousarray(wide)))
