# SPDX-License-Identifier: GPL-2.0-or-later
"""Windows of an assessed image that are looked at again: where it lies, and crops to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.imaging.arrays import FloatArray, Mask
from core.imaging.filters import TAPS, mtf_filter
from core.pair.geometry import EPS
from core.quality.assessment import Crop
from core.quality.inputs import Subject
from core.quality.sharpness import Sharpness, median, sharpness
from core.raster.window import Window
from core.registration.edge_matching import REACH, Shift, displacement, typical

LOOKS, LOOK = 25, 256  # windows that a shift is measured in, and their edge (PAN px)
LEAST = 64  # PAN px that such a window has at least
KNOWN = 0.95  # share of it that must be valid


@dataclass(frozen=True)
class Look:
    """How far the fused image lies from MS, and from PAN (rows and columns, PAN px); its detail."""

    shift: Shift | None
    pan_shift: Shift | None
    sharpness: Sharpness | None


def look_closer(subject: Subject) -> Look:
    """What windows scattered over the image tell, in the median.

    MS is compared with the fused image degraded to it, and placed by its georeference.
    """
    scene = subject.scene
    from_ms: list[Shift | None] = []
    from_pan: list[Shift | None] = []
    sharp: list[Sharpness] = []
    if min(scene.whole.shape) < LEAST:
        return Look(None, None, None)
    for window in scene.scattered(LOOK, LOOKS, seed=0):
        patch = scene.read(window)
        outer = window.grow(TAPS // 2, scene.whole)
        fused, valid = subject.fused.read(outer)
        inner = window.shift(-outer.row, -outer.col).slices
        known = patch.valid & valid[inner]
        if known.mean() < KNOWN:
            continue
        intensity = fused.mean(axis=0)
        gain = float(np.mean(subject.gains))
        degraded = mtf_filter(intensity[None], (gain,), scene.ratio)[0]
        lms = patch.lms.mean(axis=0, dtype=np.float64)
        from_ms.append(displacement(degraded[inner], lms, REACH))
        pan = patch.pan.astype(np.float64)
        from_pan.append(displacement(intensity[inner], pan, REACH))
        sharp.append(sharpness(fused[(slice(None), *inner)], pan))
    return Look(typical(from_ms), typical(from_pan), median(sharp))


def crops(subject: Subject, chosen: Iterable[tuple[str, Window]]) -> tuple[Crop, ...]:
    """The images in the chosen windows."""
    found = []
    for title, window in chosen:
        patch = subject.scene.read(window)
        reference = None
        if subject.reference is not None:
            reference = _shown(*subject.reference.read(window))
        found.append(
            Crop(
                title=title,
                window=window,
                ms=_nearest_ms(subject, window),
                pan=_shown(patch.pan.astype(np.float64), patch.valid),
                fused=_shown(*subject.fused.read(window)),
                reference=reference,
            )
        )
    return tuple(found)


def _shown(values: FloatArray, valid: Mask) -> NDArray[np.float32]:
    return np.where(valid, values, np.nan).astype(np.float32)


def _nearest_ms(subject: Subject, window: Window) -> NDArray[np.float32]:
    """The MS pixel nearest to each pixel of a window `(C, h, w)`."""
    scene = subject.scene
    numbers = []
    for at, ratio, begin, end in zip(
        scene.centres,
        scene.ratio_yx,
        (window.row, window.col),
        (window.row_end, window.col_end),
        strict=True,
    ):
        nearest = np.floor((np.arange(begin, end) - at[0]) / ratio + 0.5 + EPS).astype(int)
        numbers.append(np.clip(nearest, 0, len(at) - 1))
    rows, cols = numbers
    part = Window.between(rows[0], cols[0], rows[-1] + 1, cols[-1] + 1)
    values, valid = subject.expansion.read_ms(part)
    under = np.ix_(rows - part.row, cols - part.col)
    return _shown(values[(slice(None), *under)], valid[under])
