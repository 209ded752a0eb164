# SPDX-License-Identifier: GPL-2.0-or-later
"""The quality indices that training watches: SAM, ERGAS and Q2n, of numpy alone.

As the field's reference MATLAB toolbox computes them. Images are `(C, H, W)` in DN, in float64.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.imaging.arrays import FloatArray
from core.quality.q2n import BLOCK, full_blocks, pair, q2n_map


def sam_map(reference: npt.ArrayLike, fused: npt.ArrayLike) -> FloatArray:
    """Spectral angle of each pixel `(H, W)`, degrees; NaN where either spectrum is zero."""
    x, y = pair(reference, fused)
    norm = np.sqrt((x * x).sum(0) * (y * y).sum(0))
    cosine = np.divide((x * y).sum(0), norm, out=np.full(norm.shape, np.nan), where=norm > 0)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def sam(reference: npt.ArrayLike, fused: npt.ArrayLike) -> float:
    """Mean spectral angle, degrees, over pixels where neither spectrum is zero."""
    angles = sam_map(reference, fused)
    known = np.isfinite(angles)
    return float(angles[known].mean()) if known.any() else float("nan")


def ergas(reference: npt.ArrayLike, fused: npt.ArrayLike, ratio: float) -> float:
    """Relative dimensionless global error, `100/ratio sqrt(mean_b MSE_b / mean_b^2)`."""
    x, y = pair(reference, fused)
    mse = ((x - y) ** 2).mean(axis=(1, 2))
    return float(100 / ratio * np.sqrt((mse / x.mean(axis=(1, 2)) ** 2).mean()))


def q2n(
    reference: npt.ArrayLike,
    fused: npt.ArrayLike,
    block: int = BLOCK,
    valid: npt.NDArray[np.bool_] | None = None,
) -> float:
    """Mean of `q2n_map`; 1 for identical images.

    With `valid` `(H, W)`: of the blocks without a hole; NaN if there are none.
    """
    values = q2n_map(reference, fused, block)
    if valid is not None:
        values = values[full_blocks(valid, block)]
    return float(values.mean()) if values.size else float("nan")
