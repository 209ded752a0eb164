# SPDX-License-Identifier: GPL-2.0-or-later
"""Reduced-resolution images by Wald's protocol.

Two phases of the reduced MS exist. In the field's benchmarks, sample `r/2, r/2 + r, ...` is kept,
so MS pixel j is centred on row `r j + r/2` of the reduced PAN. In real products MS pixel j covers
exactly r PAN pixels: it is centred on `r j + (r - 1)/2`. Arrays are `(C, H, W)` or `(H, W)`, values
DN, positions 0-based pixel indices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray
from core.imaging.mtf import correlate, mtf_kernel
from core.imaging.nominal_mtf import mtf_sigma
from core.imaging.resample import gaussian_weights, resample

Phase = Literal["benchmark", "product"]


def phase_offset(ratio: int, phase: Phase) -> float:
    """Return the position of reduced MS pixel 0 on the fine grid: floor(r/2) or (r - 1)/2."""
    return float(ratio // 2) if phase == "benchmark" else (ratio - 1) / 2


def reduce_ms(
    ms: npt.ArrayLike, gains: Sequence[float], ratio: int, phase: Phase = "benchmark"
) -> FloatArray:
    """Filter MS `(C, H, W)` by the MTF of each band, and decimate it: `(C, h, w)`.

    At the half-pixel phase the kernel itself is shifted, so that the sample at `r j + (r - 1)/2`
    is the filter's response there. Raises ValueError unless there is one gain per band.
    """
    ms = np.asarray(ms, dtype=np.float64)
    offset = phase_offset(ratio, phase)
    start = int(offset)
    kernels = [mtf_kernel(gain, ratio, (offset - start, offset - start)) for gain in gains]
    pairs = zip(ms, kernels, strict=True)
    return np.stack([correlate(band, k)[start::ratio, start::ratio] for band, k in pairs])


def reduce_pan(
    pan: npt.ArrayLike,
    rows: npt.ArrayLike,
    cols: npt.ArrayLike,
    ratio_yx: tuple[float, float],
    gain: float | None = None,
) -> FloatArray:
    """Sample PAN `(H, W)`, antialiased bicubic, at the centres of MS pixels: `(h, w)`.

    `rows` `(h,)` and `cols` `(w,)` are these centres in PAN pixel indices. With `r i + (r - 1)/2`
    the result is `imresize(pan, 1/r)`. With a `gain`, PAN is sampled under a Gaussian MTF with
    this gain at the Nyquist frequency of MS instead.
    """
    at = [np.asarray(positions, dtype=np.float64) for positions in (rows, cols)]
    if gain is None:
        result = resample(pan, at[0], 1 / ratio_yx[0], 0)
        return resample(result, at[1], 1 / ratio_yx[1], 1)
    image = np.asarray(pan, dtype=np.float64)
    down, across = (
        gaussian_weights(positions, size, mtf_sigma(ratio, gain), np.float64)
        for positions, size, ratio in zip(at, image.shape, ratio_yx, strict=True)
    )
    return np.asarray((across @ np.ascontiguousarray((down @ image).T)).T)
