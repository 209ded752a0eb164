# SPDX-License-Identifier: GPL-2.0-or-later
"""The indices that need no reference, QNR and HQNR, measured and added up as in `streaming`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.imaging.arrays import FloatArray, Mask
from core.quality.interpolated_ms import Expanded
from core.quality.q2n import BLOCK, block_moments, full_blocks, uqi_maps
from core.quality.streaming import Compared, Difference, Place, compare


@dataclass(frozen=True)
class Universal:
    """Sums over the blocks of one tile of the UQI between every two images, `(2, C + 1, C + 1)`.

    First among the fused bands and PAN, then among LMS and the low-pass PAN; and the variance of
    PAN in each block.
    """

    total: FloatArray
    count: FloatArray
    variance: FloatArray


def universal(place: Place, expanded: Expanded, fused: FloatArray, valid: Mask) -> Universal:
    """`expanded` is of `place.around`, the others of `place.inner`."""
    lms, low, pan = (
        place.cut(image, place.inner, place.around)
        for image in (expanded.lms, expanded.low, expanded.pan)
    )
    pad = [(0, -size % BLOCK) for size in valid.shape]
    whole = full_blocks(np.pad(valid, pad, constant_values=True))
    maps = [
        np.where(whole[..., None, None], uqi_maps(np.concatenate([bands, last[None]])), np.nan)
        for bands, last in ((fused, pan), (lms, low))
    ]
    known = [np.isfinite(each) for each in maps]
    total = [each.sum(axis=(0, 1), where=k) for each, k in zip(maps, known, strict=True)]
    variance = np.where(whole, block_moments(pan[None])[1][..., 0, 0], np.nan)
    return Universal(np.stack(total), np.stack([k.sum(axis=(0, 1)) for k in known]), variance)


def unreferred(
    place: Place,
    expanded: Expanded,
    fused: FloatArray,
    degraded: FloatArray,
    valid: Mask,
    scale: float,
) -> tuple[Compared, Universal]:
    """What `NoReference` adds up; `fused` is of `place.outer`, the others of `place.around`."""
    inner = place.cut(valid, place.inner, place.around)
    found = universal(place, expanded, place.cut(fused, place.inner), inner)
    return compare(place, expanded.lms, degraded, valid, scale), found


class NoReference:
    """The indices of QNR and HQNR, of all tiles added; LMS is the reference of `degraded`."""

    def __init__(self, bands: int) -> None:
        self.degraded = Difference(bands)
        self.total = np.zeros((2, bands + 1, bands + 1))
        self.count = np.zeros((2, bands + 1, bands + 1))

    def add(self, degraded: Compared, found: Universal) -> None:
        """One more tile."""
        self.degraded.add(degraded)
        self.total += found.total
        self.count += found.count

    def scores(self) -> dict[str, float]:
        """By the names they have in tables; NaN where no block is valid."""
        fine, coarse = np.divide(
            self.total, self.count, out=np.full(self.total.shape, np.nan), where=self.count > 0
        )
        change = np.abs(fine - coarse)[:-1]
        pairs = change[:, :-1][np.triu_indices(len(change), 1)]
        d_lambda = float(pairs.mean()) if pairs.size else 0.0
        d_lambda_k, d_s = 1.0 - self.degraded.q2n.value, float(change[:, -1].mean())
        return {
            "D_lambda": d_lambda,
            "D_lambda_K": d_lambda_k,
            "D_s": d_s,
            "QNR": (1 - d_lambda) * (1 - d_s),
            "HQNR": (1 - d_lambda_k) * (1 - d_s),
        }
