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
    """Position of reduced MS pixel 0 on the fine grid: r/2 (floor) or (r - 1)/2."""
    return float(ratio // 2) if phase == "benchmark" else (ratio - 1) / 2


def reduce_ms(
    ms: npt.ArrayLike, gains: Sequence[float], ratio: int, phase: Phase = "benchmark"
) -> FloatArray:
    """MS `(C, H, W)` as its own sensor would see it `ratio` times farther away.

    MTF filter, then decimation. At the half-pixel phase the kernel itself is shifted, so the
    sample at `r j + (r - 1)/2` is the filter's response there.
    """
    ms = np.asarray(ms, dtype=np.float64)
    if len(gains) != len(ms):
        raise ValueError(f"{len(ms)} bands but {len(gains)} MTF gains")
    offset = phase_offset(ratio, phase)
    start = int(np.floor(offset))
    shift = (offset - start, offset - start)
    kernels = [mtf_kernel(g, ratio, shift) for g in gains]
    bands = [correlate(b, k)[start::ratio, start::ratio] for b, k in zip(ms, kernels, strict=True)]
    return np.stack(bands)


def reduce_pan(
    pan: npt.ArrayLike,
    rows: npt.ArrayLike,
    cols: npt.ArrayLike,
    ratio_yx: tuple[float, float],
    gain: float | None = None,
) -> FloatArray:
    """PAN `(H, W)` seen at MS resolution: antialiased samples at the MS pixel centres.

    `rows` and `cols` are the MS pixel centres in PAN pixel indices. With `r i + (r - 1)/2` this
    is exactly `imresize(pan, 1/r)`; any other registration of the two grids is kept too. With a
    `gain`, the samples are those of a Gaussian MTF that has it at the Nyquist frequency of MS.
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
